import { describe, expect, it } from "vitest";
import type { Engine } from "../../src/lab/lab.ts";
import { type Played, play } from "./plan/converge.ts";
import { firstBond, morePorts, otherMonitor } from "./plan/scenes.ts";
import { withEngine } from "./with-engine.ts";

let engine: Engine;
withEngine((found) => {
  engine = found;
});

const managed = ["ifupdown", "ifupdown2", "netplan", "networkd", "networkmanager"] as const;

function bondOf({ links }: Played["first"]): Readonly<Record<string, unknown>> | undefined {
  const bond = links.find(({ ifname }) => ifname === "bond0") as { linkinfo?: { info_data?: object } } | undefined;
  return bond?.linkinfo?.info_data as Readonly<Record<string, unknown>> | undefined;
}

function holderOf({ addresses }: Played["first"]): readonly unknown[] {
  return addresses
    .filter(({ addr_info: all }) => (all as readonly { local: string }[]).some(({ local }) => local === "192.0.2.5"))
    .map(({ ifname }) => ifname);
}

describe.each(managed)("a plan, played under %s", (backend) => {
  it("another miimon loses no packet, there and back", { timeout: 120_000 }, async () => {
    const played = await play(engine, otherMonitor(backend));
    const { forth, back, again } = played;
    const shown = { forth, back, again, log: played.log };
    expect([
      bondOf(played.first)?.["miimon"],
      bondOf(played.changed)?.["miimon"],
      bondOf(played.restored)?.["miimon"],
    ]).toEqual([100, 50, 100]);
    expect({ ...shown, lost: [forth.lost, back.lost, again.lost] }).toEqual({ ...shown, lost: [0, 0, 0] });
    expect(forth.sent).toBeGreaterThan(250);
  });
});

describe.each([...managed, "netlink"] as const)("a plan, played under %s", (backend) => {
  it("the only cable moves into a bond, faster than the plan says; and back, and again", {
    timeout: 120_000,
  }, async () => {
    const played = await play(engine, firstBond(backend));
    const { forth, again, plan } = played;
    const shown = JSON.stringify({ forth, back: played.back, again, log: played.log }, null, 1);
    expect([shown, holderOf(played.first)]).toEqual([shown, ["eth0"]]);
    expect([shown, holderOf(played.changed)]).toEqual([shown, ["bond0"]]);
    expect([shown, holderOf(played.restored), bondOf(played.restored)]).toEqual([shown, ["eth0"], undefined]);
    expect([shown, holderOf(played.changedAgain)]).toEqual([shown, ["bond0"]]);
    expect(Math.max(forth.lostMs, again.lostMs)).toBeLessThan(plan.change.interruption?.ms ?? 0);
  });
});

it("a port joins and the address changes under ifupdown without a lost packet, and all of it goes back", {
  timeout: 120_000,
}, async () => {
  const { forth, back, ...seen } = await play(engine, morePorts("ifupdown"));
  const ports = ({ links }: Played["first"]) =>
    links.filter(({ master }) => master === "bond0").map(({ ifname }) => ifname);
  expect([forth.lost, back.lost, seen.log]).toEqual([0, 0, seen.log]);
  expect(ports(seen.changed).toSorted()).toEqual(["eth0", "eth1"]);
  expect([holderOf(seen.changed), seen.changed.routes]).toEqual([
    [],
    seen.first.routes.map((route) => expect.objectContaining({ dst: route["dst"] })),
  ]);
  expect([ports(seen.restored), holderOf(seen.restored)]).toEqual([["eth0"], ["bond0"]]);
});
