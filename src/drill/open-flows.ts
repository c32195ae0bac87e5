import { isIP } from "node:net";
import { monotonicMs } from "../host/linux/libc.ts";
import type { FlowTrace, TcpTrace } from "../measure/trace.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { openEchoFlow } from "./echo-flow.ts";
import type { Found, Refusal } from "./look-before.ts";
import { openNeighbourFlow } from "./neighbour-flow.ts";
import { openPeer, type Peer, peerFlow } from "./peer.ts";
import type { Router } from "./router-over.ts";
import { cutOut, type Flow, hasArrived, type Stream, settle } from "./stream.ts";

/** Everything that is measured, together. */
export interface OpenFlows {
  /** Those that send. */
  flows(): readonly Flow[];
  /** Those that tell whether packets get through. */
  streams(): readonly Stream[];
  names(): readonly string[];
  /** What of it goes over the Internet or through another machine: for the captures. */
  readonly peer: { readonly port: number } | undefined;
  stock(nowMs: number): void;
  /** Leaves out what doesn't answer, or loses packets though nothing is broken. */
  keepHealthy(): { readonly kept: number; readonly notes: readonly string[] };
  /** Has the TCP session said something lately, or is there none that could? */
  isTalking(nowMs: number): boolean;
  beforeCut(): Promise<void>;
  /** What the peer has seen; nothing without one. */
  fetchPeer(): Promise<void>;
  traced(window: Window): { readonly flows: readonly FlowTrace[]; readonly tcp: readonly TcpTrace[] };
  notes(): readonly string[];
  close(): void;
}

interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface FlowWish {
  readonly targets: readonly string[];
  readonly peer?: { readonly host: string; readonly port: number };
}

/** The default route's router, in the report. */
export const gatewayFlow = "gateway";
/** Between packets, ms: to the gateway, and to targets that may be far away and somebody else's. */
const gatewayPaceMs = 5;
const targetPaceMs = 10;
/** A flow that loses more than this while nothing is broken says nothing of an outage. */
const mostLoss = 0.02;
const mostTargets = 3;

interface Open {
  echoes: readonly Flow[];
  /** Questions for the router's MAC address, for the case that it answers no echoes; undefined: none, or no longer. */
  spare: Flow | undefined;
  peer: Peer | undefined;
  readonly notes: string[];
}

/** Opens echoes to the gateway and the targets, and a session with the peer. */
export async function openFlows(found: Found, wish: FlowWish): Promise<Result<OpenFlows, Refusal>> {
  const begin = monotonicMs();
  const open: Open = { echoes: [], spare: undefined, peer: undefined, notes: [] };
  const targets = wish.targets.filter((target) => isIP(target) !== 0).slice(0, mostTargets);
  const { router } = found;
  const wanted = [
    ...(router === undefined
      ? []
      : [{ name: gatewayFlow, address: router.address, paceMs: gatewayPaceMs, ...scopeOf(router) }]),
    ...targets.map((target) => ({ name: target, address: target, paceMs: targetPaceMs })),
  ];
  for (const { paceMs, ...target } of wanted) {
    const flow = openEchoFlow(target, paceMs, begin + open.echoes.length);
    if (flow.ok) open.echoes = [...open.echoes, flow.value];
    else if (flow.error === "EPERM") {
      return failed({ message: "echo requests need root (CAP_NET_RAW)", hint: "Run the drill as root." });
    } else open.notes.push(`${target.name} (${target.address}) can't be asked: ${flow.error}`);
  }
  open.spare = router === undefined ? undefined : spareFlow(router, begin + open.echoes.length);
  if (wish.peer !== undefined) {
    const peer = await openPeer(wish.peer.host, wish.peer.port);
    if (!peer.ok) {
      for (const flow of open.echoes) flow.close();
      return failed({ message: `no peer: ${peer.error}`, hint: "Start holdfast reflect there, or leave out --peer." });
    }
    open.peer = peer.value;
  }
  return ok(flowsOf(open, wish));
}

