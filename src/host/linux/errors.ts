import { failed, type Result } from "../../model/result.ts";
import type { HostError } from "../ports.ts";
import { errno, errnoName } from "./libc.ts";

/** The refusal of the system call just made. */
export function refused(op: string, target: string): Result<never, HostError> {
  return refusedWith(op, target, errno());
}

/** A refusal by its number, with the kernel's own words where it gave some. */
export function refusedWith(op: string, target: string, code: number, words?: string): Result<never, HostError> {
  const name = errnoName(code);
  return failed({ op, target, errno: name, message: words ?? `${op}: ${name}` });
}
