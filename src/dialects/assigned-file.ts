import type { Diagnostic, Span } from "../diagnostic/diagnostic.ts";
import { nearest } from "../model/nearest.ts";
import { type Assignment, partOfAssigned, readAssignments, type Stray } from "../syntax/assignments.ts";

/** A file of KEY=value lines, as sysconfig files are on Red Hat's and SUSE's systems. */
export interface AssignedFile {
  readonly path: string;
  /** What stands behind the "-" of its name: "bond0" of ifcfg-bond0. */
  readonly suffix: string;
  /** What holds in the end, by key, in the order of the file. Values that a shell would have to work out are not among them. */
  readonly said: ReadonlyMap<string, Said>;
  /** Keys whose value a shell would have to work out. */
  readonly unknown: ReadonlySet<string>;
}

export interface Said {
  readonly key: string;
  readonly value: string;
  readonly at: Span;
  readonly valueAt: Span;
  /** The place of a part of the value: offsets in it, end exclusive. */
  readonly part: (start: number, end: number) => Span;
}

/** How the program that reads the file takes it. "shell" sources it; "lines" looks for KEY=value and passes over everything else. */
export type AssignedBy = "shell" | "lines";

/** Reads one such file. What is no assignment, is said twice or would have to be worked out becomes a diagnostic. */
export function readAssignedFile(
  path: string,
  suffix: string,
  text: string,
  by: AssignedBy,
): { readonly file: AssignedFile; readonly diagnostics: readonly Diagnostic[] } {
  const { assignments, strays } = readAssignments(path, text);
  const diagnostics = strays.map((stray) => aboutStray(stray, text, by));
  const said = new Map<string, Said>();
  const unknown = new Set<string>();
  for (const one of assignments) {
    const earlier = said.get(one.name);
    if (earlier !== undefined) diagnostics.push(aboutRepetition(one, earlier));
    said.delete(one.name);
    if (one.expands && by === "shell") {
      diagnostics.push(aboutExpansion(one));
      unknown.add(one.name);
    } else said.set(one.name, saidBy(one));
  }
  return { file: { path, suffix, said, unknown }, diagnostics };
}

function saidBy(one: Assignment): Said {
  const part = (start: number, end: number): Span => partOfAssigned(one, start, end);
  return { key: one.name, value: one.value.trim(), at: one.at, valueAt: one.valueAt, part };
}

function aboutStray({ what, at, name }: Stray, text: string, by: AssignedBy): Diagnostic {
  if (what === "unclosed")
    return {
      code: "shell-unclosed-quote",
      severity: "error",
      message: "a quote is opened here and never closed",
      hint: "Close the quote on this line.",
      at,
    };
  const spaced = /^([A-Za-z_]\w*)[ \t]+=/.exec(text.slice(at.start, Math.min(at.end, at.start + 100)))?.[1];
  const key = name ?? spaced;
  const consequence = by === "shell" ? "it is run as a command" : "it is passed over";
  return {
    code: "shell-beyond-assignments",
    severity: key === undefined ? "warning" : "error",
    message:
      key === undefined
        ? `this is no KEY=value: ${consequence}, and Holdfast doesn't follow it`
        : `${key} is not set by this: ${consequence}`,
    hint:
      key === undefined
        ? "Leave only KEY=value lines and comments in the file."
        : `Write ${key}=value: no blanks around the sign, quotes around a value with blanks.`,
    at,
  };
}

function aboutRepetition(one: Assignment, earlier: Said): Diagnostic {
  const isSame = earlier.value === one.value.trim();
  return {
    code: "key-said-twice",
    severity: isSame ? "advice" : "warning",
    message: `${one.name} is said twice${isSame ? "" : ", with two values: this one counts"}`,
    hint: "Keep one of the two lines.",
    at: one.at,
    also: [{ at: earlier.at, note: "said here first" }],
  };
}

function aboutExpansion(one: Assignment): Diagnostic {
  return {
    code: "shell-expansion",
    severity: "warning",
    message: `the value of ${one.name} would be worked out by a shell, which Holdfast doesn't do: it is left out`,
    hint: "Write the value itself.",
    at: one.valueAt,
  };
}

/** A key that nobody reads and that looks like one that somebody does; undefined for other keys. */
export function aboutMisspelt(said: Said, known: ReadonlySet<string>): Diagnostic | undefined {
  if (known.has(said.key)) return undefined;
  const meant = nearest(said.key, known);
  // ADDRESS7 and the like differ from their neighbours by a number only.
  if (meant === undefined || meant.replace(/\d/g, "") === said.key.replace(/\d/g, "")) return undefined;
  return {
    code: "unknown-key",
    severity: "warning",
    message: `nothing reads ${said.key}`,
    hint: `Did you mean ${meant}?`,
    at: said.at,
  };
}

/** yes, true, on, y, t, 1 and their opposites, in any case; undefined for anything else. */
export function booleanOf(said: Said | undefined): boolean | undefined {
  const text = said?.value.toLowerCase() ?? "";
  if (/^(yes|true|on|y|t|1)$/.test(text)) return true;
  return /^(no|false|off|n|f|0)$/.test(text) ? false : undefined;
}

/** Files that editors and package managers leave behind, which every reader of such directories passes over. */
export function isLeftover(name: string): boolean {
  return /(~|\.bak|\.old|\.orig|\.rpm(new|save|orig)|\.augnew|\.augtmp|\.scpmbackup)$/.test(name);
}
