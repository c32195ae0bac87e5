import { readCaller } from "../../host/linux/session.ts";
import { hostPorts } from "../../transact/host-ports.ts";
import { expectationIn } from "../../transact/probes/probes.ts";
import { rollBack } from "../../transact/roll-back.ts";
import { activeId, readBaseline, readTransaction } from "../../transact/transaction.ts";
import type { Cli } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { styleFor } from "../style.ts";
import { answer, type Format, refuse } from "./decide-commands.ts";
import { probeLine } from "./narrate.ts";
import { openPorts } from "./open-ports.ts";
import { tellOwnAgent } from "./tell-own-agent.ts";
import { unlessRoot } from "./unless-root.ts";

/** Takes the pending change back now. */
export async function rollbackCommand(cli: Cli, format: Format): Promise<Exit> {
  const denied = unlessRoot(cli);
  if (denied !== undefined) return denied;
  const plain = hostPorts();
  const id = activeId(plain);
  const baseline = id === undefined ? undefined : readBaseline(plain, readTransaction(plain, id));
  const opened = openPorts(cli, { expectation: expectationIn(baseline), patienceSeconds: 5, onProgress: () => {} });
  if (typeof opened === "string") return opened;
  try {
    const done = await rollBack(opened.ports, (step) => {
      if (format === "text") cli.stdout.write(`  ${step.why}\n`);
    });
    if (!done.ok) return refuse(cli, done.error, format);
    await tellOwnAgent(plain, { id: done.value.id, who: readCaller(cli.env).who });
    const { outcome, lost, files } = done.value;
    if (format === "json") answer(cli, { transaction: done.value.id, state: outcome, deadline: null });
    else if (outcome === "rolled-back")
      cli.stdout.write(`Rolled back: ${done.value.id}. Files and network are what they were.\n`);
    const { paint } = styleFor(cli, cli.stderr);
    for (const problem of files.problems) cli.stderr.write(`holdfast: ${paint("error", "not put back:")} ${problem}\n`);
    for (const probe of lost) cli.stderr.write(`  still not as before: ${probeLine(probe)}\n`);
    return outcome === "stuck" ? "findings" : "fine";
  } finally {
    opened.close();
  }
}
