import type { Host } from "../host/ports.ts";
import type { WatchedPort } from "../watch/state.ts";
import { multicastMac, solicitedNode } from "../wire/nd.ts";
import { probeMac } from "../wire/probe-mac.ts";
import type { BondView } from "./bond-view.ts";
import { onFrame } from "./hear-frame.ts";
import { filterFor, refilter } from "./port-filter.ts";
import { tagged } from "./probe-frames.ts";
import { ownIp6, type Probed, type ProberEvents, type ProberSettings, type Probing } from "./probed-port.ts";
import { sendProbe } from "./send-probe.ts";

/** Sends probes through single ports, and tells which of them were answered. */
export interface Prober {
  /** Opens and closes sockets as ports come and go, and takes on the addresses of the moment. */
  follow(view: BondView, addresses: readonly string[]): void;
  /** Other ports, routers or addresses; what is the same is kept. Call `follow` after it. */
  configure(settings: ProberSettings): void;
  /** Tells whether the probe left. */
  probe(port: string, target: string, id: number): boolean;
  /** The MAC address of a port's router as it last answered there; undefined: it hasn't. */
  routerMac(port: string): string | undefined;
  /** Are two ports seen to be on one LAN? */
  areShared(): boolean;
  /** Sends a frame of the host's own through a port. */
  send(port: string, frame: Uint8Array): void;
  /** Takes in what has come already, and tells which routers were heard. */
  drain(): void;
  /** Tells which routers were heard, where that can matter: an answer is waited for there. Elsewhere now and then. */
  listen(): void;
  close(): void;
}

/** Opens nothing yet: `follow` does, when there are ports. */
export function newProber(host: Host, settings: ProberSettings, events: ProberEvents): Prober {
  const probed = new Map<string, Probed>();
  const shared = new Set<string>();
  const probing: Probing = { host, settings, events, probed, shared, view: undefined, addresses: [] };
  return {
    follow(view, addresses) {
      probing.view = view;
      probing.addresses = addresses;
      followPorts(probing);
    },
    configure(next) {
      for (const [name, port] of probed) {
        const wanted = next.ports.find((one) => one.name === name);
        if (wanted === undefined || wanted.router !== port.settings.router) closePort(probing, name);
        else port.settings = wanted;
      }
      probing.settings = next;
    },
    probe: (port, target, id) => sendProbe(probing, port, target, id),
    routerMac: (port) => probed.get(port)?.routerMac,
    areShared: () => shared.size > 0,
    send: (port, frame) => void probed.get(port)?.tap.send(tagged(frame, probing.settings.vlan)),
    drain() {
      for (const port of probed.values()) {
        port.tap.drain();
        if (port.gauge?.hasPassed() === true) events.onHeard(port.settings.name);
      }
    },
    listen() {
      for (const port of probed.values()) listenOn(probing, port);
    },
    close() {
      for (const name of [...probed.keys()]) closePort(probing, name);
    },
  };
}

/** For people: it says that the line is heard. */
const LISTEN_EVERY_MS = 1_000;

function listenOn({ host, events }: Probing, port: Probed): void {
  if (port.gauge === undefined) return;
  const now = host.time.now();
  if (port.outstanding.length === 0 && now - port.listenedAt < LISTEN_EVERY_MS) return;
  port.listenedAt = now;
  if (port.gauge.hasPassed()) events.onHeard(port.settings.name);
}

function followPorts(probing: Probing): void {
  const { view, probed, settings } = probing;
  for (const port of settings.ports) {
    const link = view?.ports.get(port.name);
    const known = probed.get(port.name);
    if (known !== undefined && known.index !== link?.index) closePort(probing, port.name);
    if (link !== undefined && !probed.has(port.name)) openPort(probing, port, link.index);
  }
  for (const port of probed.values()) port.mac = macNow(probing, port.settings.name);
  for (const port of probed.values()) {
    for (const mac of [port.mac, ...groupsOf(probing, port)]) {
      if (!port.heard.has(mac) && port.tap.hear(mac).ok) port.heard.add(mac);
    }
    refilter(probing, port);
  }
}

/** Groups that are heard through this port too: advertisements nobody in particular asked for go to all nodes, and a router that
 *  wants to deliver the answer to a probe asks in the group of our address. */
function groupsOf(probing: Probing, { settings }: Probed): readonly string[] {
  const own = ownIp6(probing, settings.name);
  const isFar6 = settings.far.some((target) => target.includes(":"));
  return [
    ...(settings.router?.includes(":") === true ? [multicastMac("ff02::1")] : []),
    ...(own === undefined || !isFar6 ? [] : [multicastMac(solicitedNode(own))]),
  ];
}

function openPort(probing: Probing, settings: WatchedPort, index: number): void {
  const { host, probed, events } = probing;
  const mac = macNow(probing, settings.name);
  const { key, program } = filterFor(probing, { settings, mac, routerMac: undefined });
  const whole: { port?: Probed } = {};
  const tap = host.packets.open(index, program(), (bytes, at) => {
    if (whole.port !== undefined) onFrame(probing, whole.port, bytes, at);
  });
  if (!tap.ok) {
    // Where the interface went away again, that will be told; it comes back with another index.
    if (tap.error.errno !== "ENODEV" && tap.error.errno !== "ENXIO") {
      events.onTrouble(settings.name, tap.error.message);
    }
    return;
  }
  whole.port = {
    settings,
    index,
    tap: tap.value,
    gauge: undefined,
    mac,
    heard: new Set(),
    filterKey: key,
    routerMac: undefined,
    held: [],
    provenAt: Number.POSITIVE_INFINITY,
    outstanding: [],
    question: undefined,
    latest: undefined,
    listenedAt: Number.NEGATIVE_INFINITY,
    heardAt: Number.NEGATIVE_INFINITY,
    answeredAs: Number.NEGATIVE_INFINITY,
  };
  probed.set(settings.name, whole.port);
}

function closePort(probing: Probing, name: string): void {
  const port = probing.probed.get(name);
  port?.gauge?.close();
  port?.tap.close();
  probing.probed.delete(name);
}

function macNow(probing: Probing, name: string): string {
  const { view } = probing;
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
