/** A 32-bit number from a text, the same on every machine (FNV-1a over UTF-16 units). */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  }
  return hash;
}

/** A name fit for a network namespace, an id and a file: letters, digits, dot, dash, underscore; never empty, at most 40 characters. */
export function plainName(text: string): string {
  const plain = text
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|(?<![-.])[-.]+$/g, "")
    .slice(0, 40);
  return plain === "" ? `x${hash32(text).toString(16)}` : plain;
}

/** `wanted`, or `wanted-2`, `wanted-3`… when it is taken. The chosen name is added to `taken`. */
export function freshName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name); n++) name = `${wanted}-${n}`;
  taken.add(name);
  return name;
}

/** The kernel keeps 15 characters of an interface name and a closing zero (IFNAMSIZ 16). */
const longestDevice = 15;

/** A name for a network device, `wanted` where it is legal and free: at most 15 characters. The chosen name is added to `taken`. */
export function deviceName(wanted: string, taken: Set<string>): string {
  const plain = plainName(wanted);
  let name = plain;
  for (let n = 0; name.length > longestDevice || taken.has(name); n++) {
    const tail = hash32(`${wanted}#${n}`).toString(16).slice(0, 4);
    name = `${plain.slice(0, longestDevice - 5)}-${tail}`;
  }
  taken.add(name);
  return name;
}

/** A locally administered unicast MAC address that depends on `key` alone, unless another key already took it. */
export function macFor(key: string, taken: Set<string>): string {
  for (let n = 0; ; n++) {
    const bits = [hash32(`${key}#${n}`), hash32(`${n}#${key}`)];
    const bytes = [2, ...[0, 8, 16, 24].map((s) => ((bits[0] ?? 0) >>> s) & 255), (bits[1] ?? 0) & 255];
    const mac = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
    if (!taken.has(mac)) {
      taken.add(mac);
      return mac;
    }
  }
}
