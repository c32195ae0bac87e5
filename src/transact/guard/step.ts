import type { Step } from "../../plan/change.ts";
import { ipStep } from "../../plan/kernel-steps.ts";

/** Steps of the way back of a guarded command: whatever becomes of one, the next is done. */

export function ip(words: readonly string[], why: string): Step {
  return ipStep(words, why, "go-on");
}

export function shell(why: string, script: string): Step {
  return { argv: ["/bin/sh", "-c", script], limitSeconds: 20, why, onFailure: "go-on" };
}
