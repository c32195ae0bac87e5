import { existsSync, mkdirSync, rmSync } from "node:fs";
import { bringUp, writeFiles } from "../../src/lab/guest/bring-up.ts";
import { buildNetwork } from "../../src/lab/guest/build.ts";
import type { Job } from "../../src/lab/guest/job.ts";
import { newOperator } from "../../src/lab/guest/operate.ts";

/** Inside a lab: the network, the host brought up by ifupdown with its own files alone, and who may break things. Throws what ifup
 *  said when it failed. */
export function raiseHost(job: Job) {
  for (const own of ["/etc/network/interfaces", "/etc/network/interfaces.d"]) {
    if (existsSync(own)) rmSync(own, { recursive: true });
  }
  writeFiles(job);
  const network = buildNetwork(job.plan);
  const up = bringUp(job.bringUp, job.clock);
  if (up.exit !== 0) throw new Error(up.output);
  const operator = newOperator(network);
  mkdirSync("/run/holdfast", { recursive: true });
  return { network, operator };
}
