import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import type { HostState } from "../../model/host-state.ts";
import type { LinkState } from "../../wire/link.ts";
import { emergencySteps } from "../probes/emergency.ts";
import type { Snapshot } from "../probes/snapshot.ts";
import { runtimeSteps } from "./runtime-steps.ts";

const link = (index: number, name: string, more: Partial<LinkState> = {}): LinkState => ({
  index,
  name,
  isUp: true,
  hasCarrier: true,
  operState: "up",
  mac: `02:00:00:00:00:0${index}`,
  permanentMac: `02:00:00:00:00:0${index}`,
  mtuBytes: 1500,
  master: 0,
  kind: "",
  ...more,
});

const bond = {
  mode: 1,
  activePort: 2,
  primary: 2,
  miimon: 100,
  arpInterval: 0,
  failOverMac: 0,
  primaryReselect: 0,
  updelay: 0,
  downdelay: 0,
  numPeerNotif: 3,
  allSlavesActive: 0,
  arpIpTargets: [],
};

const now: Snapshot = {
  links: [
    link(1, "lo"),
    link(2, "em1", { master: 4 }),
    link(3, "em2", { master: 4 }),
    link(4, "bond0", { kind: "bond", bond }),
    link(5, "it's", {}),
  ],
  addresses: [
    { index: 4, ip: "192.168.1.105", prefix: 24, scope: "global" },
    { index: 4, ip: "fe80::1", prefix: 64, scope: "link" },
  ],
  routes: [
    {
      family: 2,
      table: 254,
      type: 1,
      to: "",
      prefix: 0,
      via: "192.168.1.254",
      index: 4,
      metric: 0,
      source: "192.168.1.105",
      protocol: 4,
    },
    {
      family: 2,
      table: 254,
      type: 1,
      to: "192.168.1.0",
      prefix: 24,
      via: "",
      index: 4,
      metric: 0,
      source: "",
      protocol: 2,
    },
  ],
  tentative: new Set(),
};

const state = {
  bonds: [
    {
      name: "bond0",
      ports: ["em1", "em2"],
      options: { mode: "active-backup", miimon: 100, primary: "em1", arp_ip_target: ["192.168.1.254"] },
      known: [],
      activePort: "em1",
    },
  ],
} as unknown as HostState;

const commands = (steps: readonly { readonly argv: readonly string[] }[]): readonly string[] =>
  steps.map(({ argv }) => argv.join(" "));

/** A default route to bond0 itself. */
const aRoute: Snapshot["routes"][number] = {
  ...{ family: 2, table: 254, type: 1, to: "", prefix: 0, via: "", index: 4, metric: 0, source: "", protocol: 3 },
};

/** How runtimeSteps makes routes; what puts one beside another is told by its name alone. */
const routeCommands = (snapshot: Snapshot): readonly string[] =>
  commands(runtimeSteps(snapshot, state))
    .map((text) => text.replace(/^\/bin\/sh -c beside\(\) \{.*?\n\}\n/s, ""))
    .filter((text) => /^(\/bin\/sh -c |beside )?ip (-[46] )?route/.test(text));

test("the way back of a guarded command has addresses, routes and ports as they were, and is a shell's", () => {
  const steps = runtimeSteps(now, state);
  expect(steps.every(({ onFailure }) => onFailure === "go-on")).toBe(true);
  const texts = commands(steps);
  expect(texts).toContain("ip address replace 192.168.1.105/24 dev bond0");
  // A daemon keeps what is its own, and would leave a stranger's route alone for ever.
  expect(texts).toContain("ip route replace default via 192.168.1.254 dev bond0 src 192.168.1.105 proto 4");
  // The kernel makes it with the address.
  expect(texts.some((text) => text.includes("192.168.1.0/24"))).toBe(false);
  expect(texts.filter((text) => text.includes("master 'bond0'"))).toHaveLength(2);
  for (const { argv } of steps.filter(({ argv: [program] }) => program === "/bin/sh")) {
    const checked = spawnSync("sh", ["-n", "-c", argv[2] ?? ""], { encoding: "utf8" });
    expect([argv[2], checked.stderr]).toEqual([argv[2], ""]);
  }
});

