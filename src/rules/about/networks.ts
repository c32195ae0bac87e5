import { containsAddress, parseAddress, parseCidr } from "../../model/address.ts";

/** Whether any of these networks (CIDR) holds the address; false for what cannot be read. */
export function isWithin(networks: readonly string[], address: string): boolean {
  const wanted = parseAddress(address);
  if (!wanted.ok) return false;
  return networks.some((text) => {
    const network = parseCidr(text);
    return network.ok && containsAddress(network.value, wanted.value);
  });
}
