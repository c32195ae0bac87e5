import { type Arp, decodeArp, encodeArp } from "../wire/arp.ts";
import { BROADCAST, decodeFrame, ETHERTYPE, encodeFrame, type Frame } from "../wire/ethernet.ts";
import { decodeEcho } from "../wire/icmp.ts";
import { decodeAdvertisement, decodeEchoReply6, decodeSolicitation, encodeAnswer } from "../wire/nd.ts";
import { unicastFrom } from "../wire/packet-filter.ts";
import { claimed } from "./outstanding.ts";
import { refilter } from "./port-filter.ts";
import { markOf, routerQuestion, tagged } from "./probe-frames.ts";
import { isApart, ownIp, ownIp6, type Probed, type Probing } from "./probed-port.ts";
import { sendProbe } from "./send-probe.ts";

/** Takes in what a port's socket heard. Whatever the frame: it answers a probe that is under way, tells where the router is,
 *  shows that two ports share a LAN, or does nothing at all. */
export function onFrame(probing: Probing, port: Probed, bytes: Uint8Array, at: number): void {
  const { latest } = port;
  // A router's answer is the same every time, byte by byte: read once, it needn't be read again.
  if (latest !== undefined && Buffer.compare(latest.bytes, bytes) === 0) {
    onArp(probing, port, latest.frame, latest.arp, at);
    return;
  }
  const frame = decodeFrame(bytes);
  if (frame === undefined) return;
  if (frame.type === ETHERTYPE.arp) {
    const copy = Uint8Array.from(bytes);
    const arp = decodeArp(frame.payload);
    port.latest = { bytes: copy, frame: { ...frame, payload: noPayload }, arp };
    onArp(probing, port, frame, arp, at);
    return;
  }
  const reply =
    frame.type === ETHERTYPE.ipv4
      ? decodeEcho(frame.payload)
      : frame.type === ETHERTYPE.ipv6
        ? decodeEchoReply6(frame.payload)
        : undefined;
  if (reply !== undefined && !("kind" in reply && reply.kind === "request")) {
    const id = markOf(reply, probing.settings.marks);
    if (id !== undefined) answer(probing, port, { target: reply.from, id, at });
    return;
  }
  if (frame.type !== ETHERTYPE.ipv6) return;
  onNeighbour(probing, port, frame, at);
}

function onNeighbour(probing: Probing, port: Probed, frame: Frame, at: number): void {
  const said = decodeAdvertisement(frame.payload);
  if (said !== undefined && said.target === port.settings.router) {
    answer(probing, port, { target: said.target, at, mac: said.mac === "" ? frame.from : said.mac });
  }
  const asked = said === undefined ? decodeSolicitation(frame.payload) : undefined;
  if (asked === undefined || frame.from !== port.routerMac || !isAwaitingFar(probing, port)) return;
  const own = ownIp6(probing, port.settings.name);
  if (asked.target !== own) return;
  const payload = encodeAnswer({ mac: port.mac, ip: own, to: asked.from });
  const reply = encodeFrame({ to: frame.from, from: port.mac, type: ETHERTYPE.ipv6, payload });
  port.tap.send(tagged(reply, probing.settings.vlan));
}

/** The router looks for us through a port we don't use: it wants to deliver the answer to a probe that went that way. */
function isAwaitingFar(probing: Probing, port: Probed): boolean {
  const isActive = probing.view?.active === port.settings.name;
  return !isActive && isApart(probing, port) && port.outstanding.some(({ target }) => target !== port.settings.router);
}

const noPayload = new Uint8Array(0);

function onArp(probing: Probing, port: Probed, frame: Frame, arp: Arp | undefined, at: number): void {
  const { settings, probed, shared, events } = probing;
  for (const other of probed.values()) {
    if (other === port || other.mac !== frame.from || frame.from === port.mac) continue;
    if (!shared.has(port.settings.name) || !shared.has(other.settings.name)) {
      shared.add(port.settings.name).add(other.settings.name);
      events.onShared(other.settings.name, port.settings.name);
    }
    return;
  }
  if (arp === undefined || arp.senderIp !== port.settings.router) return;
  if (arp.operation === "reply" && frame.to === port.mac && arp.targetMac === port.mac) {
    answer(probing, port, { target: arp.senderIp, at, mac: arp.senderMac });
    return;
  }
  if (arp.operation !== "request" || arp.senderMac !== port.routerMac || !isAwaitingFar(probing, port)) return;
  const own = ownIp(probing, port.settings.name);
  if (arp.targetIp !== own) return;
  const payload = encodeArp({
    operation: "reply",
    senderMac: port.mac,
    senderIp: own,
    targetMac: arp.senderMac,
    targetIp: arp.senderIp,
  });
  const reply = encodeFrame({ to: arp.senderMac, from: port.mac, type: ETHERTYPE.arp, payload });
  port.tap.send(tagged(reply, settings.vlan));
}

/** Tells of an answer, if it belongs to a probe. Without an id (ARP and ND have none) it is matched by time. */
function answer(
  probing: Probing,
  port: Probed,
  what: { readonly target: string; readonly id?: number; readonly at: number; readonly mac?: string },
): void {
  const found = claimed(port.outstanding, what);
  if (found === undefined) return;
  port.outstanding = found.rest;
  if (what.mac !== undefined) {
    port.answeredAs = found.probe.at;
    // Before the brain hears of it: it may send traffic there at once.
    learnRouter(probing, port, { mac: what.mac, at: what.at });
  }
  probing.events.onAnswer(port.settings.name, what.target, found.probe.id, what.at);
}

/** Asks everybody a few times, now that this port is known to pass frames: another of our ports would hear it. */
function prove(probing: Probing, port: Probed): void {
  const { router } = port.settings;
  if (router === undefined) return;
  // A router without IPv4 needn't answer; what counts is that everybody hears the question.
  const target = router.includes(":") ? DUMMY : router;
  const question = routerQuestion({ mac: port.mac, to: BROADCAST, target, own: undefined });
  const frame = tagged(question, probing.settings.vlan);
  for (let count = 0; count < PROOF; count++) port.tap.send(frame);
  port.provenAt = probing.host.time.now() + PROOF_MS;
}

/** Nobody's address. Source: RFC 7600, 4.8. */
const DUMMY = "192.0.0.8";
/** One of so many questions gets through, and is heard by then wherever it can be heard. */
const PROOF = 3;
const PROOF_MS = 300;

/** After a silence of this length the kernel may have given the router up, and would ask only now and then. */
const SILENCE_MS = 500;

function learnRouter(probing: Probing, port: Probed, { mac, at }: { readonly mac: string; readonly at: number }): void {
  const isSilenceOver = at - port.heardAt > SILENCE_MS;
  port.heardAt = at;
  if (mac !== port.routerMac) meetRouter(probing, port, mac);
  else if (!isSilenceOver) return;
  probing.events.onRouterSeen(port.settings.name);
}

function meetRouter(probing: Probing, port: Probed, mac: string): void {
  port.routerMac = mac;
  refilter(probing, port);
  prove(probing, port);
  const filter = unicastFrom([mac]);
  if (port.gauge === undefined) {
    const opened = probing.host.packets.openGauge(port.index, filter);
    port.gauge = opened.ok ? opened.value : undefined;
  } else port.gauge.filter(filter);
  for (const { target, id } of port.held.splice(0)) sendProbe(probing, port.settings.name, target, id);
}
