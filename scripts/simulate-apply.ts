import { simulateSeed } from "../src/transact/testing/simulate.ts";

// `npm run simulate-apply -- [--seeds N] [--from N] [--seed N] [--first]`: the engine of apply on a disk that loses, tears and
// reorders. --seed tells one run act by act; --first stops at the first offence.
const one = flagValue("--seed");
const from = Number(one ?? flagValue("--from") ?? 1);
const count = one === undefined ? Number(flagValue("--seeds") ?? 100_000) : 1;

function flagValue(flag: string): string | undefined {
  const index = process.argv.indexOf(flag);
  return index < 0 ? undefined : process.argv[index + 1];
}

const before = process.cpuUsage();
const told = new Map<string, number>();
let failing = 0;
for (let seed = from; seed < from + count; seed++) {
  const outcome = await simulateSeed(seed, one === undefined ? () => {} : console.log);
  told.set(outcome.told, (told.get(outcome.told) ?? 0) + 1);
  if (one !== undefined) console.log(JSON.stringify(outcome, null, 1));
  if (outcome.offences.length === 0) continue;
  failing++;
  if (failing <= 10) console.log(`seed ${seed}: ${JSON.stringify(outcome.faults)}\n  ${outcome.offences.join("\n  ")}`);
  if (process.argv.includes("--first")) break;
}
const { user, system } = process.cpuUsage(before);
const words = [...told].map(([what, times]) => `${what} ${times}`).join(", ");
console.log(
  `${count} seeds, ${failing} with an offence, ${((user + system) / 1e6).toFixed(1)} s of one core; told: ${words}`,
);
process.exitCode = failing === 0 ? 0 : 1;
