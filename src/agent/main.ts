import { readFileSync, writeSync } from "node:fs";
import { describe } from "../notify/describe.ts";
import { agentPlaces } from "./places.ts";
import type { AgentPlan } from "./plan.ts";
import { runAgent } from "./run.ts";

/** The agent by itself, for a lab: it goes by a plan made elsewhere (the file $PLAN), tells everything it does in JSON lines
 *  on stdout, and ends when it is told to (SIGTERM). One line each: {"known":true}, {"log":…}, {"at":ms,"text":…}. */
async function main(): Promise<void> {
  const plan = JSON.parse(readFileSync(process.env["PLAN"] ?? "/dev/stdin", "utf8")) as AgentPlan;
  const say = (line: object): void => void writeSync(1, `${JSON.stringify(line)}\n`);
  const log = (line: string): void => say({ log: line });
  const onKnown = (): void => say({ known: true });
  const running = await runAgent({ plan, places: agentPlaces, log, onKnown });
  if (!running.ok) {
    say({ failed: `${running.error.message}. ${running.error.hint}` });
    return;
  }
  const { store, stop } = running.value;
  store.follow(({ monotonicMs, event }) => say({ at: monotonicMs, text: describe(event).text }));
  process.once("SIGTERM", () => {
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}

await main();
