import type { Gauge, Host, Tap } from "../host/ports.ts";
import type { WatchedPort } from "../watch/state.ts";
import { decodeArp, encodeArp } from "../wire/arp.ts";
import { BROADCAST, decodeFrame, ETHERTYPE, encodeFrame, type Frame } from "../wire/ethernet.ts";
import { decodeEcho } from "../wire/icmp.ts";
import { decodeAdvertisement, decodeEchoReply6 } from "../wire/nd.ts";
import { type Heard, probeFilter, unicastFrom } from "../wire/packet-filter.ts";
import type { BondView } from "./bond-view.ts";
import { claimed, type Outstanding, remembered } from "./outstanding.ts";
import { echoFrame, type Marks, markOf, routerQuestion } from "./probe-frames.ts";
import { probeMac } from "./probe-mac.ts";

/** Sends probes through single ports, and tells which of them were answered. */
export interface Prober {
  /** Opens and closes sockets as ports come and go, and takes on the addresses of the moment. */
  follow(view: BondView, addresses: readonly string[]): void;
  probe(port: string, target: string, id: number): void;
  /** The MAC address of a port's router as it last answered there; undefined: it hasn't. */
  routerMac(port: string): string | undefined;
  /** Sends a frame of the host's own through a port. */
  send(port: string, frame: Uint8Array): void;
  /** Takes in what has come already, and tells which routers were heard. */
  drain(): void;
  close(): void;
}

export interface ProberEvents {
  /** The answer to a probe was received at this time (monotonic ms). */
  readonly onAnswer: (port: string, target: string, id: number, at: number) => void;
  /** The router sent something to this host, after the latest probe to it left. */
  readonly onHeard: (port: string) => void;
  /** A router answered with another MAC address than before. */
  readonly onRouterMac: (port: string, mac: string) => void;
  /** What one port sends is heard on another: they are on one LAN. Told once for each pair. */
  readonly onShared: (one: string, other: string) => void;
}

export interface ProberSettings {
  readonly ports: readonly WatchedPort[];
  /** The host's own addresses on single uplinks, by port, where they aren't the bond's. */
  readonly ownAddress: ReadonlyMap<string, string>;
  readonly marks: Marks;
}

/** One port as it is probed. */
interface Probed {
  readonly settings: WatchedPort;
  readonly index: number;
  readonly tap: Tap;
  gauge: Gauge | undefined;
  /** What our probes bear here now. */
  mac: string;
  readonly heard: Set<string>;
  filterKey: string;
  routerMac: string | undefined;
  /** Probes beyond the router that left before it was known; the first answer sends them on, a moment later. */
  held: { readonly target: string; readonly id: number }[];
  /** From then on, having heard none of our questions to everybody elsewhere means that no other port is on this LAN. */
  provenAt: number;
  outstanding: readonly Outstanding[];
}

/** Opens nothing yet: `follow` does, when there are ports. */
export function newProber(host: Host, settings: ProberSettings, events: ProberEvents): Prober {
  const probed = new Map<string, Probed>();
  const shared = new Set<string>();
  const context: Context = { host, settings, events, probed, shared, view: undefined, addresses: [] };
  return {
    follow(view, addresses) {
      context.view = view;
      context.addresses = addresses;
      followPorts(context);
    },
    probe: (port, target, id) => sendProbe(context, port, target, id),
    routerMac: (port) => probed.get(port)?.routerMac,
    send: (port, frame) => void probed.get(port)?.tap.send(frame),
    drain() {
      for (const port of probed.values()) {
        port.tap.drain();
        if (port.gauge?.hasPassed() === true) events.onHeard(port.settings.name);
      }
    },
    close() {
      for (const name of [...probed.keys()]) closePort(context, name);
    },
  };
}

interface Context {
  readonly host: Host;
  readonly settings: ProberSettings;
  readonly events: ProberEvents;
  readonly probed: Map<string, Probed>;
  /** Ports seen to be on one LAN with another. */
  readonly shared: Set<string>;
  view: BondView | undefined;
  addresses: readonly string[];
}

function followPorts(context: Context): void {
  const { view, probed, settings } = context;
  for (const port of settings.ports) {
    const link = view?.ports.get(port.name);
    const known = probed.get(port.name);
    if (known !== undefined && known.index !== link?.index) closePort(context, port.name);
    if (link !== undefined && !probed.has(port.name)) openPort(context, port, link.index);
  }
  for (const port of probed.values()) port.mac = macNow(context, port.settings.name);
  for (const port of probed.values()) {
    if (!port.heard.has(port.mac) && port.tap.hear(port.mac).ok) port.heard.add(port.mac);
    refilter(context, port);
  }
}

