import type { Situation } from "./backend.ts";
import type { BackendName, Interruption } from "./change.ts";

/** How long traffic stopped where a bond was made anew in the lab, ms, on links that have carrier at once: the largest of what was measured,
 *  rounded up. */
const measured: Readonly<Partial<Record<BackendName, number>>> = {
  ifupdown: 3000,
};

/** How long a copper port takes until it has carrier again, ms: the lab's wires have it at once. */
const negotiationMs = 3000;

/** What taking bonds down and up again costs, by what it cost where it was measured. */
export function costs(backend: BackendName, situation: Situation): Interruption {
  const base = measured[backend] ?? 10_000;
  const isHardware = situation.merged.wanted.bonds.some(({ ports }) =>
    ports.some((port) => situation.host.links.find(({ name }) => name === port)?.device !== ""),
  );
  const ms = base + (isHardware ? negotiationMs : 0);
  const lease = situation.meant.interfaces.some(
    ({ name, ipv4 }) => ipv4.method === "dhcp" && situation.bonds.has(name),
  );
  const more = [
    ...(isHardware ? ["a cable's ends take up to 3 s to agree"] : []),
    ...(lease ? ["the lease comes when its server answers"] : []),
  ];
  return { ms, from: "rule", why: [`so long it took in the lab to make a bond anew`, ...more].join("; ") };
}
