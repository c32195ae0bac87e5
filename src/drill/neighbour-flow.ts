import { monotonicMs } from "../host/linux/libc.ts";
import { linkAddress } from "../host/linux/packets.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { answerOf, question } from "../transact/probes/ask-router.ts";
import { macBytes } from "../wire/bytes.ts";
import { BROADCAST, ETHERTYPE } from "../wire/ethernet.ts";
import type { Condition } from "../wire/packet-filter.ts";
import { compileFilter } from "../wire/packet-filter.ts";
import { openFrames } from "./sockets.ts";
import { type Flow, graceMs, newStream, type Stream } from "./stream.ts";

/** A router that is asked for its MAC address. */
export interface Neighbour {
  readonly name: string;
  readonly router: string;
  /** The link it is behind, and what that link sends from. */
  readonly link: { readonly index: number; readonly mac: string };
  /** The link's own address of the router's family; undefined: the question is anonymous. */
  readonly own: string | undefined;
}

/** Between questions, ms: an outage begins somewhere between two, and a timer is a millisecond or two late. It is known to ± 10 ms. */
const paceMs = 8;
/** Whoever hasn't answered for so long is asked by everybody's address: another box may have taken its place, ms. */
const patienceMs = 50;
const ICMPV6 = 58;
const ADVERTISE = 136;

const incoming: Condition = { load: "packet-type", at: 0, oneOf: [0, 1, 2] };
const answers = compileFilter([
  [incoming, { load: "half", at: 12, oneOf: [ETHERTYPE.arp] }],
  [
    incoming,
    { load: "half", at: 12, oneOf: [ETHERTYPE.ipv6] },
    { load: "byte", at: 20, oneOf: [ICMPV6] },
    { load: "byte", at: 54, oneOf: [ADVERTISE] },
  ],
]);

/** Questions for a router's MAC address, ARP or neighbour discovery, for a router that answers nothing else. Each answer counts for the latest
 *  question before it that has none. The kernel hears them too, so that its own entry for the router stays fresh. Needs CAP_NET_RAW;
 *  the error is an errno. */
export function openNeighbourFlow({ name, router, link, own }: Neighbour, startAtMs: number): Result<Flow, string> {
  const opened = openFrames(link.index, answers);
  if (!opened.ok) return failed(opened.error);
  const wire = opened.value;
  const stream = newStream(name, paceMs, startAtMs);
  const to = linkAddress(link.index);
  const toAll = question(link.mac, router, own);
  let known: Uint8Array | undefined;
  let heardAtMs = Number.NEGATIVE_INFINITY;
  return ok({
    stream,
    send() {
      const now = monotonicMs();
      stream.sentAtMs.push(now);
      stream.receivedAtMs.push(null);
      // To the router alone while it answers: a question to everybody wakes everybody.
      const isKnown = known !== undefined && own !== undefined && now - heardAtMs < patienceMs;
      wire.send(isKnown && known !== undefined ? addressed(toAll, known) : toAll, to);
    },
    drain() {
      wire.drain((frame, atMs) => {
        const mac = answerOf(frame, router);
        if (mac === undefined) return;
        known = mac === BROADCAST ? undefined : macBytes(mac);
        heardAtMs = atMs;
        count(stream, atMs);
      });
    },
    close: wire.close,
  });
}

function addressed(frame: Uint8Array, mac: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(frame);
  copy.set(mac);
  return copy;
}

/** Which question an answer is for it doesn't say. */
function count({ sentAtMs, receivedAtMs }: Stream, atMs: number): void {
  for (let index = sentAtMs.length - 1; index >= 0; index--) {
    const sent = sentAtMs[index] ?? 0;
    if (sent < atMs - graceMs) return;
    if (sent > atMs || receivedAtMs[index] !== null) continue;
    receivedAtMs[index] = atMs;
    return;
  }
}
