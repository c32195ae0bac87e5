import { isIP } from "node:net";
import { monotonicMs } from "../host/linux/libc.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { openEchoFlow } from "./echo-flow.ts";
import type { DrillOptions } from "./live-drill.ts";
import type { Found, Refusal } from "./look-before.ts";
import { type Flow, hasArrived, type Stream } from "./stream.ts";

/** Everything that is measured, together. */
export interface OpenFlows {
  /** Those that send. */
  flows(): readonly Flow[];
  /** Those that tell whether packets get through. */
  streams(): readonly Stream[];
  names(): readonly string[];
  stock(nowMs: number): void;
  /** Leaves out what doesn't answer, or loses packets though nothing is broken. */
  keepHealthy(): { readonly kept: number; readonly notes: readonly string[] };
  /** What the peer has seen; nothing without one. */
  fetchPeer(): Promise<void>;
  notes(): readonly string[];
  close(): void;
}

/** Between packets, ms: to the gateway, and to targets that may be far away and somebody else's. */
const gatewayPaceMs = 10;
const targetPaceMs = 20;
/** A flow that loses more than this while nothing is broken says nothing of an outage. */
const mostLoss = 0.02;
const mostTargets = 3;

export async function openFlows(found: Found, options: DrillOptions): Promise<Result<OpenFlows, Refusal>> {
  const begin = monotonicMs();
  const notes: string[] = [];
  let echoes: readonly Flow[] = [];
  const targets = (options.config?.targets ?? []).filter((target) => isIP(target) !== 0).slice(0, mostTargets);
  const wanted = [
    ...(found.gateway === "" ? [] : [["gateway", found.gateway, gatewayPaceMs] as const]),
    ...targets.map((target) => [target, target, targetPaceMs] as const),
  ];
  for (const [name, address, paceMs] of wanted) {
    const flow = openEchoFlow(name, address, paceMs, begin + echoes.length);
    if (flow.ok) echoes = [...echoes, flow.value];
    else if (flow.error === "EPERM") {
      return failed({ message: "echo requests need root (CAP_NET_RAW)", hint: "Run the drill as root." });
    } else notes.push(`${name} (${address}) can't be asked: ${flow.error}`);
  }
  return ok({
    flows: () => echoes,
    streams: () => echoes.map(({ stream }) => stream),
    names: () => echoes.map(({ stream }) => stream.flow),
    stock: () => {},
    keepHealthy() {
      const judged = echoes.map((flow) => [flow, illness(flow.stream)] as const);
      for (const [flow, why] of judged) if (why !== "") flow.close();
      echoes = judged.flatMap(([flow, why]) => (why === "" ? [flow] : []));
      return { kept: echoes.length, notes: judged.flatMap(([, why]) => (why === "" ? [] : [why])) };
    },
    fetchPeer: async () => {},
    notes: () => notes,
    close() {
      for (const flow of echoes) flow.close();
      echoes = [];
    },
  });
}

/** Why a flow is no measure; "" it is one. */
function illness(stream: Stream): string {
  if (!hasArrived(stream, 0)) return `${stream.flow} doesn't answer echo requests: left out`;
  const lost = stream.receivedAtMs.slice(0, stream.checked).filter((at) => at === null).length;
  const share = lost / Math.max(1, stream.checked);
  return share > mostLoss ? `${stream.flow} loses ${Math.round(share * 100)} % with nothing broken: left out` : "";
}
