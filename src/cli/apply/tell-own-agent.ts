import { existsSync } from "node:fs";
import { agentPlaces } from "../../agent/places.ts";
import type { Ports } from "../../transact/ports.ts";

/** The history of this host's agent, where one runs. Without one nothing is loaded for it: whoever confirms waits for this. */
export async function tellOwnAgent(ports: Ports, doer?: { readonly id: string; readonly who: string }): Promise<void> {
  if (!existsSync(agentPlaces.socket)) return;
  const { tellChanged } = await import("../drill/agent-of.ts");
  const { tellChanges } = await import("./tell-agent.ts");
  await tellChanges(ports, (said) => tellChanged(agentPlaces.socket, said), doer);
}
