import { request } from "node:http";
import { askAgent } from "../../api/agent-client.ts";
import type { AgentPort } from "../../drill/live-drill.ts";
import type { StatusDocument, StatusProof } from "../../report/status-input.ts";
import type { ChangeSaid } from "../../watch/chronicle.ts";

/** An agent answers at once or is in trouble itself, ms. */
const patienceMs = 3_000;

/** The agent behind a socket, as a drill needs it. */
export function agentOf(socket: string, signal: AbortSignal): AgentPort {
  return {
    async status() {
      const told = await askAgent<StatusDocument>(socket, "/status", signal);
      return told.ok ? told.value : undefined;
    },
    goBack: () => post(socket, "/reselect-now"),
    begins: (cuts) => post(socket, `/drill?begins=${cuts}`),
    stopped: () => post(socket, "/drill?stopped"),
  };
}

/** Tells an agent what a drill has shown: whether it took it. */
export function tellDrilled(socket: string, { verdict, outageMs, cut }: StatusProof): Promise<boolean> {
  const outage = outageMs === null ? "" : `&outage=${outageMs}`;
  return post(socket, `/drill?verdict=${verdict}${outage}&cut=${encodeURIComponent(cut)}`);
}

/** Tells an agent what became of a change of the network: whether it took it. */
export function tellChanged(socket: string, said: Omit<ChangeSaid, "what">): Promise<boolean> {
  const { state, transaction, summary, who } = said;
  return post(socket, `/change?${new URLSearchParams({ state, id: transaction, summary, who })}`);
}

function post(socket: string, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { socketPath: socket, path, method: "POST", agent: false, timeout: patienceMs } as const;
    const asked = request(options, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode === 200));
    });
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });
}