test("an address for neighbours that was taken away comes back: the kernel makes it only when a link comes up", () => {
  const step = runtimeSteps(now, state).find(({ argv }) => argv[2]?.includes("fe80::1/64"));
  // Where one is there it stays as it is.
  const run = (has: string): readonly string[] =>
    spawnSync("sh", ["-c", `ip() { case $* in *show*) ${has} ;; *) echo "$@" ;; esac; }\n${step?.argv[2]}`], {
      encoding: "utf8",
    })
      .stdout.trim()
      .split("\n");
  expect(run("true")).toEqual(["address add fe80::1/64 dev bond0"]);
  expect(run("echo 4: bond0 inet6 fe80::2/64")).toEqual([""]);
});

test("ifupdown2's gateway, which it has the kernel sign for, comes back too", () => {
  const routes = now.routes.map((route) => ({ ...route, protocol: 2 }));
  const texts = commands(runtimeSteps({ ...now, routes }, state));
  expect(texts).toContain("ip route replace default via 192.168.1.254 dev bond0 src 192.168.1.105 proto 2");
  expect(texts.some((text) => text.includes("192.168.1.0/24"))).toBe(false);
});

test("a router that no network of the link's reaches, and a route by several ways, come back, after the routes they need", () => {
  const routes: Snapshot["routes"] = [
    { ...aRoute, via: "10.1.1.1", onLink: true },
    {
      ...aRoute,
      index: 0,
      metric: 7,
      hops: [
        { via: "10.1.1.1", index: 4, weight: 3, onLink: true },
        { via: "10.2.2.2", index: 4, weight: 1 },
      ],
    },
    { ...aRoute, to: "10.2.2.2", prefix: 32 },
  ];
  expect(routeCommands({ ...now, routes })).toEqual([
    "ip route replace 10.2.2.2/32 dev bond0 proto 3",
    "ip route replace default via 10.1.1.1 dev bond0 onlink proto 3",
    `/bin/sh -c ip route replace default metric 7 proto 3 nexthop via 10.1.1.1 dev bond0 onlink weight 3 nexthop via 10.2.2.2 dev bond0 weight 1 && exit
ip route replace default via 10.1.1.1 dev bond0 onlink metric 7 proto 3
ip route append default via 10.2.2.2 dev bond0 metric 7 proto 3
exit 1`,
  ]);
});

test("where the kernel refuses a route by several ways, each that it takes is given; where not, none is given twice", () => {
  const hops = ["10.1.1.1", "10.2.2.2"].map((via) => ({ via, index: 4, weight: 1 }));
  const routes = [{ ...aRoute, index: 0, hops }];
  const script = runtimeSteps({ ...now, routes }, state).at(-1)?.argv[2];
  const run = (refused: string) => {
    const ip = `ip() { case $* in *${refused}*) return 2 ;; *) echo "$4 $5 $6" ;; esac; }`;
    const { status, stdout } = spawnSync("sh", ["-c", `${ip}\n${script}`], { encoding: "utf8" });
    return [status, stdout.trim().split("\n")];
  };
  expect(run("nothing")).toEqual([0, ["proto 3 nexthop"]]);
  // What was promised isn't so: it counts as failed.
  expect(run("nexthop")).toEqual([1, ["via 10.1.1.1 dev", "via 10.2.2.2 dev"]]);
  expect(run("10.1.1.1")).toEqual([1, ["via 10.2.2.2 dev"]]);
});

test("an IPv4 route by an IPv6 router comes back as one; ip would take it for an IPv6 route unless told", () => {
  const hops = ["fe80::1", "10.2.2.2"].map((via) => ({ via, index: 4, weight: 1 }));
  const routes = [
    { ...aRoute, via: "fe80::1" },
    { ...aRoute, index: 0, metric: 7, hops },
  ];
  const [single, several] = routeCommands({ ...now, routes });
  expect(single).toBe("ip -4 route replace default via inet6 fe80::1 dev bond0 proto 3");
  expect(several?.split("\n")[0]).toBe(
    "/bin/sh -c ip -4 route replace default metric 7 proto 3 nexthop via inet6 fe80::1 dev bond0 weight 1 nexthop via 10.2.2.2 dev bond0 weight 1 && exit",
  );
  expect(commands(emergencySteps({ ...now, routes: routes.slice(0, 1) })).at(-1)).toBe(
    "ip -4 route replace default via inet6 fe80::1 dev bond0 onlink",
  );
});

