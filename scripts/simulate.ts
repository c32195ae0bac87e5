import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { campaigns, type Finding, type Size } from "../src/watch/simulate/campaigns.ts";

// `npm run simulate -- [--seed N] [--long]`: what the brain does in a seeded network, against what is promised of it. Campaigns
// know nothing of each other, so there is a thread for every processor; what they find doesn't depend on how many there are.

/** A campaign by its place in the list, done. */
interface Done {
  readonly index: number;
  readonly finding: Finding;
  readonly tookMs: number;
}

const short: Omit<Size, "seed"> = {
  deaths: 200,
  lossHours: 1,
  lossSeeds: 1,
  lossTries: 3,
  lossMinutes: 10,
  // Of twenty one may be late; of five none.
  flapTries: 20,
  chaosTries: 5,
  lives: 1,
  lifeDays: 10,
};
const long: Omit<Size, "seed"> = {
  deaths: 2_000,
  lossHours: 24,
  lossSeeds: 8,
  lossTries: 40,
  lossMinutes: 10,
  flapTries: 40,
  chaosTries: 120,
  lives: 5,
  lifeDays: 30,
};

if (isMainThread) await lead();
else follow(workerData.size);

/** Hands out campaigns, those that take longest first (they stand last), and prints them in their order. */
async function lead(): Promise<void> {
  // A seed printed with an offence is that of one world; the run of all of them is repeated with the one at the top.
  const seed = Number(flagValue("--seed") ?? 1);
  const size: Size = { seed, ...(process.argv.includes("--long") ? long : short) };
  const threads = Math.min(availableParallelism(), campaigns.length);
  console.log(`seed ${seed}, ${threads} threads`);
  const start = performance.now();
  const left = campaigns.map((_, index) => index);
  const done = new Map<number, Done>();
  let printed = 0;
  await Promise.all(
    Array.from(
      { length: threads },
      () =>
        new Promise<void>((resolve, reject) => {
          const worker = new Worker(new URL(import.meta.url), { workerData: { size } });
          const next = (): void => worker.postMessage(left.pop() ?? "enough");
          worker.on("message", (one: Done) => {
            done.set(one.index, one);
            for (let at = done.get(printed); at !== undefined; at = done.get(++printed)) print(at);
            next();
          });
          worker.on("error", reject);
          worker.on("exit", () => resolve());
          next();
        }),
    ),
  );
  const all = [...done.values()].map(({ finding }) => finding);
  const simulatedMs = all.reduce((sum, finding) => sum + finding.simulatedMs, 0);
  console.log(`all: ${pace(simulatedMs, performance.now() - start)}`);
  process.exitCode = all.every(hasHeld) ? 0 : 1;
}

function follow(size: Size): void {
  parentPort?.on("message", (index: number | "enough") => {
    const campaign = index === "enough" ? undefined : campaigns[index];
    if (campaign === undefined) return parentPort?.close();
    const start = performance.now();
    const finding = campaign(size);
    parentPort?.postMessage({ index, finding, tookMs: performance.now() - start });
  });
}

function print({ finding, tookMs }: Done): void {
  const { what, found, promised, offences, simulatedMs } = finding;
  console.log(
    `${hasHeld(finding) ? "✓" : "✗"} ${what}\n    ${found}\n    promised: ${promised}\n    ${pace(simulatedMs, tookMs)}`,
  );
  for (const offence of offences.slice(0, 5)) console.log(`    ${offence}`);
}

function hasHeld({ held, offences }: Finding): boolean {
  return held && offences.length === 0;
}

function flagValue(flag: string): string | undefined {
  const index = process.argv.indexOf(flag);
  return index < 0 ? undefined : process.argv[index + 1];
}

/** Simulated hours, the time they took by the clock, and how many of them a minute holds. */
function pace(simulatedMs: number, tookMs: number): string {
  const [hours, minutes] = [simulatedMs / 3_600_000, tookMs / 60_000];
  return `${hours.toFixed(1)} simulated hours in ${(minutes * 60).toFixed(1)} s: ${(hours / minutes).toFixed(0)} a minute`;
}
