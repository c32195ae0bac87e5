// The files of many hosts in one check: random hosts, each as the next dialect spells it, and beside it what netplan takes for the
// netplan files among them. Netplan has one process for each host; of ours one reads them all. What a file costs is processor time of
// both, so that a busy machine doesn't count; how long all of it takes is time as the clock has it, which only a quiet machine tells.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** For ten thousand hosts, on two cores: s by the clock, MB. */
const limits = { clockS: 30, peakMb: 500 };
/** Ours to netplan's, CPU ms a file. */
const limitBeside = 1 / 5;
/** As many runs of netplan's tell what one costs. */
const netplanRuns = 20;

/** Prints the rows. */
export async function benchSite({ root, holdfast, row, hosts, seed }) {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-bench-site-"));
  try {
    const { writeSite } = await bundled(root, folder);
    const all = writeSite(join(folder, "hosts"), hosts, seed);
    const whole = await checked(
      holdfast,
      folder,
      all.map(({ path }) => path),
    );
    const said = `${all.length / new Set(all.map(({ dialect }) => dialect)).size} of each dialect; CPU s ${whole.cpuS.toFixed(1)}`;
    row(`holdfast check, ${hosts} hosts, clock s`, whole.clockS, (limits.clockS * hosts) / 10_000, said);
    row(`holdfast check, ${hosts} hosts, peak MB`, whole.peakMb, limits.peakMb, "all threads");
    await besideNetplan(
      { holdfast, folder, row },
      all.filter(({ dialect }) => dialect === "netplan").map(({ path }) => path),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What threads gain: the same hosts on one core and on two. A check starts as many threads as there are cores it may use. */
export async function benchThreads({ root, holdfast, seed }) {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-bench-threads-"));
  try {
    const { writeSite } = await bundled(root, folder);
    for (const hosts of [200, 600, 3000]) {
      const paths = writeSite(join(folder, `hosts-${hosts}`), hosts, seed).map(({ path }) => path);
      for (const cores of ["0", "0,1"]) {
        const runs = [];
        for (let run = 0; run < 5; run++) runs.push(await checked(holdfast, folder, paths, ["taskset", "-c", cores]));
        const middle = (key) =>
          runs
            .map((one) => one[key])
            .toSorted((a, b) => a - b)[2]
            .toFixed(2);
        const threads = cores.split(",").length;
        console.log(
          `${hosts} hosts, ${threads} thread${threads === 1 ? " " : "s"}  clock s ${middle("clockS")}  CPU s ${middle("cpuS")}`,
        );
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function besideNetplan({ holdfast, folder, row }, paths) {
  const own = await checked(holdfast, folder, paths);
  const ownMs = (own.cpuS * 1000) / paths.length;
  // The command, and the program it starts: most of the command's time is its own start.
  for (const program of ["/usr/sbin/netplan", "/usr/libexec/netplan/generate"]) {
    if (!existsSync(program)) {
      console.log(`${program}: not installed, nothing to stand beside (apt-get install netplan.io)`);
      continue;
    }
    const words = program.endsWith("generate") ? [program] : [program, "generate"];
    const theirMs = cpuMsOf(words, paths.slice(0, netplanRuns));
    const isPromised = words.length === 2;
    const remark = `${ownMs.toFixed(1)} / ${theirMs.toFixed(1)} CPU ms a file${isPromised ? "" : "; not promised"}`;
    row(`check / ${words.join(" ").replace("/usr/sbin/", "")}`, ownMs / theirMs, isPromised ? limitBeside : 1, remark);
  }
}

/** Processor time of one run, over as many roots; the shell tells what its children took. */
function cpuMsOf(words, roots) {
  // They write below the root that is named, and nowhere else.
  const script = `for root; do ${words.join(" ")} --root-dir "$root" >/dev/null 2>&1 || exit 1; done; times`;
  const { status, stdout } = spawnSync("sh", ["-c", script, "sh", ...roots], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${words.join(" ")}: status ${status}`);
  const parts = [...(stdout.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  return (
    (parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0) * 1000) / roots.length
  );
}

/** One check of all these paths. The process tells what it took when it ends: nobody else knows its peak. */
async function checked(holdfast, folder, paths, on = []) {
  const told = join(folder, "told.json");
  const tell = `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(told)}, JSON.stringify(process.resourceUsage())))`;
  await writeFile(join(folder, "tell.cjs"), tell);
  const started = process.hrtime.bigint();
  const words = [...on, process.execPath, "--require", join(folder, "tell.cjs"), holdfast, "check", ...paths];
  const { status, error } = spawnSync(words[0], words.slice(1), { stdio: "ignore" });
  const clockS = Number(process.hrtime.bigint() - started) / 1e9;
  // Nearly every random host has something that would not work.
  if (error !== undefined || status !== 1) throw new Error(`check: ${error?.message ?? `status ${status}`}`);
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(await readFile(told, "utf8"));
  return { clockS, peakMb: maxRSS / 1024, cpuS: (userCPUTime + systemCPUTime) / 1e6 };
}

async function bundled(root, folder) {
  await mkdir(join(root, "node_modules", ".cache"), { recursive: true });
  const cache = await mkdtemp(join(root, "node_modules", ".cache", "bench-site-"));
  const outfile = join(cache, "site.mjs");
  try {
    const entryPoints = [join(root, "scripts/bench/site.ts")];
    await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
    await mkdir(join(folder, "hosts"));
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(cache, { recursive: true });
  }
}