/** Other addresses, another filter; the same ones, none: links may change thousands of times a second. */
function refilter(context: Context, port: Probed): void {
  const heard = heardOn(context, port);
  const key = JSON.stringify(heard);
  if (key === port.filterKey) return;
  port.filterKey = key;
  port.tap.filter(probeFilter(heard));
}

function openPort(context: Context, settings: WatchedPort, index: number): void {
  const { host, probed } = context;
  const mac = macNow(context, settings.name);
  const heard = heardOn(context, { settings, mac });
  const whole: { port?: Probed } = {};
  const tap = host.packets.open(index, probeFilter(heard), (bytes, at) => {
    if (whole.port !== undefined) onFrame(context, whole.port, bytes, at);
  });
  // The interface went away again: it will be told, and come back.
  if (!tap.ok) return;
  whole.port = {
    settings,
    index,
    tap: tap.value,
    gauge: undefined,
    mac,
    heard: new Set(),
    filterKey: JSON.stringify(heard),
    routerMac: undefined,
    held: [],
    provenAt: Number.POSITIVE_INFINITY,
    outstanding: [],
  };
  // Advertisements that nobody in particular asked for go to all nodes.
  if (settings.router?.includes(":") === true) tap.value.hear("33:33:00:00:00:01");
  probed.set(settings.name, whole.port);
}

function closePort(context: Context, name: string): void {
  const port = context.probed.get(name);
  port?.gauge?.close();
  port?.tap.close();
  context.probed.delete(name);
}

function heardOn(context: Context, port: Pick<Probed, "settings" | "mac">): Heard {
  const { router, name } = port.settings;
  const others = [...context.probed.values()].filter((one) => one.settings.name !== name).map((one) => one.mac);
  const own = ownIp(context, name);
  return {
    routers: router === undefined || router.includes(":") ? [] : [router],
    echoId: context.settings.marks.echoId,
    ownIps: own === undefined ? [] : [own],
    ownMacs: others.filter((mac) => mac !== port.mac && mac !== ""),
  };
}

function macNow(context: Context, name: string): string {
  const { view } = context;
  const link = view?.ports.get(name);
  const bondMac = view?.holder?.mac ?? "";
  if (link === undefined) return bondMac;
  return probeMac({
    isActive: view?.active === name,
    failOverMac: view?.bond?.bond?.failOverMac ?? 0,
    bondMac,
    portMac: link.mac,
    permanentMac: link.port?.permanentMac ?? link.permanentMac,
  });
}

/** The IPv4 address that stands for the host on this port's side. */
function ownIp(context: Context, name: string): string | undefined {
  return context.settings.ownAddress.get(name) ?? context.addresses.find((address) => !address.includes(":"));
}

function sendProbe(context: Context, name: string, target: string, id: number): void {
  const port = context.probed.get(name);
  if (port === undefined) return;
  const isActive = context.view?.active === name;
  const now = context.host.time.now();
  const isNear = target === port.settings.router;
  if (!isNear && port.routerMac === undefined) port.held = [...port.held, { target, id }].slice(-MOST_HELD);
  const frame = isNear ? ask(context, port, { target, isActive }) : echo(context, port, target, id);
  if (frame === undefined) return;
  port.outstanding = remembered(port.outstanding, { target, id, at: now, mac: port.mac });
  port.tap.send(frame);
  // What was heard until now was sent before this probe, and proves nothing about it.
  if (target === port.settings.router) port.gauge?.hasPassed();
}

/** The question to the router: to it alone while it answers, to everybody otherwise (it may be another box by now). */
function ask(
  context: Context,
  port: Probed,
  { target, isActive }: { readonly target: string; readonly isActive: boolean },
): Uint8Array {
  const unanswered = port.outstanding.some((one) => one.target === target);
  const to = port.routerMac !== undefined && !unanswered ? port.routerMac : BROADCAST;
  const own = isActive ? context.addresses.find((address) => address.includes(":") === target.includes(":")) : undefined;
  return routerQuestion({ mac: port.mac, to, target, own });
}

/** An echo beyond the router. Through a port that isn't active only where the router's answer will come back to it. */
function echo(context: Context, port: Probed, target: string, id: number): Uint8Array | undefined {
  const { name } = port.settings;
  if (port.routerMac === undefined) return undefined;
  if (context.view?.active !== name && !isApart(context, port)) return undefined;
  const isSix = target.includes(":");
  const from = isSix ? context.addresses.find((address) => address.includes(":")) : ownIp(context, name);
  if (from === undefined) return undefined;
  return echoFrame({ mac: port.mac, to: port.routerMac, from, target, id, marks: context.settings.marks });
}

