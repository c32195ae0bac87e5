/** Says who may try to log in now. All times are monotonic ms. */
export interface Throttle {
  /** How long to wait, ms; 0: a try may be made, and is counted. */
  readonly take: (address: string, at: number) => number;
  /** It was the right password: the address begins anew, and isn't held up by others' guesses. */
  readonly succeeded: (address: string, at: number) => void;
}

/** A bucket of tries that fills by one every so often. */
interface Bucket {
  tries: number;
  at: number;
}

/** Five at once, then one every 20 s: 1,500 guesses in a night. */
const perAddress = { most: 5, everyMs: 20_000 } as const;
/** All strangers together, or a botnet has as many tries as addresses. */
const inAll = { most: 20, everyMs: 3_000 } as const;
/** Addresses remembered; beyond, the one not heard of longest is forgotten. */
const mostAddresses = 1_000;

/** A throttle that has seen nobody. */
export function loginThrottle(): Throttle {
  const buckets = new Map<string, Bucket>();
  const known = new Set<string>();
  const everybody: Bucket = { tries: inAll.most, at: 0 };
  return {
    take(address, at) {
      const key = neighbourhood(address);
      const own = buckets.get(key) ?? { tries: perAddress.most, at };
      remember(buckets, key, own);
      fill(own, at, perAddress);
      fill(everybody, at, inAll);
      const waits = [wait(own, at, perAddress), known.has(key) ? 0 : wait(everybody, at, inAll)];
      const longest = Math.max(...waits);
      if (longest > 0) return longest;
      own.tries -= 1;
      if (!known.has(key)) everybody.tries -= 1;
      return 0;
    },
    succeeded(address, at) {
      const key = neighbourhood(address);
      remember(buckets, key, { tries: perAddress.most, at });
      known.delete(key);
      known.add(key);
      for (const oldest of known) {
        if (known.size <= mostAddresses) break;
        known.delete(oldest);
      }
    },
  };
}

/** Who has one IPv6 address has all of its /64. */
function neighbourhood(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").split("%", 1)[0] ?? "";
  if (!plain.includes(":")) return plain;
  const [head = "", tail = ""] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const middle = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0");
  return [...left, ...middle, ...right].slice(0, 4).join(":");
}

function remember(buckets: Map<string, Bucket>, key: string, bucket: Bucket): void {
  buckets.delete(key);
  buckets.set(key, bucket);
  const [oldest] = buckets.keys();
  if (buckets.size > mostAddresses && oldest !== undefined) buckets.delete(oldest);
}

function fill(
  bucket: Bucket,
  at: number,
  { most, everyMs }: { readonly most: number; readonly everyMs: number },
): void {
  const more = Math.floor(Math.max(0, at - bucket.at) / everyMs);
  bucket.tries = Math.min(most, bucket.tries + more);
  bucket.at = bucket.tries === most ? at : bucket.at + more * everyMs;
}

function wait(bucket: Bucket, at: number, { everyMs }: { readonly everyMs: number }): number {
  return bucket.tries > 0 ? 0 : Math.max(1, bucket.at + everyMs - at);
}
