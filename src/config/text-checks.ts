import { parseAddress, parseCidr, parseMac, reservedRole } from "../model/address.ts";
import { isInterfaceName } from "../model/option-value.ts";
import type { TextProblem } from "./shape.ts";

/** Why a text is no interface name: what the kernel would refuse. */
export function interfaceName(text: string): TextProblem | undefined {
  if (isInterfaceName(text)) return undefined;
  return { message: "is none", hint: "Use 1 to 15 bytes without blanks, slash, colon or percent; not . or .." };
}

/** Why a text is no IP address. */
export function ipAddress(text: string): TextProblem | undefined {
  const slash = text.includes("/") ? "Leave the prefix length away: it belongs to address." : undefined;
  const read = parseAddress(text);
  if (read.ok) return undefined;
  return { message: `is none (${read.error})`, ...(slash === undefined ? {} : { hint: slash }) };
}

/** Why a text is no address a host could carry, with the length of its prefix. */
export function hostCidr(text: string): TextProblem | undefined {
  const read = parseCidr(text);
  if (!read.ok) return { message: `is none (${read.error})` };
  const role = reservedRole(read.value);
  if (role !== undefined)
    return { message: `is the ${role} address of its subnet`, hint: "Give the host's own address in that subnet." };
  return undefined;
}

/** Why a text is neither a subnet nor "default". */
export function routeTarget(text: string): TextProblem | undefined {
  if (text === "default") return undefined;
  const read = parseCidr(text);
  return read.ok ? undefined : { message: `is none (${read.error})` };
}

/** Why a text is no MAC address of one device. */
export function macAddress(text: string): TextProblem | undefined {
  const mac = parseMac(text);
  if (mac === undefined) return { message: "is none", hint: "Write six pairs of hexadecimal digits with colons." };
  const multicast = (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
  return multicast ? { message: "is a group address", hint: "Use one whose first pair is even." } : undefined;
}

/** Why a text is no target for probes. A name would need DNS, which is what an outage takes away first. */
export function probeTarget(text: string): TextProblem | undefined {
  if (text === "gateway" || parseAddress(text).ok) return undefined;
  return { message: "is neither", hint: "Give an address: a name would need DNS, which an outage takes away first." };
}

/** Why a text is no SSID: more than 32 bytes. */
export function ssid(text: string): TextProblem | undefined {
  return new TextEncoder().encode(text).length > 32 ? { message: "is longer than 32 bytes" } : undefined;
}
