import type { Step } from "./change.ts";

/** The longest that these steps may take, s: each is killed at its limit, a whole number of seconds. */
export function secondsOf(steps: readonly Step[]): number {
  return steps.reduce((sum, { limitSeconds }) => sum + Math.max(1, Math.ceil(limitSeconds)), 0);
}

/** Files, syncs and the end of a step that was left, s: disks are slow when hosts are in trouble. */
const DISK_SECONDS = 60;

/** How long who is going back is left alone by somebody else who wants to, s: killed half-way, nobody would reach the host until the other
 *  has begun anew. As long as all of its steps may take, the emergency's with them. */
export function patienceSeconds({
  restore,
  emergency,
}: {
  readonly restore: readonly Step[];
  readonly emergency: readonly Step[];
}): number {
  return secondsOf(restore) + secondsOf(emergency) + DISK_SECONDS;
}
