import { renderHoldfast, spellOutKernelDefaults } from "../config/render.ts";
import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import { secretRanges } from "../diagnostic/secrets.ts";
import { renderAccounted, withSourceDefaults } from "../dialects/account.ts";
import type { Rendered } from "../dialects/dialect.ts";
import { identityLosses, withIdentifierKept } from "../dialects/identity.ts";
import { dialectNamed, languageNamed } from "../dialects/registry.ts";
import { type WriteError, writeFiles } from "../host/linux/write-files.ts";
import type { Config } from "../model/config.ts";
import { withDefaults } from "../model/defaults.ts";
import type { Result } from "../model/result.ts";
import { check } from "../rules/check.ts";
import { type Reading, understand } from "./judge.ts";
import { asShown, type Shown } from "./shown.ts";
import { readSubject } from "./subject.ts";

/** What became of one configuration in another language. */
export interface Converted extends Shown {
  /** Absent: it could not be read, or has errors that must be mended first; the diagnostics say so. */
  readonly rendered?: {
    readonly files: FileSet;
    readonly losses: readonly Diagnostic[];
    readonly secret?: ReadonlySet<string>;
  };
  /** Nothing could be read at all. */
  readonly isUnread: boolean;
}

/** Reads a path in one language and writes it in another. A holdfast.yaml with errors is not rendered; what other languages
 *  say is rendered as it acts, and its errors are told beside it. */
export async function convertPath(path: string, cwd: string, to: string, reading: Reading): Promise<Converted> {
  const { read, ...shown } = await readPath(path, cwd, reading);
  const dialect = dialectNamed(to);
  if (read === undefined || dialect === undefined) return shown;
  const isBroken = read.language === "holdfast" && shown.diagnostics.some(({ severity }) => severity === "error");
  if (isBroken) return shown;
  const isNothing = read.config.bonds.length + read.config.interfaces.length === 0;
  if (isNothing && shown.diagnostics.every(({ severity }) => severity !== "error"))
    return { ...shown, diagnostics: [...shown.diagnostics, nothingFound(path, read.language)] };
  const source = languageNamed(read.language);
  if (source === undefined)
    return {
      ...shown,
      rendered: renderAccounted(dialect, withSourceDefaults(withDefaults(read.config), kernelAlone, dialect)),
    };
  const meant = withSourceDefaults(withIdentifierKept(read.config, source, dialect), source, dialect);
  const rendered = renderAccounted(dialect, meant);
  return {
    ...shown,
    rendered: { ...rendered, losses: [...identityLosses(read.config, source, dialect), ...rendered.losses] },
  };
}

/** A holdfast.yaml says all it means but the kernel's own defaults. */
const kernelAlone = { spellOutDefaults: (config: Config): Config => config };

/** A holdfast.yaml made from what was found. */
export interface Imported extends Shown {
  /** Absent: there is no bond to declare, and the diagnostics say why. */
  readonly text?: string;
  readonly isUnread: boolean;
}

/** Makes a holdfast.yaml from a configuration as its programs understand it, not as it was meant: what the rules call an
 *  error is told beside it. */
export async function importPath(path: string, cwd: string, reading: Reading): Promise<Imported> {
  const { read, ...shown } = await readPath(path, cwd, reading);
  if (read === undefined) return shown;
  if (read.config.bonds.every(({ ports }) => ports.length === 0)) {
    const isSaid = shown.diagnostics.some(({ severity }) => severity === "error");
    return isSaid ? shown : { ...shown, diagnostics: [...shown.diagnostics, noBond(path)] };
  }
  const { text, losses } = renderHoldfast(
    read.language === "holdfast" ? read.config : spellOutKernelDefaults(read.config),
  );
  return { ...shown, text, diagnostics: [...shown.diagnostics, ...losses] };
}

interface ReadPath extends Shown {
  readonly read?: { readonly config: Config; readonly language: string };
  readonly isUnread: boolean;
}

/** Reads a path; of what the rules find only the errors are told: advice is for `check`. What the model never speaks of is told here. */
async function readPath(path: string, cwd: string, reading: Reading): Promise<ReadPath> {
  const subject = await readSubject(path, cwd);
  if (subject.isUnread) return { ...asShown(subject, []), isUnread: true };
  const understood = understand(subject, reading);
  if ("code" in understood) return { ...asShown(subject, [understood]), isUnread: true };
  const { judged } = understood;
  const found = check(judged).filter((one) => one.severity === "error" || judged.diagnostics.includes(one));
  const read = { config: judged.config, language: judged.dialect };
  const left = languageNamed(judged.dialect)?.leftBehind?.(judged.files) ?? [];
  return { ...asShown(understood.subject, [...found, ...left]), read, isUnread: false };
}

function nothingFound(path: string, language: string): Diagnostic {
  return {
    code: "nothing-to-convert",
    severity: "error",
    message: `${path} describes no network, read as ${language}`,
    hint: "Name the file or directory that does, or its language with --from.",
    at: { file: path, start: 0, end: 0 },
  };
}

function noBond(path: string): Diagnostic {
  return {
    code: "no-bond-to-import",
    severity: "error",
    message: `${path} makes no bond with ports`,
    hint: "Begin with a bond of two ports: docs/guide/holdfast-yaml.md shows one.",
    at: { file: path, start: 0, end: 0 },
  };
}

/** Writes rendered files below a directory; for their owner only those that hold a secret, and those that the language names. */
export function writeRendered(
  root: string,
  { files, secret: named = new Set() }: Pick<Rendered, "files" | "secret">,
  existing: "keep" | "replace",
): Promise<Result<readonly string[], WriteError>> {
  const found = [...files].flatMap(([path, text]) => (secretRanges(text).length > 0 ? [path] : []));
  return writeFiles({ root, files, secret: new Set([...named, ...found]), existing });
}
