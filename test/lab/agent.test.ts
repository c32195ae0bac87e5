import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { behindOne, oneRouter, oneRouter6 } from "./agent/houses.ts";
import { type Built, buildForLab, playScene, runInLab } from "./agent/in-lab.ts";
import { engineOrReason } from "./booting.ts";

const engine = await engineOrReason();

describe.skipIf(typeof engine === "string")(
  `in a lab${typeof engine === "string" ? ` (skipped: ${engine})` : ""}`,
  () => {
    if (typeof engine === "string") return;
    let built: Built;
    beforeAll(async () => {
      built = await buildForLab();
    });
    afterAll(() => built.remove());
    const inLab = (scene: string, options: Readonly<Record<string, string | number>> = {}) =>
      playScene(built, oneRouter(engine, options), scene);

    test("netlink reads and changes the bond, neighbours, addresses and routes, and refuses with a reason", async () => {
      expect(await inLab("netlink")).toEqual({
        ports: [
          ["em1", true],
          ["em2", true],
        ],
        moved: true,
        activeAfter: true,
        cleared: true,
        primaryAfter: 0,
        wrong: "EINVAL",
        learnt: "02:00:00:00:00:77",
        route: { via: "10.0.0.1", source: "10.0.0.5" },
        ips: expect.arrayContaining(["192.168.1.105/24", "10.0.0.5/24"]),
      });
    }, 120_000);

    test("ten thousand changes in a burst, more than the queue holds, end in the right state", async () => {
      const { missed, seen, after } = await inLab("burst");
      expect({ seen, after }).toEqual({ seen: 1234, after: 1500 });
      expect(missed).toBeGreaterThan(0);
    }, 120_000);

    test("a bond whose primary isn't its first port stays where it is when the agent starts, and when another port joins", async () => {
      const lab = oneRouter(engine);
      const swapped = lab.bringUp.commands.map((words) =>
        words.map((word, at) => (words[at - 1] === "primary" ? "em2" : word)),
      );
      const yaml = lab.yaml.replace("primary: em1", "primary: em2");
      const third = ["link add em3 type veth peer name em3x", "link set em3x up"].map((line) => [
        "ip",
        ...line.split(" "),
      ]);
      const ran = await runInLab(
        built,
        { ...lab, yaml, bringUp: { ...lab.bringUp, commands: [...swapped, ...third] } },
        {
          everyMs: 5,
          lastsMs: 6_000,
          steps: [
            { atMs: 100, op: "look", as: "begun" },
            { atMs: 500, op: "signal", signal: "SIGTERM" },
            { atMs: 1_400, op: "overhear", node: "router", dev: "br0" },
            { atMs: 1_500, op: "start" },
            { atMs: 4_000, op: "look", as: "anew" },
            { atMs: 4_500, op: "run", command: ["ip", "link", "set", "em3", "master", "bond0"] },
            { atMs: 5_500, op: "look", as: "three" },
          ],
        },
      );
      expect(["begun", "anew", "three"].map((when) => ran.looks[when]?.active)).toEqual(["em2", "em2", "em2"]);
      expect(ran.events.filter(({ event }) => event.what === "moved" || event.what === "kernel-moved")).toEqual([]);
      expect(ran.flows.flatMap(({ lostAtMs }) => lostAtMs)).toEqual([]);
      // For a moment the kernel said that the host is behind em1: once would be too few against that.
      const said = ran.overheard.flatMap(({ kind, atMs }) => (kind === "gratuitous-arp" && atMs < 4_500 ? [atMs] : []));
      expect(Math.max(...said) - Math.min(...said)).toBeGreaterThan(400);
    }, 120_000);

    test.each([0, 1])(
      "probing the standby teaches no switch the bond's address (fail_over_mac %i)",
      async (mode) => {
        const result = await inLab("standby", { fail_over_mac: mode });
        expect(result).toMatchObject({
          taught: false,
          control: true,
          paths: [
            ["em1", "alive"],
            ["em2", "alive"],
          ],
        });
      },
      120_000,
    );

    test("a router that has only IPv6 is probed too, through the standby without a word about ourselves", async () => {
      expect(await playScene(built, oneRouter6(engine), "standby")).toMatchObject({
        taught: false,
        control: true,
        paths: [
          ["em1", "alive"],
          ["em2", "alive"],
        ],
      });
    }, 120_000);

    test("ports that leave and come back, options changed by hand, a bond made anew: all is told, and the watch goes on", async () => {
      const result = await inLab("upheaval");
      expect(result).toMatchObject({
        without: 1,
        back: ["em1 alive", "em2 alive"],
        gone: true,
        again: { health: ["em1 alive", "em2 alive"], active: "em1", primary: 0 },
      });
      const told = result["told"] as readonly string[];
      expect(told).toEqual(expect.arrayContaining(["port-gone", "port-back", "drift miimon", "drift primary"]));
      expect(told.filter((what) => what === "drift primary")).toHaveLength(1);
    }, 120_000);

    test("the Internet lost behind the only router is told, through whichever port is active, and nothing is moved for it", async () => {
      const line = (atMs: number, percent: number) =>
        ({ atMs, op: "wire-loss", wire: "router-internet", direction: "both", percent }) as const;
      const ran = await runInLab(built, behindOne(engine), {
        everyMs: 50,
        lastsMs: 80_000,
        steps: [
          line(5_000, 100),
          line(25_000, 0),
          { atMs: 40_000, op: "wire-down", wire: "eth0" },
          line(50_000, 100),
          line(70_000, 0),
        ],
      });
      const told = ran.events.flatMap(({ atMs, event }) =>
        event.what === "beyond-lost" || event.what === "beyond-back" ? [{ ...event, atMs }] : [],
      );
      expect(told).toMatchObject([
        { what: "beyond-lost", port: "eth0", router: "192.168.1.1", targets: ["9.9.9.9", "1.1.1.1"] },
        { what: "beyond-back", port: "eth0" },
        { what: "beyond-lost", port: "eth1", router: "192.168.1.1", targets: ["9.9.9.9", "1.1.1.1"] },
        { what: "beyond-back", port: "eth1" },
      ]);
      const lateMs = [5_000, 25_000, 50_000, 70_000].map((from, index) => (told[index]?.atMs ?? 0) - from);
      expect(Math.min(...lateMs)).toBeGreaterThan(0);
      expect(Math.max(...lateMs)).toBeLessThan(12_000);
      expect(ran.moves.map(({ to }) => to)).toEqual(["eth1"]);
      expect(ran.events.filter(({ event }) => event.what === "outage-begins").length).toBeLessThanOrEqual(1);
    }, 120_000);

    test("the command answers on its socket, obeys, survives kill -9 without losing an event, and gives the primary back", async () => {
      const result = await inLab("service");
      expect(result).toMatchObject({
        healthy: { source: "agent", bond: { active: "em1", primary: "em1" }, redundancy: { usable: 2, declared: 2 } },
        hasMetrics: true,
        wrong: 422,
        pinned: "em2",
        survived: true,
        primaryRestored: true,
      });
      const events = result["events"] as readonly string[];
      // Both starts, the move to the pinned port, and the one made three milliseconds before the kill.
      expect(events.filter((what) => what === "started")).toHaveLength(2);
      expect(events.filter((what) => what === "moved").length).toBeGreaterThanOrEqual(2);
      const ids = result["ids"] as readonly number[];
      // What is promised, of which Node alone takes 38.
      expect(Number(result["rssKb"]) / 1024).toBeLessThan(60);
      expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    }, 120_000);
  },
);
