import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { benchCost } from "./cost.ts";
import { benchFailover } from "./failover.ts";
import { costObjectives, failoverObjectives, isHeld, type Objective } from "./objectives.ts";
import { costTable, failoverTable, objectiveLines } from "./print.ts";

export interface Asked {
  readonly root: string;
  readonly parts: readonly string[];
  readonly repeats: number;
  /** How long the agent is watched doing nothing else but its rounds, s. */
  readonly idleSeconds: number;
  /** Ids of drivers and faults; empty: all. */
  readonly only: readonly string[];
  /** Where everything measured is written as JSON; undefined: nowhere. */
  readonly json: string | undefined;
}

/** Runs the parts that boot kernels, prints their tables, and says whether everything promised was held. */
export async function bench(asked: Asked): Promise<boolean> {
  const { root, parts, repeats, idleSeconds, only } = asked;
  const onProgress = (line: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  };
  const done = (): void => onProgress("");
  const document: Record<string, unknown> = {};
  const objectives: Objective[] = [];
  if (parts.includes("failover")) {
    const failover = await benchFailover({ repeats, only, onProgress });
    done();
    document["failover"] = failover;
    console.log(`\n${failover.engine}, ${failover.kernel}, ${failover.clock} clock, ${repeats} repeats\n`);
    console.log(failoverTable(failover));
    const promises = failoverObjectives(failover);
    console.log(`\n${objectiveLines(`on the ${failover.clock} clock, which charges nothing for computing`, promises)}`);
    objectives.push(...promises);
  }
  if (parts.includes("cost")) {
    const cost = await benchCost({ root, repeats, idleSeconds, onProgress });
    done();
    document["cost"] = cost;
    console.log(`\n${cost.machine}\n\n${costTable(cost)}`);
    const promises = costObjectives(cost);
    console.log(`\n${objectiveLines("with every instruction charged", promises)}`);
    objectives.push(...promises);
  }
  console.log(`\n${objectives.filter(isHeld).length} of ${objectives.length} promises held`);
  if (asked.json !== undefined) {
    mkdirSync(dirname(asked.json), { recursive: true });
    const held = objectives.map((objective) => ({ ...objective, held: isHeld(objective) }));
    writeFileSync(asked.json, `${JSON.stringify({ ...document, objectives: held }, null, 1)}\n`);
  }
  return objectives.every(isHeld);
}
