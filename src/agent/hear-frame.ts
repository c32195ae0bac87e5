import { decodeArp, encodeArp } from "../wire/arp.ts";
import { BROADCAST, decodeFrame, ETHERTYPE, encodeFrame, type Frame } from "../wire/ethernet.ts";
import { decodeEcho } from "../wire/icmp.ts";
import { decodeAdvertisement, decodeEchoReply6 } from "../wire/nd.ts";
import { unicastFrom } from "../wire/packet-filter.ts";
import { claimed } from "./outstanding.ts";
import { markOf, routerQuestion, tagged } from "./probe-frames.ts";
import { isApart, ownIp, type Probed, type Probing } from "./probed-port.ts";
import { sendProbe } from "./send-probe.ts";

/** Takes in what a port's socket heard. Whatever the frame: it answers a probe that is under way, tells where the router is,
 *  shows that two ports share a LAN, or does nothing at all. */
export function onFrame(probing: Probing, port: Probed, bytes: Uint8Array, at: number): void {
  const frame = decodeFrame(bytes);
  if (frame === undefined) return;
  if (frame.type === ETHERTYPE.arp) {
    onArp(probing, port, frame, at);
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
  const said = frame.type === ETHERTYPE.ipv6 ? decodeAdvertisement(frame.payload) : undefined;
  if (said !== undefined && said.target === port.settings.router) {
    const isAnswer = answer(probing, port, { target: said.target, at });
    if (isAnswer) learnRouter(probing, port, said.mac === "" ? frame.from : said.mac);
  }
}

function onArp(probing: Probing, port: Probed, frame: Frame, at: number): void {
  const { settings, probed, shared, events } = probing;
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
    const isAnswer = answer(probing, port, { target: arp.senderIp, at });
    if (isAnswer) learnRouter(probing, port, arp.senderMac);
    return;
  }
  // The router looks for us through a port we don't use: it wants to deliver the answer to a probe that went that way.
  const isActive = probing.view?.active === port.settings.name;
  if (arp.operation !== "request" || isActive || arp.senderMac !== port.routerMac || !isApart(probing, port)) return;
  if (!port.outstanding.some((one) => one.target !== port.settings.router)) return;
  const own = settings.ownAddress.get(port.settings.name) ?? ownIp(probing, port.settings.name);
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
  what: { readonly target: string; readonly id?: number; readonly at: number },
): boolean {
  const found = claimed(port.outstanding, what);
  if (found === undefined) return false;
  port.outstanding = found.rest;
  if (what.target === port.settings.router) port.answeredAs = found.probe.at;
  probing.events.onAnswer(port.settings.name, what.target, found.probe.id, what.at);
  return true;
}

/** Asks everybody a few times, now that this port is known to pass frames: another of our ports would hear it. */
function prove(probing: Probing, port: Probed): void {
  const { router } = port.settings;
  if (router === undefined || router.includes(":")) return;
  const question = routerQuestion({ mac: port.mac, to: BROADCAST, target: router, own: undefined });
  const frame = tagged(question, probing.settings.vlan);
  for (let count = 0; count < PROOF; count++) port.tap.send(frame);
  port.provenAt = probing.host.time.now() + PROOF_MS;
}

/** One of so many questions gets through, and is heard by then wherever it can be heard. */
const PROOF = 3;
const PROOF_MS = 300;

function learnRouter(probing: Probing, port: Probed, mac: string): void {
  if (mac === port.routerMac) return;
  const isFirst = port.routerMac === undefined;
  port.routerMac = mac;
  prove(probing, port);
  const filter = unicastFrom([mac]);
  if (port.gauge === undefined) {
    const opened = probing.host.packets.openGauge(port.index, filter);
    port.gauge = opened.ok ? opened.value : undefined;
  } else port.gauge.filter(filter);
  for (const { target, id } of port.held.splice(0)) sendProbe(probing, port.settings.name, target, id);
  if (!isFirst) probing.events.onRouterMac(port.settings.name, mac);
}
