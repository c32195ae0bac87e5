import type { Host } from "../../host/ports.ts";
import { parseAddress } from "../../model/address.ts";
import { arpProbe, decodeArp, encodeArp } from "../../wire/arp.ts";
import { BROADCAST, decodeFrame, ETHERTYPE, encodeFrame, tagged } from "../../wire/ethernet.ts";
import { ipBytes } from "../../wire/ip.ts";
import type { LinkState } from "../../wire/link.ts";
import { decodeAdvertisement, encodeSolicitation, multicastMac, solicitedNode } from "../../wire/nd.ts";
import { type Condition, compileFilter } from "../../wire/packet-filter.ts";

/** Questions to one router through one link, and its answers: ARP for IPv4, neighbour discovery for IPv6. */
export interface RouterQuestions {
  /** Sends one more. */
  ask(): void;
  /** How many were sent, and when each answer came, ms of the host's clock. A question is answered at most once. */
  asked(): number;
  answers(): readonly number[];
  /** The router's MAC address as it last answered. */
  mac(): string | undefined;
  close(): void;
}

export interface Asking {
  readonly host: Host;
  /** What bears the address: a bond, or what stands on it. */
  readonly link: LinkState;
  readonly router: string;
  /** The host's own address in the router's family; undefined: the question is anonymous (IPv4 only). */
  readonly own: string | undefined;
  /** The MAC address that asks, where it isn't the link's: a standby port must not speak as its bond. */
  readonly as?: string;
  /** The VLAN it is asked in, where the link stands below it. */
  readonly vlan?: number;
}

const incoming: Condition = { load: "packet-type", at: 0, oneOf: [0, 1, 2, 3] };
const arpOrIpv6: Condition = { load: "half", at: 12, oneOf: [ETHERTYPE.arp, ETHERTYPE.ipv6] };

/** Opens a socket on the link; undefined: the kernel gives none (the link is gone, or is no Ethernet). */
export function openQuestions({ host, link, router, own, as = link.mac, vlan }: Asking): RouterQuestions | undefined {
  const came: number[] = [];
  let asked = 0;
  let mac: string | undefined;
  const tap = host.packets.open(link.index, compileFilter([[incoming, arpOrIpv6]]), (bytes, at) => {
    const from = answerOf(bytes, router);
    if (from === undefined || came.length >= asked) return;
    mac = from;
    came.push(at);
  });
  if (!tap.ok) return undefined;
  const is6 = router.includes(":");
  if (as !== link.mac) tap.value.hear(as);
  if (is6) tap.value.hear(multicastMac("ff02::1"));
  return {
    ask() {
      asked += 1;
      tap.value.send(tagged(question(as, router, own), vlan));
    },
    asked: () => asked,
    answers() {
      tap.value.drain();
      return came;
    },
    mac: () => mac,
    close: () => tap.value.close(),
  };
}

/** The question for a router, to everybody: ARP for IPv4, a solicitation for IPv6. */
export function question(mac: string, router: string, own: string | undefined): Uint8Array {
  if (router.includes(":")) {
    const payload = encodeSolicitation({ from: own ?? "::", target: router, mac });
    return encodeFrame({ to: multicastMac(solicitedNode(router)), from: mac, type: ETHERTYPE.ipv6, payload });
  }
  const probe = arpProbe(mac, router);
  const payload = encodeArp(own === undefined ? probe : { ...probe, senderIp: own });
  return encodeFrame({ to: BROADCAST, from: mac, type: ETHERTYPE.arp, payload });
}

/** The MAC address that answers for the router, if this frame does. */
export function answerOf(bytes: Uint8Array, router: string): string | undefined {
  const frame = decodeFrame(bytes);
  if (frame === undefined) return undefined;
  if (frame.type === ETHERTYPE.arp) {
    const arp = decodeArp(frame.payload);
    return arp?.operation === "reply" && arp.senderIp === router ? arp.senderMac : undefined;
  }
  const said = decodeAdvertisement(frame.payload);
  if (said === undefined || !isSameAddress(said.target, router)) return undefined;
  return said.mac === "" ? frame.from : said.mac;
}

function isSameAddress(one: string, other: string): boolean {
  const [a, b] = [ipBytes(one), ipBytes(other)];
  return a !== undefined && b !== undefined && Buffer.from(a).equals(b);
}

/** Asks up to five times within half a second, and returns with the first answer: the router's MAC address, or undefined. */
export async function findRouter(
  asking: Asking,
  sleep: (seconds: number) => Promise<void>,
): Promise<string | undefined> {
  const questions = openQuestions(asking);
  if (questions === undefined) return undefined;
  try {
    for (let asked = 0; asked < 5; asked++) {
      questions.ask();
      await sleep(0.1);
      if (questions.answers().length > 0) break;
    }
    return questions.mac();
  } finally {
    questions.close();
  }
}

/** The own address on the router's side, of those a link has. */
export function ownToward(
  router: string,
  addresses: readonly { readonly ip: string; readonly prefix: number; readonly scope: string }[],
): string | undefined {
  const wanted = parseAddress(router);
  if (!wanted.ok) return undefined;
  const isLocal = router.toLowerCase().startsWith("fe80:");
  const ofFamily = addresses.filter(({ ip }) => ip.includes(":") === router.includes(":"));
  return (ofFamily.find(({ scope }) => (scope === "link") === isLocal) ?? ofFamily[0])?.ip;
}
