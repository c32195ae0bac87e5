import { linuxPackets } from "../../../src/host/linux/packets.ts";
import type { Tap } from "../../../src/host/ports.ts";
import { inside } from "../../../src/lab/guest/namespaces.ts";
import { indexOf, type Network, namespaceOf } from "../../../src/lab/guest/network.ts";
import { decodeArp } from "../../../src/wire/arp.ts";
import { concat, fromBe16, macBytes } from "../../../src/wire/bytes.ts";
import { decodeFrame, ETHERTYPE, encodeFrame, type Frame } from "../../../src/wire/ethernet.ts";
import { decodeIcmp6, encodeIcmp6 } from "../../../src/wire/icmp6.ts";
import { decodeAdvertisement, multicastMac } from "../../../src/wire/nd.ts";
import { compileFilter } from "../../../src/wire/packet-filter.ts";
import { must } from "./bench.ts";
import type { Overheard } from "./course.ts";

interface Place {
  readonly node: string;
  readonly dev: string;
}

/** Everything that comes in. */
const anything = compileFilter([[{ load: "packet-type", at: 0, oneOf: [0, 1, 2, 3] }]]);

function listen(network: Network, { node, dev }: Place, onFrame: (frame: Frame, bytes: Uint8Array) => void): Tap {
  const index = indexOf(network, node, dev);
  return inside(namespaceOf(network, node), network.home, () =>
    must(
      linuxPackets.open(index, anything, (bytes) => {
        const frame = decodeFrame(bytes);
        if (frame !== undefined) onFrame(frame, bytes);
      }),
    ),
  );
}

/** Tells what a host says of itself, of the kinds that a move calls for. */
export function overhear(network: Network, place: Place, onHeard: (kind: Overheard["kind"]) => void): Tap {
  return listen(network, place, (frame) => {
    const kind = kindOf(frame);
    if (kind !== undefined) onHeard(kind);
  });
}

function kindOf({ type, payload }: Frame): Overheard["kind"] | undefined {
  if (type === ETHERTYPE.arp) {
    const arp = decodeArp(payload);
    return arp !== undefined && arp.senderIp === arp.targetIp ? "gratuitous-arp" : undefined;
  }
  if (type === ETHERTYPE.ipv4) return payload[9] === 2 ? "igmp-report" : undefined;
  if (type !== ETHERTYPE.ipv6) return undefined;
  if (decodeIcmp6(payload)?.type === 133) return "router-solicitation";
  // MLD wears a hop-by-hop option of eight bytes before its message.
  if (payload[6] === 0 && payload[48] === 143) return "mld-report";
  return decodeAdvertisement(payload)?.isSolicited === false ? "unsolicited-advertisement" : undefined;
}

/** Hosts make addresses of their own in it: 2001:db8:1::/64, for an hour. */
const prefix = Uint8Array.of(3, 4, 64, 0xc0, 0, 0, 14, 16, 0, 0, 14, 16, 0, 0, 0, 0, 0x20, 1, 0x0d, 0xb8, 0, 1);

/** A router that speaks when it is asked: half an hour, no prefix unless it is asked for, after RFC 4861's 0–500 ms of courtesy. */
export function advertise(network: Network, place: Place, says: "router" | "prefix" = "router"): Tap {
  const mac = network.plan.nodes.find(({ name }) => name === place.node)?.bridge?.mac ?? "";
  const [router = ""] = place.node === "r2" ? ["fe80::2"] : ["fe80::1"];
  const courtesy = place.node === "r2" ? 120 : 310;
  const tap: Tap = listen(network, place, (frame) => {
    if (frame.type !== ETHERTYPE.ipv6 || decodeIcmp6(frame.payload)?.type !== 133) return;
    const option = concat([Uint8Array.of(1, 1), macBytes(mac) ?? new Uint8Array(6)]);
    const more = says === "prefix" ? [prefix, new Uint8Array(10)] : [];
    const body = concat([Uint8Array.of(64, 0), fromBe16(1_800), new Uint8Array(8), option, ...more]);
    const payload = encodeIcmp6({ from: router, to: "ff02::1", hopLimit: 255, type: 134, body });
    const answer = encodeFrame({ to: multicastMac("ff02::1"), from: mac, type: ETHERTYPE.ipv6, payload });
    setTimeout(() => tap.send(answer), courtesy);
  });
  return tap;
}
