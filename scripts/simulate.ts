import { campaigns, type Size } from "../src/watch/simulate/campaigns.ts";

// `npm run simulate -- [--seed N] [--long]`: what the brain does in a seeded network, against what is promised of it.
const seed = Number(flagValue("--seed") ?? 1);
// A seed printed with an offence is that of one world; the run of all of them is repeated with the one at the top.
const isLong = process.argv.includes("--long");
const size: Size = isLong
  ? {
      seed,
      deaths: 5_000,
      lossHours: 480,
      lossTries: 60,
      lossMinutes: 10,
      flapTries: 60,
      chaosTries: 400,
      lives: 8,
      lifeDays: 30,
    }
  : {
      seed,
      deaths: 200,
      lossHours: 1,
      lossTries: 3,
      lossMinutes: 10,
      flapTries: 5,
      chaosTries: 5,
      lives: 1,
      lifeDays: 10,
    };

function flagValue(flag: string): string | undefined {
  const index = process.argv.indexOf(flag);
  return index < 0 ? undefined : process.argv[index + 1];
}

/** Simulated hours, what they cost of one core, and how many of them a minute holds. */
function pace(simulated: number, { user, system }: NodeJS.CpuUsage): string {
  const [hours, minutes] = [simulated / 3_600_000, (user + system) / 60_000_000];
  return `${hours.toFixed(1)} simulated hours in ${(minutes * 60).toFixed(1)} s of one core: ${(hours / minutes).toFixed(0)} a minute`;
}

console.log(`seed ${seed}`);
const before = process.cpuUsage();
let simulatedMs = 0;
let missed = 0;
for (const campaign of campaigns) {
  const start = process.cpuUsage();
  const finding = campaign(size);
  simulatedMs += finding.simulatedMs;
  const held = finding.held && finding.offences.length === 0;
  if (!held) missed++;
  console.log(
    `${held ? "✓" : "✗"} ${finding.what}\n    ${finding.found}\n    promised: ${finding.promised}\n    ${pace(finding.simulatedMs, process.cpuUsage(start))}`,
  );
  for (const offence of finding.offences.slice(0, 5)) console.log(`    ${offence}`);
}
console.log(`all: ${pace(simulatedMs, process.cpuUsage(before))}`);
process.exitCode = missed === 0 ? 0 : 1;
