import { type Address, type Cidr, parseCidr } from "../../model/address.ts";

/** The addresses a link has in one family, and the networks they are in: a script of a thousand addresses may ask a thousand times who
 *  reaches a router. */
export interface Addresses {
  /** In CIDR form, in order, each once. */
  readonly texts: Set<string>;
  /** By length of the prefix: how many addresses are in the network of these bits. */
  readonly networks: Map<number, Map<bigint, number>>;
}

/** None yet. */
export function noAddresses(): Addresses {
  return { texts: new Set(), networks: new Map() };
}

/** Adds one in CIDR form; nothing where it is there already. */
export function addAddress({ texts, networks }: Addresses, text: string): void {
  if (texts.has(text)) return;
  texts.add(text);
  const cidr = parseCidr(text);
  if (!cidr.ok) return;
  const { prefix } = cidr.value;
  const known = networks.get(prefix) ?? new Map<bigint, number>();
  networks.set(prefix, known);
  const bits = networkBits(cidr.value, prefix);
  known.set(bits, (known.get(bits) ?? 0) + 1);
}

/** Takes one out; nothing where it isn't there. */
export function dropAddress({ texts, networks }: Addresses, text: string): void {
  const cidr = parseCidr(text);
  if (!texts.delete(text) || !cidr.ok) return;
  const { prefix } = cidr.value;
  const known = networks.get(prefix);
  const bits = networkBits(cidr.value, prefix);
  const count = (known?.get(bits) ?? 0) - 1;
  if (count > 0) known?.set(bits, count);
  else known?.delete(bits);
}

/** Takes all out. */
export function dropAddresses({ texts, networks }: Addresses): void {
  texts.clear();
  networks.clear();
}

/** Asks of any number of links whether an address lies in a network of theirs, all of the address's own family. */
export function reaching(address: Address): (addresses: Addresses) => boolean {
  // The same for every link: worked out once for each length of prefix there is.
  const cut = new Map<number, bigint>();
  const bitsFor = (prefix: number): bigint => {
    const known = cut.get(prefix) ?? networkBits(address, prefix);
    cut.set(prefix, known);
    return known;
  };
  return ({ networks }) => {
    for (const [prefix, known] of networks) if (known.has(bitsFor(prefix))) return true;
    return false;
  };
}

function networkBits({ family, bits }: Address | Cidr, prefix: number): bigint {
  return bits >> BigInt((family === 4 ? 32 : 128) - prefix);
}
