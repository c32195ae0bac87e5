import { hostDisk } from "../host-disk.ts";
import { chanceOf } from "./chance.ts";
import { operateOn } from "./killed-story.ts";
import { killingDisk, killingPorts } from "./killing.ts";
import { realPorts } from "./real-place.ts";

/* node killed-child.mjs ROOT ENDING ACT PATH NTH: applies the change, ends it so, and kills itself before the NTH such act. */
const [, , root = "", ending = "", act = "", path = "", nth = "1"] = process.argv;
const killing = { act, path: new RegExp(path), nth: Number(nth) };
const ports = realPorts(root, chanceOf(1), killingDisk(hostDisk, killing));
await operateOn(killingPorts(ports, killing), root, ending);