test("a default route that can't be given back as it was is left alone: it isn't deleted, and nothing replaces it", () => {
  const [kept, second] = [
    { ...aRoute, metric: 7 },
    { ...aRoute, via: "10.1.1.1", metric: 7 },
  ];
  // By a router that isn't understood, in an encapsulation, and by a link that the kernel didn't name.
  for (const strange of [
    { ...kept, isUnread: true as const },
    { ...kept, via: "10.9.9.9", isUnread: true as const },
    { ...kept, index: 0 },
  ]) {
    expect(deleted([strange, second], ["default encap ip via 10.9.9.9 dev bond0 metric 7"])).toEqual([]);
    const given = "route append default via 10.1.1.1 dev bond0 metric 7";
    expect(routeCommands({ ...now, routes: [strange, second] })).toEqual([`beside ip ${given} proto 3`]);
    const emergency = commands(emergencySteps({ ...now, routes: [strange, second] }));
    const inEmergency = "ip route append default via 10.1.1.1 dev bond0 onlink metric 7";
    expect(emergency.filter((text) => text.includes("route"))).toEqual([inEmergency]);
  }
});

/** What the way back deletes where ip shows these default routes; "all" of them without asking. */
function deleted(routes: Snapshot["routes"], shown: readonly string[]): readonly string[] {
  const script = runtimeSteps({ ...now, routes }, state).find(({ why }) => why.startsWith("No default routes"))
    ?.argv[2];
  if (script === undefined || !script.includes("show")) return script === undefined ? [] : ["all"];
  const ip = `ip() { case $* in *show*) printf '%s\\n' ${shown.map((line) => `'${line} '`).join(" ")} ;; *) echo "$@" ;; esac; }`;
  const { stdout } = spawnSync("sh", ["-c", `${ip}\n${script}`], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}

test("beside a default route that nobody can give back, those of a guarded command go", () => {
  const kept = { ...aRoute, via: "10.9.9.9", metric: 50, isUnread: true as const };
  const own = { ...aRoute, via: "10.1.1.1", metric: 7 };
  const shown = [
    "default via 10.6.6.6 dev bond0 linkdown",
    "default tos 0x10 via 10.6.6.6 dev bond0",
    "default metric 5 \\\tnexthop via 10.6.6.6 dev bond0 weight 1",
    "unreachable default metric 6",
    "default via 10.1.1.1 dev bond0 metric 7",
    "default encap ip via 10.9.9.9 dev bond0 metric 50",
  ];
  const strangers = ["0", "5", "6"].map((metric) => `-4 route delete default metric ${metric}`);
  expect(deleted([own, kept], shown)).toEqual(strangers);
  expect(deleted([{ ...own, metric: 0 }, kept], shown.toSpliced(4, 1))).toEqual(strangers.slice(1));
  expect(deleted([own], shown)).toEqual(["all"]);
  // IPv6's aren't deleted, and so in nobody's way.
  expect(deleted([own, { ...kept, family: 10 }], shown)).toEqual(["all"]);
});

test("routes to one network of one metric all come back: the second is put beside the first, not in its place", () => {
  for (const to of [{}, { to: "10.7.0.0", prefix: 16 }]) {
    const routes = ["10.1.1.1", "10.2.2.2"].map((via) => ({ ...aRoute, ...to, via }));
    const name = routes[0]?.to === "" ? "default" : "10.7.0.0/16";
    expect(routeCommands({ ...now, routes })).toEqual([
      `ip route replace ${name} via 10.1.1.1 dev bond0 proto 3`,
      `beside ip route append ${name} via 10.2.2.2 dev bond0 proto 3`,
    ]);
  }
  // One for a type of service is no rival, nor one to a part of the network.
  const others = [aRoute, { ...aRoute, tos: 16 }, { ...aRoute, to: "0.0.0.0", prefix: 1 }];
  expect(routeCommands({ ...now, routes: others }).every((text) => text.startsWith("ip route replace"))).toBe(true);
});

test("IPv6's router and its dead end of one metric both come back: the kernel puts one in the other's place", () => {
  const six = { ...aRoute, family: 10, metric: 1024 };
  const router = { ...six, via: "fd00::1" };
  const deadEnd = { ...six, type: 7, index: 1 };
  const nowhere = "beside ip -6 route append unreachable default metric 1024 proto 3";
  expect(routeCommands({ ...now, routes: [router, deadEnd] })).toEqual([
    "ip -6 route replace default via fd00::1 dev bond0 metric 1024 proto 3",
    nowhere,
  ]);
  expect(routeCommands({ ...now, routes: [deadEnd, router] })).toEqual([
    "ip -6 route replace unreachable default metric 1024 proto 3",
    "beside ip -6 route append default via fd00::1 dev bond0 metric 1024 proto 3",
  ]);
  // An advertised router isn't given back, and would be lost as well.
  expect(routeCommands({ ...now, routes: [{ ...router, protocol: 9 }, deadEnd] })).toEqual([nowhere]);
});

/** What the last step comes to where ip answers like this: its status, and what ip took. */
function ran(routes: Snapshot["routes"], answer: string): readonly [number | null, readonly string[]] {
  const script = runtimeSteps({ ...now, routes }, state).at(-1)?.argv[2];
  const ip = `ip() { case $* in ${answer} esac; echo "$*" >&3; }`;
  const { status, output } = spawnSync("sh", ["-c", `${ip}\n${script}`], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  return [status, (output[3] ?? "").split("\n").filter((line) => line !== "")];
}

test("a route that is put beside another, and there already, is no failure: the kernel refuses to have it twice", () => {
  const isThere = "*) echo 'RTNETLINK answers: File exists' >&2; return 2 ;;";
  const isRefused = "*) echo 'Error: Nexthop has invalid gateway.' >&2; return 2 ;;";
  const hops = ["10.1.1.1", "10.2.2.2"].map((via) => ({ via, index: 4, weight: 3, realms: 7 }));
  const kept = { ...aRoute, via: "10.9.9.9", isUnread: true as const };
  for (const beside of [{ via: "10.1.1.1" }, { via: "10.1.1.1", tos: 16 }, { type: 7 }, { index: 0, hops }]) {
    const routes = [
      { ...kept, ...(beside.tos === undefined ? {} : { tos: beside.tos }) },
      { ...aRoute, ...beside },
    ];
    expect(ran(routes, isThere)).toEqual([0, []]);
    expect(ran(routes, isRefused)).toEqual([1, []]);
  }
  // IPv6 says so of a route by several ways where any of them is there: each is put beside it then.
  const six = { ...aRoute, family: 10, metric: 7 };
  const ways = ["fd00::1", "fd00::2"].map((via) => ({ via, index: 4, weight: 1 }));
  const several = [
    { ...six, via: "fd00::9", isUnread: true as const },
    { ...six, index: 0, hops: ways },
  ];
  const oneIsThere = "*fd00::1*) echo 'RTNETLINK answers: File exists' >&2; return 2 ;;";
  expect(ran(several, oneIsThere)).toEqual([1, ["-6 route append default via fd00::2 dev bond0 metric 7 proto 3"]]);
});

test("where BusyBox's ip knows no word for what a route says, the route comes back without it", () => {
  const metrics = [
    { name: "mtu", value: "1400", isLocked: true as const },
    { name: "initcwnd", value: "20" },
  ];
  const garbage = `*initcwnd* | *realms* | *nexthop*) echo 'ip: either "to" is duplicate, or it is garbage' >&2; return 1 ;;`;
  const route = { ...aRoute, via: "10.1.1.1", metrics, realms: 7 };
  const given = "default via 10.1.1.1 dev bond0 proto 3 mtu lock 1400";
  expect(ran([route], garbage)).toEqual([0, [`route replace ${given}`]]);
  expect(ran([{ ...aRoute, isUnread: true }, route], garbage)).toEqual([0, [`route append ${given}`]]);
  const hops = [{ via: "10.1.1.1", index: 4, weight: 1, realms: 7 }];
  expect(ran([{ ...aRoute, index: 0, metrics, hops }], garbage)).toEqual([1, [`route replace ${given}`]]);
  // One that knows them all is asked once.
  expect(ran([route], "")[1]).toHaveLength(1);
});

test("a route that leads nowhere comes back as one: without it, what a VPN keeps in leaves in the open", () => {
  const nowhere = { ...aRoute, index: 0, metric: 4000 };
  const routes = [
    { ...nowhere, type: 7 },
    { ...nowhere, type: 6, to: "10.0.0.0", prefix: 8, metric: 0 },
    { ...nowhere, type: 7, family: 10, index: 1 },
  ];
  expect(routeCommands({ ...now, routes })).toEqual([
    "ip route replace unreachable default metric 4000 proto 3",
    "ip route replace blackhole 10.0.0.0/8 proto 3",
    "ip -6 route replace unreachable default metric 4000 proto 3",
  ]);
  // In an emergency a router goes before it.
  const routers = [
    { ...nowhere, type: 7 },
    { ...aRoute, via: "10.1.1.1", metric: 4000 },
  ];
  expect(commands(emergencySteps({ ...now, routes: routers })).at(-1)).toBe(
    "ip route replace default via 10.1.1.1 dev bond0 onlink metric 4000",
  );
});

test("a route comes back with what it says of its packets", () => {
  const metrics = [
    { name: "mtu", value: "1400", isLocked: true as const },
    { name: "initcwnd", value: "20" },
  ];
  expect(routeCommands({ ...now, routes: [{ ...aRoute, metrics, tos: 8, realms: 0x3_0005 }] })).toEqual([
    `/bin/sh -c ip route replace default dev bond0 realms 3/5 tos 0x8 proto 3 mtu lock 1400 initcwnd 20 || ip route replace default dev bond0 tos 0x8 proto 3 mtu lock 1400`,
  ]);
});

test("a default route to a link comes back, whoever is said to have made it", () => {
  const routes = [{ ...aRoute, protocol: 2 }];
  expect(routeCommands({ ...now, routes })).toEqual(["ip route replace default dev bond0 proto 2"]);
});

test("in an emergency each way of a default route by several is given, whatever becomes of the others", () => {
  const hops = [
    { via: "10.1.1.1", index: 4, weight: 1 },
    { via: "fe80::2", index: 5, weight: 2 },
  ];
  const several = { ...aRoute, index: 0, metric: 7, hops };
  const alone = { ...aRoute, via: "10.3.3.3" };
  const six = { ...aRoute, family: 10, metric: 7, via: "fe80::3" };
  const texts = commands(emergencySteps({ ...now, routes: [several, alone, six] }));
  expect(texts.filter((text) => text.includes("route"))).toEqual([
    "ip route replace default via 10.3.3.3 dev bond0 onlink",
    "ip route replace default via 10.1.1.1 dev bond0 onlink metric 7",
    "ip -4 route append default via inet6 fe80::2 dev it's onlink metric 7",
    "ip -6 route replace default via fe80::3 dev bond0 onlink metric 7",
  ]);
});

test("in an emergency the bond is made, its ports join and it gets its address and route, by ip alone", () => {
  const texts = commands(emergencySteps(now));
  expect(texts).toEqual([
    "ip link add bond0 type bond mode active-backup miimon 100",
    "ip link set dev em1 down",
    "ip link set dev em1 master bond0",
    "ip link set dev em1 up",
    "ip link set dev em2 down",
    "ip link set dev em2 master bond0",
    "ip link set dev em2 up",
    "ip link set dev bond0 up",
    "ip address replace 192.168.1.105/24 dev bond0",
    "ip route replace default via 192.168.1.254 dev bond0 onlink",
  ]);
});
