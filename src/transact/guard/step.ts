import type { Step } from "../../plan/change.ts";

/** Steps of the way back of a guarded command: whatever becomes of one, the next is done. */

export function ip(words: readonly string[], why: string): Step {
  return { argv: ["ip", ...words], limitSeconds: 10, why, onFailure: "go-on" };
}

export function shell(why: string, script: string): Step {
  return { argv: ["/bin/sh", "-c", script], limitSeconds: 20, why, onFailure: "go-on" };
}
