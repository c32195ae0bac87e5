import { failed, ok, type Result } from "../model/result.ts";

/** What a disk refused. */
export interface DiskProblem {
  /** "ENOSPC", "EIO", "EROFS", … */
  readonly code: string;
  readonly message: string;
}

/** Does it, and gives what the disk refused as data. Anything else that is thrown is a bug of ours and goes on. */
export function attempt<T>(act: () => T): Result<T, DiskProblem> {
  try {
    return ok(act());
  } catch (problem) {
    return failed(diskProblem(problem));
  }
}

/** What was thrown, as a disk's refusal; thrown again when it is none. */
export function diskProblem(problem: unknown): DiskProblem {
  if (problem instanceof Error && "code" in problem && typeof problem.code === "string") {
    return { code: problem.code, message: problem.message };
  }
  throw problem;
}

/** Does it, and takes the disk's refusal of it for done: tidying up must not spoil what it tidies up after. */
export function trying(act: () => void): void {
  attempt(act);
}
