import type { SeenBridge } from "../model/network-sight.ts";
import { be16, concat, fromBe16, fromU8, macBytes, macText } from "./bytes.ts";
import type { Frame } from "./ethernet.ts";

/** Spanning tree messages: every bridge that speaks it says every two seconds who it is. Source: IEEE 802.1Q-2022, clause 14; the way Cisco
 *  wraps it for one VLAN (PVST+) as its bridges send it. */

/** Where bridges send them to: the standard's group, and PVST+'s. */
export const BPDU_GROUPS = ["01:80:c2:00:00:00", "01:00:0c:cc:cc:cd"] as const;

const LLC = Uint8Array.of(0x42, 0x42, 0x03);
const SNAP = Uint8Array.of(0xaa, 0xaa, 0x03, 0x00, 0x00, 0x0c, 0x01, 0x0b);
const CONFIGURATION = 0;
const RAPID = 2;
/** Up to this, the field behind the addresses is a length and no type. */
const MOST_LENGTH = 1500;
/** Of a multiple spanning tree's message: where it names its own bridge; where others do stands the root of its region. */
const MST_BRIDGE = 93;

/** The bridge that a frame tells of; undefined when it is no spanning tree message, or one that names none (a topology change). */
export function decodeBpdu({ type, payload }: Frame): SeenBridge | undefined {
  if (type > MOST_LENGTH) return undefined;
  const head = [LLC, SNAP].find((one) => one.every((byte, at) => payload[at] === byte));
  if (head === undefined) return undefined;
  const message = payload.subarray(head.length);
  const kind = message[3];
  if (message.length < 35 || be16(message, 0) !== 0 || (kind !== CONFIGURATION && kind !== RAPID)) return undefined;
  const isMultiple = (message[2] ?? 0) >= 3 && message.length >= MST_BRIDGE + 8;
  return {
    mac: identity(message, isMultiple ? MST_BRIDGE : 17),
    // The upper four bits are its priority.
    port: be16(message, 25) & 0x0fff,
    root: identity(message, 5),
  };
}

/** The payload of a frame by which a bridge says who it is, as rapid spanning tree has it; the frame's type is its length. */
export function encodeBpdu({ mac, port, root }: SeenBridge): Uint8Array {
  const priority = fromBe16(0x8000);
  const zero = new Uint8Array(6);
  return concat([
    LLC,
    Uint8Array.of(0, 0, 2, RAPID, 0x3c),
    priority,
    macBytes(root) ?? zero,
    new Uint8Array(4),
    priority,
    macBytes(mac) ?? zero,
    fromBe16(0x8000 | (port & 0x0fff)),
    // Message age, maximum age, hello, forward delay in 1/256 s, and no older message behind it.
    fromBe16(0),
    fromBe16(20 << 8),
    fromBe16(2 << 8),
    fromBe16(15 << 8),
    fromU8(0),
  ]);
}

/** Priority and MAC address; the address alone says who it is. */
function identity(message: Uint8Array, at: number): string {
  return macText(message.subarray(at + 2, at + 8));
}
