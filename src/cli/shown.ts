import type { Diagnostic, FileSet, Span } from "../diagnostic/diagnostic.ts";
import type { Subject } from "./subject.ts";

/** Diagnostics and texts with paths as the user types them, ready for a printer. */
export interface Shown {
  readonly diagnostics: readonly Diagnostic[];
  readonly files: FileSet;
}

/** Puts the user's own paths in the place of the host's. Diagnostics of the reading itself come first. */
export function asShown(subject: Subject, found: readonly Diagnostic[]): Shown {
  const rename = (file: string) => subject.shown.get(file) ?? file;
  // A lone file was only taken for /etc/network/interfaces: to its owner it has its own name, in sentences too.
  const inWords = (text: string) =>
    subject.file === undefined ? text : text.replaceAll(subject.file, () => rename(subject.file ?? ""));
  const moved = (span: Span): Span => ({ ...span, file: rename(span.file) });
  const told = found.map((one) => ({
    ...one,
    message: inWords(one.message),
    ...(one.hint === undefined ? {} : { hint: inWords(one.hint) }),
    ...(one.at === undefined ? {} : { at: moved(one.at) }),
    ...(one.also === undefined ? {} : { also: one.also.map(({ at, note }) => ({ at: moved(at), note })) }),
    ...(one.fix === undefined ? {} : { fix: one.fix.map((edit) => ({ ...edit, file: rename(edit.file) })) }),
  }));
  const files = new Map([...subject.files].map(([path, text]) => [rename(path), text]));
  return { diagnostics: [...subject.diagnostics, ...told], files };
}

/** Several subjects as one report, in the order they were named. */
export function together(all: readonly Shown[]): Shown {
  return {
    diagnostics: all.flatMap(({ diagnostics }) => diagnostics),
    files: new Map(all.flatMap(({ files }) => [...files])),
  };
}
