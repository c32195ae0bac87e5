import { asleep } from "./asleep.ts";
import { powerCut } from "./power-cut.ts";
import { nameServers } from "./resolvers.ts";
import type { Trial } from "./trial.ts";
import { chatter, flapping, hostile, oneWay, planned, standbyDeath, standStill } from "./trials.ts";
import { killed } from "./trials-kills.ts";
import * as uplinks from "./trials-uplinks.ts";

/** All of them at full size; with every test run they are small. */
export const trials: readonly Trial[] = [
  uplinks.subnets(),
  uplinks.killedBetweenSubnets([1, 0, 1, 2, 1, 3, 5, 20, 100, 1_000]),
  uplinks.stoppedWhileAway(),
  nameServers("resolved", "long"),
  nameServers("resolvconf", "long"),
  nameServers("openresolv", "long"),
  planned(36, 0),
  planned(36, 1),
  uplinks.plannedBetweenSubnets(36),
  hostile(600_000, 10_000),
  chatter(6),
  oneWay("a-to-b"),
  oneWay("b-to-a"),
  ...[1, 5, 10, 50].flatMap((hz) => [flapping("carrier", hz), flapping("silent", hz)]),
  killed(60),
  standStill(),
  asleep(600_000),
  standbyDeath(6),
  uplinks.announcedSix(),
  uplinks.movedSix("global"),
  uplinks.movedSix("link"),
  uplinks.uplinkDeadSix(),
  powerCut(24),
];
