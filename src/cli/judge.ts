import { parseHoldfast } from "../config/parse-holdfast.ts";
import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { HostFacts } from "../dialects/dialect.ts";
import { detectDialect, dialects, languageNamed, languages as read } from "../dialects/registry.ts";
import type { Config } from "../model/config.ts";
import { shareFiles } from "../model/managers.ts";
import { ifupdownSubject } from "../rules/ifupdown-subject.ts";
import type { Subject as Judged } from "../rules/rule.ts";
import { maxBondsOf } from "./module-options.ts";
import { alone, asInterfaces, type Subject } from "./subject.ts";

/** What is known from elsewhere of the subjects that are read. */
export interface Reading {
  /** "holdfast" or a dialect's name; detected when absent. */
  readonly dialect?: string;
  /** Bonds that loading the module makes; absent: as the root's modprobe.d says, else 0, as systemd has it. */
  readonly maxBonds?: number;
  /** What the host hangs on, for languages that cannot say it. */
  readonly around?: Pick<Config, "topology" | "uplinks">;
}

/** A subject as read: ready for `check`, for a conversion, for a rehearsal. */
export interface Understood {
  /** With the paths that the judged files have now. */
  readonly subject: Subject;
  readonly judged: Judged;
}

/** "holdfast", and every dialect by name: what --dialect takes. */
export const languages: readonly string[] = ["holdfast", ...read.map(({ name }) => name)];

/** What can be rendered: every dialect. A holdfast.yaml comes from `import`. */
export const renderable: readonly string[] = dialects.map(({ name }) => name);

/** Reads a subject in its language. A diagnostic says why it cannot be. */
export function understand(subject: Subject, reading: Reading): Understood | Diagnostic {
  const language = reading.dialect ?? detect(subject);
  if (language === undefined) return unknownLanguage(subject);
  if (language === "holdfast") return understandHoldfast(subject);
  const moved = shareFiles(language, "ifupdown") ? asInterfaces(subject) : alone(subject);
  const facts: HostFacts = { maxBonds: reading.maxBonds ?? maxBondsOf(subject.files) ?? 0 };
  const { around } = reading;
  if (language === "ifupdown") {
    const files = new Map([...moved.files].filter(([path]) => !path.startsWith("/etc/mod")));
    const surroundings = { facts, fileModes: moved.modes, ...(around === undefined ? {} : { around }) };
    return { subject: { ...moved, files }, judged: ifupdownSubject(files, surroundings) };
  }
  const dialect = languageNamed(language);
  if (dialect === undefined) return unknownLanguage(subject);
  const { config, origins, diagnostics } = dialect.parse(moved.files, facts);
  const judged = { dialect: language, files: moved.files, config: { ...config, ...around }, origins, diagnostics };
  return { subject: moved, judged: { ...judged, fileModes: moved.modes } };
}

function understandHoldfast(subject: Subject): Understood | Diagnostic {
  const only = alone(subject);
  const path = [...only.files.keys()].find((one) =>
    only.file === undefined ? isHoldfastPath(one) : one === only.file,
  );
  if (path === undefined) return unknownLanguage(subject);
  const files = new Map([[path, only.files.get(path) ?? ""]]);
  const { config, origins, diagnostics } = parseHoldfast(path, files.get(path) ?? "");
  const judged = { dialect: "holdfast", files, config, origins, diagnostics, fileModes: only.modes };
  return { subject: { ...only, files }, judged };
}

/** A file of ours is known by its name or its keys; else the dialect that is sure enough. */
function detect(subject: Subject): string | undefined {
  const texts = subject.file === undefined ? [] : [...alone(subject).files];
  if (texts.some(([path, text]) => isHoldfastPath(path) || looksLikeHoldfast(path, text))) return "holdfast";
  const dialect = detectDialect(subject.files)?.name;
  return dialect ?? ([...subject.files.keys()].some(isHoldfastPath) ? "holdfast" : undefined);
}

function isHoldfastPath(path: string): boolean {
  return /(^|\/)holdfast\.ya?ml$/.test(path);
}

function looksLikeHoldfast(path: string, text: string): boolean {
  return /\.ya?ml$/.test(path) && /^(bond|topology|uplinks|objectives|targets):/m.test(text);
}

function unknownLanguage(subject: Subject): Diagnostic {
  const where = subject.files.size === 0 ? "holds no file that" : "holds nothing that";
  return {
    code: "language-not-recognised",
    severity: "error",
    message: `${subject.name} ${where} looks like a network configuration`,
    hint: `Name the language with --dialect (${languages.join(", ")}), or name the file itself.`,
    at: { file: subject.name, start: 0, end: 0 },
  };
}
