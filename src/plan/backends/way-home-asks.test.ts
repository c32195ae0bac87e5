import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { loanOf } from "../lend-addresses.ts";
import { quiet } from "../testing/quiet-host.ts";
import { wayHome } from "./way-home.ts";

const space = ["unshare", "--map-root-user", "--net", "--mount", "sh", "-c"] as const;
const cable = "mount -t sysfs none /sys && ip link add hfa type veth peer name hfb";
const canUnshare = spawnSync(space[0], [...space.slice(1), cable]).status === 0;

type Family = "ipv4" | "ipv6";
const routers = { ipv4: ["192.0.2.1", "192.0.2.2"], ipv6: ["2001:db8::1", "2001:db8::2"] } as const;
/** How many questions have been sent: what reaches the cable's other end, or where much else does what the kernel counts. */
const sent = {
  ipv4: "cat /sys/class/net/hfb/statistics/rx_packets",
  ipv6: "awk '/OutNeighborSolicits/ { print $2 }' /proc/net/dev_snmp6/hfa",
} as const;

/** The way home of a link with two routers. */
function stepOf(family: Family) {
  const own = { ipv4: "192.0.2.5/24", ipv6: "2001:db8::5/64" }[family];
  const [first, second] = routers[family];
  const beyond = { ipv4: "198.51.100.0/24", ipv6: "2001:db8:5::/64" }[family];
  const route = { dev: "hfa", metric: 100, table: 254, family };
  const routes = [
    { ...route, to: "default", via: first },
    { ...route, to: beyond, via: second },
  ];
  const host = { ...quiet, links: [{ name: "hfa", addresses: [own] }], routes };
  const places = { from: ["hfa"], to: "hfa", families: "both" } as const;
  const before = { bonds: [], interfaces: [] };
  const loan = loanOf(...([host, before, places] as unknown as readonly [...Parameters<typeof loanOf>]));
  if (loan === undefined) throw new Error("nothing is lent");
  return wayHome({ bond: "hfbond", bearer: "hfa", loan, own: [] });
}

/** Which routers were asked for, and by how many packets, when the step has run between these lines of shell, at the end of a cable in a
 *  namespace of its own. */
function asked(
  family: Family,
  before: string,
  after = "",
): { readonly of: readonly string[]; readonly packets: number } {
  const { argv, stdin = "" } = stepOf(family);
  const noIp6 = family === "ipv4" ? 1 : 0;
  const script = `${cable} || exit 9
for end in hfa hfb; do
  echo 1 >/proc/sys/net/ipv6/conf/$end/addr_gen_mode
  echo ${noIp6} >/proc/sys/net/ipv6/conf/$end/disable_ipv6
done
ip link set hfb up && ip link set hfa up
[ ${noIp6} = 1 ] || ip address add fe80::5/64 dev hfa nodad
sent() { ${sent[family]}; }
${before}
first=$(sent)
sh -c "$0" "$@"
${after}
echo $(($(sent) - first))
# Where there is ping, each is asked once more by its own address, for which the entry is made anew.
n=0
while [ $n -lt 100 ] && [ $(ip neighbour show dev hfa | wc -l) -lt 2 ]; do n=$((n + 1)); sleep 0.05; done
ip neighbour show dev hfa`;
  const [, , step = "", ...words] = argv;
  const { stdout } = spawnSync(space[0], [...space.slice(1), script, step, ...words], {
    input: stdin,
    encoding: "utf8",
  });
  const [packets, ...entries] = stdout.trim().split("\n");
  return { of: entries.map((line) => line.split(" ")[0] ?? "").toSorted(), packets: Number(packets) };
}

describe.skipIf(!canUnshare)(
  `who is asked on the way home${canUnshare ? "" : " (skipped: no network namespace with a cable here)"}`,
  () => {
    test("ipv6: again when the link's own address comes after the step has ended: without it the kernel keeps its questions to itself", () => {
      const forgotten = routers.ipv6.map((router) => `ip neighbour del ${router} dev hfa`).join("\n");
      const late = `${forgotten}
first=$(sent)
ip address add fe80::5/64 dev hfa nodad
n=0
while [ $n -lt 200 ] && [ $(($(sent) - first)) -lt 2 ]; do n=$((n + 1)); sleep 0.05; done`;
      const { of, packets } = asked("ipv6", "ip address del fe80::5/64 dev hfa", late);
      expect(of).toEqual(routers.ipv6);
      expect(packets).toBeGreaterThanOrEqual(2);
    });

    for (const family of ["ipv4", "ipv6"] as const) {
      const knows = (router: string) => `ip neighbour replace ${router} dev hfa lladdr 02:00:00:00:00:09 nud stale`;
      const [one, two] = routers[family].map(knows);
      test.each([
        ["none", ":"],
        ["the first", one],
        ["the second", two],
        ["both", `${one}\n${two}`],
      ])(`${family}: every router, whichever is known already: %s`, (_, known = "") => {
        const { of, packets } = asked(family, known);
        expect(of).toEqual(routers[family]);
        expect(packets).toBeGreaterThanOrEqual(2);
      });

      test(`${family}: again when the carrier comes after the step has ended`, () => {
        const forgotten = routers[family].map((router) => `ip neighbour del ${router} dev hfa`).join("\n");
        // Nothing asks by itself any more when the other end comes up.
        const late = `${forgotten}
first=$(sent)
ip link set hfb up
n=0
while [ $n -lt 200 ] && [ $(($(sent) - first)) -lt 2 ]; do n=$((n + 1)); sleep 0.05; done`;
        const { of, packets } = asked(family, "ip link set hfb down", late);
        expect(of).toEqual(routers[family]);
        expect(packets).toBeGreaterThanOrEqual(2);
      });
    }
  },
);
