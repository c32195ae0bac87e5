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
  const route = {
    ...now.routes[0],
    via: "",
    index: 4,
    metric: 0,
    source: "",
    protocol: 3,
  } as Snapshot["routes"][number];
  const routes: Snapshot["routes"] = [
    { ...route, via: "10.1.1.1", onLink: true },
    {
      ...route,
      index: 0,
      metric: 7,
      hops: [
        { via: "10.1.1.1", index: 4, weight: 3, onLink: true },
        { via: "10.2.2.2", index: 4, weight: 1 },
      ],
    },
    { ...route, to: "10.2.2.2", prefix: 32 },
  ];
  expect(commands(runtimeSteps({ ...now, routes }, state)).filter((text) => text.startsWith("ip route"))).toEqual([
    "ip route replace 10.2.2.2/32 dev bond0 proto 3",
    "ip route replace default via 10.1.1.1 dev bond0 onlink proto 3",
    "ip route replace default metric 7 proto 3 nexthop via 10.1.1.1 dev bond0 onlink weight 3 nexthop via 10.2.2.2 dev bond0 weight 1",
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
