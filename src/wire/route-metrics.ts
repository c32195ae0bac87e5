import { text, u32 } from "./bytes.ts";
import { decodeAttributes, listAttributes } from "./netlink.ts";

/** What a route says of the packets on it, such as their size: in the words of ip(8), and not to be confused with its own metric. */
export interface RouteMetric {
  readonly name: string;
  readonly value: string;
  /** The kernel must not learn better. */
  readonly isLocked?: true;
}

/** By the numbers of RTAX_… Source: linux/rtnetlink.h. */
const names = [
  ...["", "", "mtu", "window", "rtt", "rttvar", "ssthresh", "cwnd", "advmss", "reordering", "hoplimit", "initcwnd"],
  ...["features", "rto_min", "initrwnd", "quickack", "congctl", "fastopen_no_cookie"],
];
const RTAX_LOCK = 1;
const FEATURE_ECN = 1;

/** RTA_METRICS, attributes in an attribute. What has no name here is left out: a route without it is better than none. */
export function routeMetrics(bytes: Uint8Array): readonly RouteMetric[] {
  const locks = u32(decodeAttributes(bytes).get(RTAX_LOCK) ?? new Uint8Array(), 0);
  return listAttributes(bytes).flatMap(({ type, value: raw }) => {
    const name = names[type] ?? "";
    const value = valueIn(name, raw);
    if (name === "" || value === "") return [];
    // ip(8) locks this one whenever it is said, and takes no word for it.
    const isLocked = name !== "rto_min" && (locks & (1 << type)) !== 0;
    return [{ name, value, ...(isLocked ? { isLocked: true as const } : {}) }];
  });
}

function valueIn(name: string, raw: Uint8Array): string {
  if (name === "congctl") return text(raw);
  if (name === "features") return (u32(raw, 0) & FEATURE_ECN) === 0 ? "" : "ecn";
  return String(u32(raw, 0));
}
