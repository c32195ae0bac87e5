import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { optionInForce } from "../model/defaults.ts";
import { check } from "../rules/check.ts";
import type { Subject as Judged } from "../rules/rule.ts";
import { type Reading, type Understood, understand } from "./judge.ts";
import { asShown, type Shown, together } from "./shown.ts";
import { readSubject } from "./subject.ts";
import { readTopology } from "./topology-file.ts";

export interface CheckRequest {
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly dialect?: string;
  readonly maxBonds?: number;
  /** A holdfast.yaml that says what the hosts hang on. */
  readonly topology?: string;
}

export interface CheckReport extends Shown {
  /** For each path that was understood, in order: what it says, in a line. */
  readonly understood: readonly { readonly name: string; readonly summary: string; readonly findings: number }[];
  /** Paths nothing could be read from. */
  readonly unread: readonly string[];
  /** Of a running host: how it was found out who is in charge, and what could not be seen. */
  readonly trace?: readonly string[];
}

/** What came of some paths, in their order. */
export interface Checked {
  readonly shown: readonly Shown[];
  readonly understood: CheckReport["understood"];
  readonly unread: readonly string[];
}

/** Checks every path for itself. `onDone`: how many of them are done. */
export async function checkPaths(request: CheckRequest, onDone?: (count: number) => void): Promise<CheckReport> {
  const { reading, ahead } = await prepareCheck(request);
  return reportOf([ahead, await checkEach(request.paths, request.cwd, reading, onDone)]);
}

/** Several times checked as one report. */
export function reportOf(all: readonly Checked[]): CheckReport {
  return {
    ...together(all.flatMap(({ shown }) => shown)),
    understood: all.flatMap(({ understood }) => understood),
    unread: all.flatMap(({ unread }) => unread),
  };
}

/** What every path is read with, and what is to be said before the first of them: of the topology's own file. */
export async function prepareCheck(request: CheckRequest): Promise<{ reading: Reading; ahead: Checked }> {
  const { cwd, topology, dialect, maxBonds } = request;
  const around = topology === undefined ? undefined : await readTopology(topology, cwd);
  const reading: Reading = {
    ...(dialect === undefined ? {} : { dialect }),
    ...(maxBonds === undefined ? {} : { maxBonds }),
    ...(around === undefined ? {} : { around: around.around }),
  };
  const unread = around?.isRead === false ? [topology ?? ""] : [];
  return { reading, ahead: { shown: around === undefined ? [] : [around.shown], understood: [], unread } };
}

/** Checks paths one after the other. */
export async function checkEach(
  paths: readonly string[],
  cwd: string,
  reading: Reading,
  onDone: (count: number) => void = () => {},
): Promise<Checked> {
  const shown: Shown[] = [];
  const understood: CheckReport["understood"][number][] = [];
  const unread: string[] = [];
  for (const [at, path] of paths.entries()) {
    const one = await checkPath(path, cwd, reading);
    shown.push(one.shown);
    if (one.summary === undefined) unread.push(path);
    else understood.push({ name: path, summary: one.summary, findings: one.shown.diagnostics.length });
    onDone(at + 1);
  }
  return { shown, understood, unread };
}

async function checkPath(path: string, cwd: string, reading: Reading): Promise<{ shown: Shown; summary?: string }> {
  const subject = await readSubject(path, cwd);
  // Why it could not be read has been said; that it is in no language is not worth saying then.
  if (subject.isUnread) return { shown: asShown(subject, []) };
  const read = understand(subject, reading);
  if (isDiagnostic(read)) return { shown: asShown(subject, [read]) };
  return { shown: asShown(read.subject, check(read.judged)), summary: summaryOf(read) };
}

function isDiagnostic(value: Understood | Diagnostic): value is Diagnostic {
  return "code" in value;
}

/** "ifupdown; bond0 (active-backup) over eth0 and eth1" */
function summaryOf({ judged }: Understood): string {
  return sayBonds(judged);
}

/** The language and the bonds of what was judged, in a line. */
export function sayBonds(judged: Judged): string {
  const language = judged.dialect === "holdfast" ? "holdfast.yaml" : judged.dialect;
  const bonds = judged.config.bonds.map(({ name, ports, options }) => {
    const mode = judged.dialect === "holdfast" ? (options.mode ?? "active-backup") : optionInForce(options, "mode");
    return `${name} (${mode}) over ${ports.length === 0 ? "no ports" : ports.join(", ")}`;
  });
  return `${language}; ${bonds.length === 0 ? "no bond" : bonds.join("; ")}`;
}