/** Is this port known to be on a LAN that no other port is on? */
function isApart(context: Context, port: Probed): boolean {
  if (context.shared.has(port.settings.name) || context.host.time.now() < port.provenAt) return false;
  for (const other of context.probed.values()) {
    if (other !== port && (other.routerMac === port.routerMac || context.shared.has(other.settings.name))) return false;
  }
  return true;
}

function onFrame(context: Context, port: Probed, bytes: Uint8Array, at: number): void {
  const frame = decodeFrame(bytes);
  if (frame === undefined) return;
  if (frame.type === ETHERTYPE.arp) return onArp(context, port, frame, at);
  const reply =
    frame.type === ETHERTYPE.ipv4
      ? decodeEcho(frame.payload)
      : frame.type === ETHERTYPE.ipv6
        ? decodeEchoReply6(frame.payload)
        : undefined;
  if (reply !== undefined && !("kind" in reply && reply.kind === "request")) {
    const id = markOf(reply, context.settings.marks);
    if (id !== undefined) answer(context, port, { target: reply.from, id, at });
    return;
  }
  const said = frame.type === ETHERTYPE.ipv6 ? decodeAdvertisement(frame.payload) : undefined;
  if (said !== undefined && said.target === port.settings.router) {
    learnRouter(context, port, said.mac === "" ? frame.from : said.mac);
    answer(context, port, { target: said.target, at });
  }
}

function onArp(context: Context, port: Probed, frame: Frame, at: number): void {
  const { settings, probed, shared, events } = context;
  for (const other of probed.values()) {
    if (other === port || other.mac !== frame.from || frame.from === port.mac) continue;
    if (!shared.has(port.settings.name) || !shared.has(other.settings.name)) {
      shared.add(port.settings.name).add(other.settings.name);
      events.onShared(other.settings.name, port.settings.name);
    }
    return;
  }
  const arp = decodeArp(frame.payload);
  if (arp === undefined || arp.senderIp !== port.settings.router) return;
  if (arp.operation === "reply" && frame.to === port.mac && arp.targetMac === port.mac) {
    const isAnswer = answer(context, port, { target: arp.senderIp, at });
    if (isAnswer) learnRouter(context, port, arp.senderMac);
    return;
  }
  // The router looks for us through a port we don't use: it wants to deliver the answer to a probe that went that way.
  const isActive = context.view?.active === port.settings.name;
  if (arp.operation !== "request" || isActive || arp.senderMac !== port.routerMac || !isApart(context, port)) return;
  if (!port.outstanding.some((one) => one.target !== port.settings.router)) return;
  const own = settings.ownAddress.get(port.settings.name) ?? ownIp(context, port.settings.name);
  if (arp.targetIp !== own) return;
  const payload = encodeArp({
    operation: "reply",
    senderMac: port.mac,
    senderIp: own,
    targetMac: arp.senderMac,
    targetIp: arp.senderIp,
  });
  port.tap.send(encodeFrame({ to: arp.senderMac, from: port.mac, type: ETHERTYPE.arp, payload }));
}

/** Tells of an answer, if it belongs to a probe. Without an id (ARP and ND have none) it is matched by time. */
function answer(
  context: Context,
  port: Probed,
  what: { readonly target: string; readonly id?: number; readonly at: number },
): boolean {
  const found = claimed(port.outstanding, what);
  if (found === undefined) return false;
  port.outstanding = found.rest;
  context.events.onAnswer(port.settings.name, what.target, found.probe.id, what.at);
  return true;
}

/** Asks everybody a few times, now that this port is known to pass frames: another of our ports would hear it. */
function prove(context: Context, port: Probed): void {
  const { router } = port.settings;
  if (router === undefined || router.includes(":")) return;
  const frame = routerQuestion({ mac: port.mac, to: BROADCAST, target: router, own: undefined });
  for (let count = 0; count < PROOF; count++) port.tap.send(frame);
  port.provenAt = context.host.time.now() + PROOF_MS;
}

/** The first probes of a few targets. */
const MOST_HELD = 8;

/** One of so many questions gets through, and is heard by then wherever it can be heard. */
const PROOF = 3;
const PROOF_MS = 300;

function learnRouter(context: Context, port: Probed, mac: string): void {
  if (mac === port.routerMac) return;
  const isFirst = port.routerMac === undefined;
  port.routerMac = mac;
  prove(context, port);
  const filter = unicastFrom([mac]);
  if (port.gauge === undefined) {
    const opened = context.host.packets.openGauge(port.index, filter);
    port.gauge = opened.ok ? opened.value : undefined;
  } else port.gauge.filter(filter);
  for (const { target, id } of port.held.splice(0)) sendProbe(context, port.settings.name, target, id);
  if (!isFirst) context.events.onRouterMac(port.settings.name, mac);
}
