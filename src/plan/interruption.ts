import type { Situation } from "./backend.ts";
import type { BackendName, Interruption } from "./change.ts";

/** What making a bond anew of the host's only cable cost, ms, rounded up generously: programs are slow where the processor is. Measured in
 *  the lab with packets every 5 ms, three times each, on a machine with far too much else to do. ifupdown's scripts (ifdown 0.8.41,
 *  ifenslave 2.13) took longest: the address is away from ifdown's beginning to ifup's end. networkd (252) lost 20 to 280 ms,
 *  NetworkManager (1.42) 0.8 to 1.3 s. With a clock that only programs' waiting moves, all three lost at most 5 ms. */
const measured: Readonly<Partial<Record<BackendName, number>>> = {
  ifupdown: 5000,
  ifupdown2: 5000,
  netplan: 3000,
  networkd: 1000,
  networkmanager: 3000,
  netlink: 500,
};

/** What it costs where ip moves the addresses and the manager only follows, ms. */
const movedMs = 200;

/** How long a copper port takes until it has carrier again, ms: the lab's wires have it at once. */
const negotiationMs = 3000;

/** What taking bonds down and up again costs, by what it cost where it was measured. */
export function costs(
  backend: BackendName,
  situation: Situation,
  how: "by its manager" | "moved by ip" = "by its manager",
): Interruption {
  const base = how === "moved by ip" ? movedMs : (measured[backend] ?? 10_000);
  const isHardware = situation.merged.wanted.bonds.some(({ ports }) =>
    ports.some((port) => situation.host.links.find(({ name }) => name === port)?.device !== ""),
  );
  const ms = base + (isHardware ? negotiationMs : 0);
  const lease = situation.meant.interfaces.some(
    ({ name, ipv4 }) => ipv4.method === "dhcp" && situation.bonds.has(name),
  );
  const gone = goingAddresses(situation);
  const more = [
    ...(isHardware ? ["a cable's ends take up to 3 s to agree"] : []),
    ...(lease ? ["the lease comes when its server answers"] : []),
    ...(gone.length > 0 ? [`connections to ${gone.join(" and ")} end with the address`] : []),
  ];
  return { ms, from: "rule", why: ["making a bond anew took less in the lab", ...more].join("; ") };
}

/** Addresses that the links have now and the wanted bonds won't have. Whether a lease brings the same again nobody can say. */
function goingAddresses({ host, merged, meant }: Situation): readonly string[] {
  const stay = new Set(meant.interfaces.flatMap(({ ipv4, ipv6 }) => [...ipv4.addresses, ...ipv6.addresses]));
  if (meant.interfaces.some(({ ipv4, ipv6 }) => [ipv4, ipv6].some(({ method }) => method === "dhcp"))) return [];
  return host.links
    .filter(({ name }) => merged.names.has(name))
    .flatMap(({ addresses }) => addresses.filter((one) => !stay.has(one)))
    .map((one) => one.replace(/\/\d+$/, ""));
}
