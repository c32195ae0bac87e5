import { be16, concat, fromBe16, macBytes, macText } from "./bytes.ts";

/** Ethernet II frames. Source: IEEE 802.3; EtherType numbers by IANA. */

export const ETHERTYPE = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd, lldp: 0x88cc } as const;
export const BROADCAST = "ff:ff:ff:ff:ff:ff";

export interface Frame {
  readonly to: string;
  readonly from: string;
  readonly type: number;
  readonly payload: Uint8Array;
}

/** A frame without padding and checksum: the kernel adds them. Addresses must be MAC addresses. */
export function encodeFrame(frame: Frame): Uint8Array {
  const zero = new Uint8Array(6);
  return concat([macBytes(frame.to) ?? zero, macBytes(frame.from) ?? zero, fromBe16(frame.type), frame.payload]);
}

/** A received frame; undefined when it is shorter than a header. One VLAN tag is looked through. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length < 14) return undefined;
  const tagged = be16(bytes, 12) === ETHERTYPE.vlan;
  if (tagged && bytes.length < 18) return undefined;
  const at = tagged ? 16 : 12;
  return {
    to: macText(bytes.subarray(0, 6)),
    from: macText(bytes.subarray(6, 12)),
    type: be16(bytes, at),
    payload: bytes.subarray(at + 2),
  };
}

/** The frame with an 802.1Q tag, where there is a VLAN. The kernel takes the tag off what comes in. */
export function tagged(frame: Uint8Array, vlan: number | undefined): Uint8Array {
  if (vlan === undefined) return frame;
  return concat([frame.subarray(0, 12), fromBe16(ETHERTYPE.vlan), fromBe16(vlan), frame.subarray(12)]);
}
