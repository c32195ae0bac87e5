import { join } from "node:path";
import type { State } from "../../plan/protocol.ts";
import { attempt } from "../../transact/disk-problem.ts";
import { byNumber } from "../../transact/finish.ts";
import { idPattern } from "../../transact/next-id.ts";
import type { Ports } from "../../transact/ports.ts";
import { activeId, readTransaction, shared, type Transaction } from "../../transact/transaction.ts";
import type { ChangeSaid } from "../../watch/chronicle.ts";

/** Takes one entry of the history; false: no agent did. */
export type TellChange = (said: Omit<ChangeSaid, "what">) => Promise<boolean>;

const states: Readonly<Partial<Record<State, ChangeSaid["state"]>>> = {
  verified: "applied",
  confirmed: "confirmed",
  rolledBack: "rolled-back",
  stuck: "stuck",
};

/** How many of those that are over are looked at: an agent that begins to run isn't told of last year's. */
const mostTold = 5;

/** Tells the agent's history what became of changes, each state once. What no agent took, what a timer took back with nobody there, is told the next
 *  time; until then it stands in `holdfast history`. `doer`: who has just ended one. */
export async function tellChanges(
  ports: Ports,
  tell: TellChange,
  doer?: { readonly id: string; readonly who: string },
): Promise<void> {
  for (const { id, directory, state, manifest } of candidates(ports)) {
    const said = states[state];
    const mark = join(directory, `told-${said}`);
    if (said === undefined || manifest === undefined || ports.disk.look(mark) !== null) continue;
    const who = said === "applied" ? manifest.who : doer?.id === id ? doer.who : "";
    if (!(await tell({ state: said, transaction: id, summary: manifest.summary, who }))) return;
    attempt(() => ports.disk.create(mark).close());
  }
}

/** The oldest first, the live one last. */
function candidates(ports: Ports): readonly Transaction[] {
  const { history } = shared(ports.places);
  const listed = attempt(() => ports.disk.list(history));
  const ids = (listed.ok ? listed.value : []).filter((name) => idPattern.test(name)).toSorted(byNumber);
  const live = attempt(() => activeId(ports));
  const past = ids.slice(-mostTold).map((id) => readTransaction(ports, id, history));
  return live.ok && live.value !== undefined ? [...past, readTransaction(ports, live.value)] : past;
}
