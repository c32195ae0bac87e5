// Times what users wait for, side by side with what it is measured against. Pairs are run alternately in one run, so that
// a busy machine makes both slow and leaves their ratio. Times are medians in ms.
//   node scripts/bench.mjs [startup] [check] [site] [threads] [dialects] [lab] [store] [dashboard] [failover] [cost]
// threads: 200, 600 and 3,000 hosts on one core and on two, processor and clock.
// site: the files of many hosts in one check, and netplan's own program beside it.  dialects: random hosts through every dialect and back, on two threads.  --hosts N (10000)  --seed N (4)  --only DIALECT,DIALECT
// dashboard: paint, a year's events, and what fifty viewers cost the agent (three minutes; paint and the clock want a quiet machine;
//   --only queries,paint,viewers).
// failover: Holdfast beside its peers, every driver through every fault in one lab (ten minutes). cost: what user space adds,
// where instructions are counted (a quarter of an hour). For these two:
//   --repeats N (30)  --only ID,ID (drivers, faults)  --idle SECONDS (300)  --json FILE  --check (fails when a promise is missed)
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const holdfast = join(root, "bin/holdfast");

function timed(command) {
  const started = process.hrtime.bigint();
  const { status, error } = spawnSync(command[0], command.slice(1), { stdio: "ignore" });
  const tookMs = Number(process.hrtime.bigint() - started) / 1e6;
  if (error !== undefined || status === 70 || status === 2) {
    throw new Error(`${command.join(" ")}: ${error?.message ?? `status ${status}`}`);
  }
  return tookMs;
}

function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/** Runs every command `rounds` times, in turns. */
function inTurns(rounds, ...commands) {
  const times = commands.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, command] of commands.entries()) times[index].push(timed(command));
  }
  return times.map(median);
}

function row(what, value, limit, remark) {
  const held = value <= limit ? "held  " : "missed";
  console.log(`${what.padEnd(46)} ${format(value).padStart(9)} ${format(limit).padStart(9)}  ${held}  ${remark}`);
  if (value > limit) process.exitCode = 1;
}

function format(number) {
  return number < 10 ? number.toFixed(2) : number.toFixed(0);
}

async function startup() {
  const [node, version, help] = inTurns(21, ["node", "-e", "0"], [holdfast, "--version"], [holdfast, "--help"]);
  row("holdfast --version / node -e 0", version / node, 1.5, `${format(version)} / ${format(node)} ms`);
  row("holdfast --help / node -e 0", help / node, 2, `${format(help)} ms`);
}

/** Two ports and a bond as ifupdown spells them, ours; one in three has the mistake of a missing monitor. */
function interfaces(index) {
  const monitor = index % 3 === 0 ? "" : "    bond-miimon 100\n";
  const port = (name) =>
    `auto ${name}\niface ${name} inet manual\n    bond-master bond${index}\n    bond-primary eth0\n\n`;
  return `${port("eth0")}${port("eth1")}auto bond${index}
iface bond${index} inet static
    address 192.0.2.${index % 250}/24
    gateway 192.0.2.254
    bond-slaves none
    bond-mode active-backup
${monitor}`;
}

