import { existsSync } from "node:fs";
import type { HostState } from "../../model/host-state.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import type { Expectation } from "../../transact/probes/expectation.ts";

/** A running agent takes the kernel's primary away, leads traffic back itself, and gives it back when it stops. What is planned is what the
 *  host is without it: the primary it says counts as the bond's. Without an agent that answers, the host as it is. */
export async function withAgentsPrimary(state: HostState, socket: string): Promise<HostState> {
  const held = (await statusOf(socket))?.bond;
  if (!held || held.primary === "") return state;
  const { name, primary } = held;
  const bonds = state.bonds.map((bond) =>
    bond.name === name && bond.options.primary === undefined
      ? { ...bond, options: { ...bond.options, primary } }
      : bond,
  );
  return { ...state, bonds };
}

/** The same for what is proven: with an agent at work, also one that waits for the bond, no primary of the kernel's is looked for. */
export async function besideAgent(expectation: Expectation, socket: string): Promise<Expectation> {
  if ((await statusOf(socket)) === undefined) return expectation;
  const bonds = expectation.bonds.map((bond) => {
    const { primary: _, ...options } = bond.options;
    return { ...bond, options };
  });
  return { ...expectation, bonds };
}

/** undefined: no agent answers. */
async function statusOf(socket: string): Promise<StatusDocument | undefined> {
  // Where none runs, nothing is loaded to ask it.
  if (!existsSync(socket)) return undefined;
  const { askAgent } = await import("../../api/agent-client.ts");
  const told = await askAgent<StatusDocument>(socket, "/status", new AbortController().signal);
  return told.ok ? told.value : undefined;
}
