import { writeSync } from "node:fs";

/** Ends a guest's program: what its work has found goes through the channel, or as `failed` why it found nothing. */
export function sayOutcome(channel: number, work: Promise<object>): void {
  void work
    .catch((problem: unknown) => ({ failed: String(problem instanceof Error ? problem.stack : problem) }))
    .then((outcome) => writeSync(channel, `${JSON.stringify(outcome)}\n`))
    .finally(() => process.exit(0));
}
