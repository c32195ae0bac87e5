import type { Diagnostic } from "../../diagnostic/diagnostic.ts";

/** Why a file could not be read as a text. */
export type ReadProblem =
  | "missing"
  | "looping"
  | "denied"
  | "directory"
  | "not-regular"
  | "too-large"
  | "too-many"
  | "binary"
  | "not-utf8"
  | "outside"
  | "dangling"
  | "failed";

const byErrno: Readonly<Record<string, ReadProblem>> = {
  ENOENT: "missing",
  // A part of the path is a file, or the path cannot exist at all.
  ENOTDIR: "missing",
  ENAMETOOLONG: "missing",
  ERR_INVALID_ARG_VALUE: "missing",
  ELOOP: "looping",
  EACCES: "denied",
  EPERM: "denied",
  EISDIR: "directory",
  // open(2) of a socket, or of a device that has no driver.
  ENXIO: "not-regular",
  ENODEV: "not-regular",
};

/** What an error of node:fs means for the one who named the file. */
export function readProblem(error: unknown): ReadProblem {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return byErrno[code] ?? "failed";
}

/** errno of an error of node:fs, or its message. */
export function errnoOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? String(error.code) : error.message;
}

/** The diagnostic for a file that could not be read, or only in part. */
export function sayUnread(path: string, problem: ReadProblem): Diagnostic {
  const { code, severity, message, hint } = problems[problem];
  return { code, severity, message: `${path} ${message}`, hint, at: { file: path, start: 0, end: 0 } };
}

const problems: Readonly<Record<ReadProblem, Pick<Diagnostic, "code" | "severity" | "message"> & { hint: string }>> = {
  missing: {
    code: "file-missing",
    severity: "error",
    message: "does not exist",
    hint: "Check the spelling and the directory you are in.",
  },
  looping: {
    code: "link-loops",
    severity: "error",
    message: "is a symbolic link that leads back to itself, by way of others or at once (ELOOP)",
    hint: "Look at the links with ls -l, and put the file back in the place of one of them.",
  },
  denied: {
    code: "file-unreadable",
    severity: "error",
    message: "may not be read by this user",
    hint: "Run the command as a user who may read it, or give it a readable copy.",
  },
  directory: {
    code: "file-is-directory",
    severity: "error",
    message: "is a directory where a file is needed",
    hint: "Name a file inside it.",
  },
  "not-regular": {
    code: "file-not-regular",
    severity: "error",
    message: "is a device, a pipe or a socket, not a file",
    hint: "Name a regular file; standard input isn't read: put it into a file first.",
  },
  "too-large": {
    code: "file-too-large",
    severity: "error",
    message: "is larger than 1 MiB, so it is no network configuration",
    hint: "Name the configuration file itself.",
  },
  "too-many": {
    code: "too-many-files",
    severity: "error",
    message: "and what follows was not read: more than 4,000 files, or more than 32 MiB",
    hint: "Name the directory that holds the network configuration.",
  },
  binary: {
    code: "file-not-text",
    severity: "error",
    message: "is full of NUL bytes, so it is no text",
    hint: "Name a text file, or save it again as UTF-8 if it is UTF-16.",
  },
  "not-utf8": {
    code: "file-not-utf8",
    severity: "warning",
    message: "holds bytes that are no UTF-8; they were read as U+FFFD",
    hint: "Save it as UTF-8.",
  },
  outside: {
    code: "link-leaves-root",
    severity: "warning",
    message: "is a symbolic link out of the directory, and was not followed",
    hint: "Copy the file to where the link stands, or name its target.",
  },
  dangling: {
    code: "link-leads-nowhere",
    severity: "warning",
    message: "is a symbolic link to nothing",
    hint: "Remove the link, or put back what it leads to.",
  },
  failed: {
    code: "file-unreadable",
    severity: "error",
    message: "could not be read: the file system reports an error",
    hint: "Try to read it with cat; look into the kernel log if that fails too.",
  },
};
