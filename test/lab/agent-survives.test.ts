import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Built, buildForLab } from "./agent/in-lab.ts";
import { powerCut } from "./agent/power-cut.ts";
import { nameServers } from "./agent/resolvers.ts";
import type { Trial } from "./agent/trial.ts";
import * as small from "./agent/trials.ts";
import { killed, killedBeforeDeath } from "./agent/trials-kills.ts";
import * as uplinks from "./agent/trials-uplinks.ts";
import { engineOrReason } from "./booting.ts";

const engine = await engineOrReason();
const why = typeof engine === "string" ? ` (skipped: ${engine})` : "";
const hasExt4 = spawnSync("mkfs.ext4", ["-V"]).error === undefined;

/** Small sizes of what `node scripts/survive.mjs` does at length. */
describe.skipIf(typeof engine === "string")(`the agent in a lab${why}`, () => {
  if (typeof engine === "string") return;
  let built: Built;
  beforeAll(async () => {
    built = await buildForLab();
  });
  afterAll(() => built.remove());

  const survives = (words: string, trial: Trial): void =>
    test(words, async () => {
      const { held, said } = await trial.run(built, engine);
      expect(held, said).toBe(true);
    }, 180_000);

  survives("planned moves lose no packet", small.planned(8, 0));
  survives("planned moves between two subnets lose no packet", uplinks.plannedBetweenSubnets(4));
  survives(
    "killed amid a failover between subnets: what it left half done is finished",
    uplinks.killedBetweenSubnets([1]),
  );
  survives("stopped while away: the primary gets its port, its route and its address back", uplinks.stoppedWhileAway());
  // Debian's resolvconf takes the same words as openresolv; its own trial is among the long ones.
  const owners = ["resolved", "openresolv"] as const;
  for (const owner of owners) {
    survives(
      `name servers of the other way by ${owner}, and its own given back at the end`,
      nameServers(owner, "short"),
    );
  }
  survives("forged frames, ten thousand a second: nothing moves, nothing grows", small.hostile(9_000, 10_000));
  survives("foreign chatter masks no death", small.chatter(1));
  survives("one-way loss is one move", small.oneWay("b-to-a"));
  survives("a path that flaps in silence is one move", small.flapping("silent", 5));
  survives("a carrier that flaps is one move", small.flapping("carrier", 10));
  survives("killed at any moment: the kernel sees to carriers, and no deed is untold", killed(2));
  survives("killed before a silent death: the next one leaves the dead path within a second", killedBeforeDeath(1));
  survives("a stopped process and a jumping clock move nothing", small.standStill());
  survives("a standby that dies is told of", small.standbyDeath(1));
  survives("a move is announced on the new side in both families", uplinks.announcedSix());
  survives("two routers that have only IPv6, found by their advertisements", uplinks.movedSix("link"));
  survives("an uplink that dies behind an IPv6 router", uplinks.uplinkDeadSix());
});

describe.skipIf(typeof engine === "string" || !hasExt4)(
  `a machine that loses its power${why || (hasExt4 ? "" : " (skipped: no mkfs.ext4 here)")}`,
  () => {
    test("keeps its events but for the last second", async () => {
      if (typeof engine === "string") return;
      const built = await buildForLab();
      const { held, said } = await powerCut(2).run(built, engine);
      built.remove();
      expect(held, said).toBe(true);
    }, 120_000);
  },
);