async function check() {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
  try {
    const names = Array.from({ length: 1000 }, (_, index) => join(folder, `host-${index}`, "interfaces"));
    for (const [index, name] of names.entries()) {
      await mkdir(dirname(name));
      await writeFile(name, interfaces(index));
    }
    const [one] = inTurns(11, [holdfast, "check", "--dialect", "ifupdown", names[0]]);
    row("holdfast check, one file, ms", one, 300, "");
    const [all] = inTurns(3, [holdfast, "check", "--dialect", "ifupdown", "--format", "json", ...names]);
    row("holdfast check, 1,000 files, ms", all, 5000, `${(all / 1000).toFixed(2)} ms a file`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The files of a whole site. */
async function site() {
  const { benchSite } = await import("./bench-site.mjs");
  await benchSite({ root, holdfast, row, hosts: Number(flags.hosts), seed: Number(flags.seed) });
}

/** What a check of many hosts gains by a second thread. */
async function threads() {
  const { benchThreads } = await import("./bench-site.mjs");
  await benchThreads({ root, holdfast, seed: Number(flags.seed) });
}

/** How dear reading and writing the dialects is. */
async function dialects() {
  const { benchDialects } = await import("./bench-dialects.mjs");
  await benchDialects({ root, row, hosts: Number(flags.hosts), seed: Number(flags.seed), only: onlyThese() });
}

/** Boots kernels: how long a rehearsal takes, and whether the kernel's known figures come out again. */
async function lab() {
  const { benchLab } = await import("./bench-lab.mjs");
  await benchLab({ holdfast, root, row });
}

/** How dear the history is. */
async function store() {
  const { benchStore } = await import("./bench-store.mjs");
  await benchStore({ root, row });
}

/** How dear it is that somebody looks. */
async function dashboard() {
  const bundles = ["dashboard", "dashboard-agent"];
  const outfiles = bundles.map((name) => join(root, ".cache", `bench-${name}-${process.pid}.mjs`));
  for (const [index, name] of bundles.entries()) await bundle(join(root, `scripts/bench/${name}.ts`), outfiles[index]);
  try {
    const { benchDashboard } = await import(pathToFileURL(outfiles[0]).href);
    await benchDashboard({ holdfast, agent: outfiles[1], only: onlyThese(), row });
  } finally {
    for (const outfile of outfiles) await rm(outfile, { force: true });
  }
}

/** These are TypeScript: bundled beside the sources, from where they find the project's packages and assets. */
async function bundle(entryPoint, outfile) {
  const { build } = await import("esbuild");
  const banner = {
    js: 'import { createRequire as require_ } from "node:module"; const require = require_(import.meta.url);',
  };
  const external = ["koffi", "esbuild", "playwright-core"];
  await build({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    banner,
    external,
  });
}

async function kernels(parts) {
  const outfile = join(root, ".cache", `bench-${process.pid}.mjs`);
  await bundle(join(root, "scripts/bench/program.ts"), outfile);
  try {
    const { bench } = await import(pathToFileURL(outfile).href);
    const { repeats, idle, json, check: isChecked } = flags;
    const numbers = { repeats: Number(repeats), idleSeconds: Number(idle) };
    const isHeld = await bench({ root, parts, ...numbers, only: onlyThese(), json });
    if (isChecked && !isHeld) process.exitCode = 1;
  } finally {
    await rm(outfile, { force: true });
  }
}

const failover = () => kernels(["failover", "cost"].filter((part) => wanted.includes(part)));
// Run with it: one bundle, one list of promises.
const cost = () => (wanted.includes("failover") ? undefined : failover());

function onlyThese() {
  return flags.only === "" ? [] : flags.only.split(",");
}

const sections = { startup, check, site, threads, dialects, lab, store, dashboard, failover, cost };
const { values: flags, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: {
    repeats: { type: "string", default: "30" },
    idle: { type: "string", default: "300" },
    only: { type: "string", default: "" },
    hosts: { type: "string", default: "10000" },
    seed: { type: "string", default: "4" },
    json: { type: "string" },
    check: { type: "boolean", default: false },
  },
});
const unknown = asked.filter((name) => !(name in sections));
if (unknown.length > 0)
  throw new Error(`no such section: ${unknown.join(", ")}; there are ${Object.keys(sections).join(", ")}`);
const wanted = asked.length > 0 ? asked : Object.keys(sections);
console.log(`node ${process.versions.node}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`);
if (wanted.some((name) => name !== "failover" && name !== "cost")) {
  console.log(`${"".padEnd(46)} ${"measured".padStart(9)} ${"limit".padStart(9)}`);
}
for (const name of wanted) await sections[name]();
