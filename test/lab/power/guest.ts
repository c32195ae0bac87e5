import { spawnSync } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { FileImage, Step } from "../../../src/plan/change.ts";
import { apply } from "../../../src/transact/apply.ts";
import { confirm } from "../../../src/transact/confirm.ts";
import { hostDisk } from "../../../src/transact/host-disk.ts";
import type { Ports } from "../../../src/transact/ports.ts";
import { recover } from "../../../src/transact/recover.ts";
import { chanceOf } from "../../../src/transact/testing/chance.ts";
import { describeTree, realPorts } from "../../../src/transact/testing/real-place.ts";

/* Runs in a machine that is about to lose its power: puts back what the last life left, says what is there, and then changes five
 * files from one generation to the next, again and again, until the light goes out. */
interface Job {
  /** What puts back: the engine, or the script alone. */
  readonly mender: "engine" | "script";
  /** mount -o. */
  readonly options: string;
  readonly seed: number;
}

const channel = openSync(process.env["CHANNEL"] ?? "", "w");
const job = JSON.parse(readFileSync(process.env["JOB"] ?? "", "utf8")) as Job;
const root = "/mnt";

function say(message: object): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let done = 0; done < line.length; ) done += writeSync(channel, line, done);
}

/** Five files in three directories, one with a key; every third generation lacks one of them, and the first all. */
function filesOf(generation: number): readonly (readonly [string, FileImage | null])[] {
  const image = (name: string, mode: number, gid: number): FileImage | null =>
    generation === 0
      ? null
      : {
          bytes: Buffer.from(`generation ${generation} of ${name}\n`.repeat(1 + ((generation * 7) % 300))),
          mode,
          uid: 0,
          gid,
        };
  return [
    ["etc/network/interfaces", image("interfaces", 0o644, 0)],
    ["etc/network/interfaces.d/bond0", generation % 3 === 0 ? null : image("bond0", 0o640, 8)],
    ["etc/netplan/50.yaml", image("netplan", 0o600, 0)],
    ["etc/wpa.conf", image("wpa", 0o600, 7)],
    ["etc/hosts", image("hosts", 0o644, 0)],
  ].map(([path, file]) => [join(root, path as string), file as FileImage | null] as const);
}

/** The generation that the files are, to the last mode; undefined when they are of none. */
function generationNow(): number | undefined {
  const disk = hostDisk;
  const text =
    disk.look(join(root, "etc/hosts")) === null ? "" : String(Buffer.from(disk.read(join(root, "etc/hosts"))));
  const generation = Number(/generation (\d+)/.exec(text)?.[1] ?? 0);
  const isAll = filesOf(generation).every(([path, image]) => {
    const entry = disk.look(path);
    if (entry === null || image === null) return entry === null && image === null;
    const isDressed = entry.mode === image.mode && entry.uid === image.uid && entry.gid === image.gid;
    return isDressed && Buffer.from(disk.read(path)).equals(image.bytes);
  });
  return isAll ? generation : undefined;
}

async function mend(ports: Ports): Promise<void> {
  const script = join(ports.places.state, "active/rollback.sh");
  if (job.mender === "script" && hostDisk.look(join(ports.places.state, "active")) !== null) {
    const { status, stderr } = spawnSync("sh", [script, "--boot"], { encoding: "utf8" });
    say({ script: status, stderr: stderr.slice(-300) });
  } else {
    say({ engine: (await recover(ports, "booting")).what });
  }
}

async function main(): Promise<void> {
  const done = spawnSync("mount", ["-t", "ext4", "-o", job.options, "/dev/ubda", root], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`mount: ${done.stderr}`);
  for (const name of ["etc/network/interfaces.d", "etc/netplan", "var", "run"]) {
    mkdirSync(join(root, name), { recursive: true });
  }
  const first = realPorts(root, chanceOf(job.seed));
  const ports: Ports = { ...first, places: { ...first.places, run: "/run/holdfast" } };
  await mend(ports);
  const found = generationNow();
  say({ found: found ?? "mixed" });
  if (found === undefined) return say({ tree: describeTree(join(root, "etc")) });
  await recover(ports, "running");
  const paths = describeTree(root).map((line) => line.split(" ")[0] ?? "");
  const left = paths.filter((path) => path.includes(".hf-") || /^var\/tx\/(active|\d)/.test(path));
  say({ left });
  for (let generation = found + 1; ; generation++) await change(ports, generation);
}

/** A network that takes its time, so that the power is as likely to go then as while files are written. */
function step(seconds: string): Step {
  return { argv: ["sleep", seconds], limitSeconds: 9, why: "the network", onFailure: "stop" };
}

async function change(ports: Ports, generation: number): Promise<void> {
  const before = new Map(filesOf(generation - 1));
  const files = filesOf(generation).map(([path, after]) => ({
    path,
    before: before.get(path) ?? null,
    after,
    isSecret: path.includes("wpa"),
  }));
  const request = {
    change: { backend: "ifupdown" as const, files, quiesce: [step("0.05")], converge: [step("0.2")], restore: [] },
    ...{ summary: `generation ${generation}`, who: "test", session: "one", seconds: 100 },
  };
  const applied = await apply(ports, request, { tell: () => {}, accept: "nothing" });
  if (applied.outcome !== "verified") throw new Error(JSON.stringify(applied));
  say({ asked: generation });
  const confirmed = await confirm(ports, { by: "token", token: applied.token, session: "two" });
  if (!confirmed.ok) throw new Error(confirmed.error.message);
  say({ told: generation });
}

main().catch((problem: unknown) => say({ failed: String(problem instanceof Error ? problem.stack : problem) }));
