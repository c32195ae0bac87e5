import { macBytes, macText } from "./bytes.ts";

/** What is known of a port's addresses when a probe is to leave through it. MAC addresses in lower case. */
export interface PortMacs {
  readonly isActive: boolean;
  /** The bond's `fail_over_mac`: 0 none, 1 active, 2 follow. */
  readonly failOverMac: number;
  /** What the bond's own frames bear now. */
  readonly bondMac: string;
  /** What the interface bears now. */
  readonly portMac: string;
  /** What it was made with; "" where the kernel doesn't say. */
  readonly permanentMac: string;
}

/** The MAC address a probe through this port bears. Through the active port the bond's own. Through any other never: the
 *  switches would learn it there and send the host's traffic into the wrong port. There it is the port's permanent address,
 *  or, where the bond has borrowed exactly that one, a locally administered one made from it. */
export function probeMac(port: PortMacs): string {
  if (port.isActive) return port.bondMac;
  if (port.failOverMac === 1 && port.portMac !== port.bondMac) return port.portMac;
  const own = isMac(port.permanentMac) ? port.permanentMac : port.portMac;
  return own === port.bondMac ? privateMac(own) : own;
}

function isMac(text: string): boolean {
  return macBytes(text) !== undefined && text !== "00:00:00:00:00:00";
}

/** A locally administered address that belongs to this one: the same every time, and never the address itself. */
export function privateMac(mac: string): string {
  const bytes = macBytes(mac) ?? new Uint8Array(6);
  const [first = 0, second = 0, third = 0, ...rest] = bytes;
  return macText(Uint8Array.of((first | 0x02) & 0xfe, second ^ 0x48, third ^ 0x46, ...rest));
}
