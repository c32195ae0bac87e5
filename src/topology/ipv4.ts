/** An IPv4 address with its network, as numbers. */
export interface Subnet {
  /** The address itself, 0 to 2^32 - 1. */
  readonly address: number;
  /** Prefix length, 0 to 32. */
  readonly prefix: number;
}

/** The number behind "192.168.1.1"; undefined when the text is no IPv4 address in dotted decimal. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^\d{1,3}$/.test(part) || Number(part) > 255) return undefined;
    value = value * 256 + Number(part);
  }
  return value;
}

/** "192.168.1.1" for its number. */
export function addressText(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** "192.168.1.1/24" as numbers; a bare address takes `prefix`. Undefined for anything else, IPv6 included. */
export function parseSubnet(text: string, prefix = 32): Subnet | undefined {
  const [host = "", length] = text.split("/");
  const address = parseAddress(host);
  if (address === undefined) return undefined;
  if (length === undefined) return { address, prefix };
  if (!/^\d{1,2}$/.test(length) || Number(length) > 32) return undefined;
  return { address, prefix: Number(length) };
}

/** "192.168.1.1/24". */
export function subnetText(subnet: Subnet): string {
  return `${addressText(subnet.address)}/${subnet.prefix}`;
}

/** The first address of the network. */
export function networkOf(subnet: Subnet): number {
  const size = 2 ** (32 - subnet.prefix);
  return Math.floor(subnet.address / size) * size;
}

/** Whether an address lies in the network of `subnet`. */
export function contains(subnet: Subnet, address: number): boolean {
  const first = networkOf(subnet);
  return address >= first && address < first + 2 ** (32 - subnet.prefix);
}

/** Whether two networks share an address. */
export function overlap(one: Subnet, other: Subnet): boolean {
  return contains(one, networkOf(other)) || contains(other, networkOf(one));
}

/** A host address of the network that nobody has, looked for from `offset` (addresses after the first) upwards, then from 1.
 *  Undefined when the network is full; looks at no more than 1,024 addresses. */
export function freeAddress(subnet: Subnet, taken: ReadonlySet<number>, offset: number): number | undefined {
  const first = networkOf(subnet);
  const last = first + 2 ** (32 - subnet.prefix) - 1;
  for (const start of [first + offset, first + 1]) {
    for (let address = start; address < last && address < start + 512; address++) {
      if (address > first && !taken.has(address)) return address;
    }
  }
  return undefined;
}
