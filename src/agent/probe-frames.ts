import { arpProbe, encodeArp } from "../wire/arp.ts";
import { concat, fromU32, u32 } from "../wire/bytes.ts";
import { BROADCAST, ETHERTYPE, encodeFrame } from "../wire/ethernet.ts";
import { encodeEcho } from "../wire/icmp.ts";
import { encodeEcho6, encodeSolicitation, multicastMac, solicitedNode } from "../wire/nd.ts";

export { tagged } from "../wire/ethernet.ts";

/** What makes our echoes ours. */
export interface Marks {
  /** 16 bits, in the echo's own field: what the kernel's filter looks for. */
  readonly echoId: number;
  /** Eight random bytes in the data: nobody who hasn't seen a probe can answer it. */
  readonly nonce: Uint8Array;
}

/** "Where is the router?" With the host's own address where there is one to be told (through the active port), else
 *  anonymously, so that nobody learns anything from it. */
export function routerQuestion(ask: {
  readonly mac: string;
  /** The router's MAC address, or BROADCAST. */
  readonly to: string;
  readonly target: string;
  readonly own: string | undefined;
}): Uint8Array {
  const { mac, target, own } = ask;
  if (target.includes(":")) {
    const to = ask.to === BROADCAST || own === undefined ? multicastMac(solicitedNode(target)) : ask.to;
    const payload = encodeSolicitation({ from: own ?? "::", target, mac });
    return encodeFrame({ to, from: mac, type: ETHERTYPE.ipv6, payload });
  }
  const question = own === undefined ? arpProbe(mac, target) : { ...arpProbe(mac, target), senderIp: own };
  return encodeFrame({ to: ask.to, from: mac, type: ETHERTYPE.arp, payload: encodeArp(question) });
}

/** An echo to a target beyond the router, addressed to the router. */
export function echoFrame(echo: {
  readonly mac: string;
  readonly to: string;
  readonly from: string;
  readonly target: string;
  readonly id: number;
  readonly marks: Marks;
}): Uint8Array {
  const { mac, to, from, target, id, marks } = echo;
  const data = concat([marks.nonce, fromU32(id)]);
  const packet = { from, to: target, id: marks.echoId, seq: id & 0xffff, data };
  return target.includes(":")
    ? encodeFrame({ to, from: mac, type: ETHERTYPE.ipv6, payload: encodeEcho6(packet) })
    : encodeFrame({ to, from: mac, type: ETHERTYPE.ipv4, payload: encodeEcho({ kind: "request", ...packet }) });
}

/** The id of the probe an echo reply answers; undefined: it is none of ours. */
export function markOf(
  reply: { readonly id: number; readonly seq: number; readonly data: Uint8Array },
  marks: Marks,
): number | undefined {
  if (reply.id !== marks.echoId || reply.data.length < marks.nonce.length + 4) return undefined;
  if (!marks.nonce.every((byte, at) => reply.data[at] === byte)) return undefined;
  const id = u32(reply.data, marks.nonce.length);
  return (id & 0xffff) === reply.seq ? id : undefined;
}
