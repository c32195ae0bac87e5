import { linuxPackets } from "../../../src/host/linux/packets.ts";
import type { Tap } from "../../../src/host/ports.ts";
import { inside } from "../../../src/lab/guest/namespaces.ts";
import { indexOf, type Network, namespaceOf } from "../../../src/lab/guest/network.ts";
import { encodeArp } from "../../../src/wire/arp.ts";
import { concat, fromU32 } from "../../../src/wire/bytes.ts";
import { BROADCAST, ETHERTYPE, encodeFrame } from "../../../src/wire/ethernet.ts";
import { encodeEcho } from "../../../src/wire/icmp.ts";
import { encodeAnnouncement, encodeEcho6, multicastMac } from "../../../src/wire/nd.ts";
import { unicastFrom } from "../../../src/wire/packet-filter.ts";
import { must } from "./bench.ts";

const ROUTER = "192.168.1.254";
const HOST = "192.168.1.105";

/** Whom a forger knows: what anybody on the LAN can overhear. */
export interface Known {
  readonly bondMac: string;
  readonly routerMac: string;
}

/** Sends forged frames out of a node's interface until it is stopped; tells how many left. */
export function forge(
  network: Network,
  at: { readonly node: string; readonly dev: string },
  perSecond: number,
  known: Known,
): () => number {
  const tap = openTap(network, at.node, at.dev);
  const random = randomBelow(at.dev.length + at.node.length);
  const began = performance.now();
  let tried = 0;
  let sent = 0;
  // By the clock: a timer of a millisecond comes late, and never twice to make up for it.
  const timer = setInterval(() => {
    for (const due = ((performance.now() - began) * perSecond) / 1000; tried < due; tried += 1) {
      if (tap.send(forged(random, known)).ok) sent += 1;
    }
  }, 1);
  return () => {
    clearInterval(timer);
    tap.close();
    return sent;
  };
}

/** A socket that sends out of a node's interface and hears nothing. */
export function openTap(network: Network, node: string, dev: string): Tap {
  const index = indexOf(network, node, dev);
  return inside(namespaceOf(network, node), network.home, () =>
    must(linuxPackets.open(index, unicastFrom([]), () => {})),
  );
}

type Random = (below: number) => number;

function randomBelow(seed: number): Random {
  let state = seed + 1;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
}

function forged(random: Random, { bondMac, routerMac }: Known): Uint8Array {
  const pick = <T>(...of: readonly [T, ...T[]]): T => of[random(of.length)] ?? of[0];
  const to = pick(bondMac, BROADCAST, "02:99:99:99:99:99");
  // Strangers, somebody who says he is the bond, and somebody who says he is the router.
  const stranger = `02:66:66:66:66:${random(256).toString(16).padStart(2, "0")}`;
  const source = pick(stranger, stranger, bondMac, routerMac);
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => random(256));
  const frame = (type: number, payload: Uint8Array, dest = to): Uint8Array =>
    encodeFrame({ to: dest, from: source, type, payload });
  switch (random(6)) {
    case 0: {
      const arp = { senderMac: stranger, senderIp: ROUTER, targetMac: bondMac, targetIp: HOST };
      return frame(ETHERTYPE.arp, encodeArp({ operation: pick("reply", "request"), ...arp }));
    }
    case 1: {
      const data = concat([bytes(8), fromU32(random(10_000))]);
      const echo = { from: pick("9.9.9.9", ROUTER), to: HOST, id: random(65_536), seq: random(65_536), data };
      return frame(ETHERTYPE.ipv4, encodeEcho({ kind: pick("reply", "request"), ...echo }));
    }
    case 2:
      return frame(ETHERTYPE.ipv6, encodeAnnouncement(stranger, "fd00::1"), multicastMac("ff02::1"));
    case 3: {
      const echo = { from: "2001:db8::9", to: "fd00::5", id: random(65_536), seq: random(65_536), data: bytes(12) };
      return frame(ETHERTYPE.ipv6, encodeEcho6(echo));
    }
    case 4:
      return frame(pick<number>(ETHERTYPE.arp, ETHERTYPE.ipv4, ETHERTYPE.ipv6), bytes(random(80)));
    default:
      return bytes(14 + random(60));
  }
}
