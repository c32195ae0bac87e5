import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lostBetween, movesFrom, type Step } from "./agent/course.ts";
import { oneAddress, twoSubnets } from "./agent/houses.ts";
import { type Built, buildForLab, runInLab } from "./agent/in-lab.ts";
import { engineOrReason } from "./booting.ts";

const engine = await engineOrReason();
const why = typeof engine === "string" ? ` (skipped: ${engine})` : "";
const home = { addresses: ["192.168.1.105/24"], defaults: ["192.168.1.1"], nameServers: ["192.168.1.1"] };
const away = {
  addresses: expect.arrayContaining(["192.168.8.105/24"]),
  defaults: ["192.168.8.1"],
  nameServers: ["192.168.8.1", "9.9.9.9"],
};

/** The other router asks for the host, at an odd moment of the way home. */
const asks = (atMs: number): Step => ({
  atMs,
  op: "who-has",
  node: "lte-router",
  dev: "br-lan",
  address: "192.168.1.105",
});

describe.skipIf(typeof engine === "string")(`two routers in different subnets${why}`, () => {
  let built: Built;
  beforeAll(async () => {
    built = await buildForLab();
  });
  afterAll(() => built.remove());

  test("the way of the moment brings its address, route and name servers, and takes them along when it ends", async () => {
    if (typeof engine === "string") return;
    const ran = await runInLab(built, twoSubnets(engine), {
      everyMs: 5,
      lastsMs: 30_000,
      steps: [
        { atMs: 0, op: "look", as: "before" },
        { atMs: 1_000, op: "wire-down", wire: "eth0" },
        { atMs: 3_000, op: "look", as: "away" },
        { atMs: 4_000, op: "wire-up", wire: "eth0" },
        { atMs: 15_000, op: "order", path: "/reselect-now" },
        { atMs: 20_000, op: "look", as: "home" },
      ],
    });
    expect(ran.looks).toMatchObject({
      before: { active: "eth0", ...home },
      away: { active: "eth1", ...away },
      home: { active: "eth0", ...home },
    });
    expect(lostBetween(ran, "internet", 0, 10_000)).toBeLessThanOrEqual(6);
    expect(lostBetween(ran, "internet", 10_000, 30_000)).toBe(0);
  }, 120_000);

  test("of two routers with one address the one that was left isn't taken for the other, whatever it says meanwhile", async () => {
    if (typeof engine === "string") return;
    const ran = await runInLab(built, oneAddress(engine), {
      everyMs: 1,
      lastsMs: 28_500,
      steps: [
        { atMs: 1_000, op: "wire-down", wire: "eth0" },
        { atMs: 2_000, op: "wire-up", wire: "eth0" },
        { atMs: 15_000, op: "order", path: "/reselect-now" },
        asks(15_030),
        asks(15_600),
        asks(15_950),
        { atMs: 26_000, op: "order", path: "/pin?port=eth1" },
        { atMs: 26_300, op: "signal", signal: "SIGKILL" },
        { atMs: 26_500, op: "start" },
        { atMs: 28_000, op: "run", command: ["grep", "-q", "0", "/sys/class/net/bond0/bonding/all_slaves_active"] },
      ],
    });
    expect(movesFrom(ran, 0)).toEqual(["eth1", "eth0", "eth1"]);
    expect(lostBetween(ran, "internet", 2_000, 26_000)).toBe(0);
  }, 120_000);
});