function flowsOf(open: Open, wish: FlowWish): OpenFlows {
  const streams = (): readonly Stream[] => [
    ...open.echoes.map(({ stream }) => stream),
    ...(open.peer === undefined ? [] : [open.peer.toHost]),
  ];
  return {
    flows: () => [
      ...open.echoes,
      ...(open.spare === undefined ? [] : [open.spare]),
      ...(open.peer === undefined ? [] : [open.peer.fromHost]),
    ],
    streams,
    names: () => streams().map(({ flow }) => flow),
    peer: wish.peer === undefined ? undefined : { port: wish.peer.port },
    stock(nowMs) {
      if (open.peer !== undefined) settle(open.peer.toHost, nowMs);
    },
    keepHealthy: () => keepHealthy(open),
    isTalking: (nowMs) => open.peer?.isTalking(nowMs) ?? true,
    beforeCut: async () => open.peer?.beforeCut(),
    async fetchPeer() {
      const fetched = await open.peer?.fetch();
      if (fetched?.ok === false) open.notes.push(`what the peer has seen is not known: ${fetched.error}`);
    },
    traced(window) {
      // An echo tells of both directions at once.
      const echoed = open.echoes.flatMap(({ stream }) => [
        cutOut(stream, "fromHost", window),
        cutOut(stream, "toHost", window),
      ]);
      const { peer } = open;
      if (peer === undefined) return { flows: echoed, tcp: [] };
      return { flows: [...echoed, ...peer.flows(window)], tcp: [peer.session(window)] };
    },
    notes: () => [...open.notes, ...(open.peer === undefined ? [echoesOnly] : [])],
    close() {
      for (const flow of open.echoes) flow.close();
      open.echoes = [];
      open.spare?.close();
      open.spare = undefined;
      open.peer?.close();
    },
  };
}

const echoesOnly =
  "measured with echoes, which don't tell the two directions apart, and without a TCP session; --peer does both";

function keepHealthy(open: Open): { readonly kept: number; readonly notes: readonly string[] } {
  const judged = open.echoes.map((flow) => [flow, illness(flow.stream)] as const);
  for (const [flow, why] of judged) if (why !== "") flow.close();
  open.echoes = judged.flatMap(([flow, why]) => (why === "" ? [flow] : []));
  const notes = [...judged.flatMap(([, why]) => (why === "" ? [] : [why])), ...useSpare(open)];
  const { peer } = open;
  const ill = peer === undefined ? "" : illness(peer.toHost);
  if (peer === undefined || ill === "") return { kept: open.echoes.length + (peer === undefined ? 0 : 1), notes };
  peer.close();
  open.peer = undefined;
  return { kept: open.echoes.length, notes: [...notes, ill] };
}

function scopeOf({ address, link }: Router): { readonly scope?: number } {
  return address.startsWith("fe80:") ? { scope: link.index } : {};
}

/** Some routers answer no echoes, but everybody answers who asks where he is. */
function spareFlow({ address, link, own }: Router, startAtMs: number): Flow | undefined {
  const flow = openNeighbourFlow({ name: gatewayFlow, router: address, link, own }, startAtMs);
  return flow.ok ? flow.value : undefined;
}

/** In the place of the gateway's echoes, where those are no measure. */
function useSpare(open: Open): readonly string[] {
  const { spare } = open;
  if (spare === undefined) return [];
  open.spare = undefined;
  if (open.echoes.some(({ stream }) => stream.flow === gatewayFlow) || illness(spare.stream) !== "") {
    spare.close();
    return [];
  }
  open.echoes = [spare, ...open.echoes];
  return [
    "the gateway is asked for its MAC address instead, 100 times a second; that keeps the host's own entry for it fresh",
  ];
}

/** Why a flow is no measure; "" it is one. */
function illness(stream: Stream): string {
  const who = stream.flow === peerFlow ? "the peer's packets don't arrive (is UDP let through?)" : "";
  if (!hasArrived(stream, 0)) return `${who || `${stream.flow} doesn't answer echo requests`}: left out`;
  const lost = stream.receivedAtMs.slice(0, stream.checked).filter((at) => at === null).length;
  const share = lost / Math.max(1, stream.checked);
  return share > mostLoss ? `${stream.flow} loses ${Math.round(share * 100)} % with nothing broken: left out` : "";
}
