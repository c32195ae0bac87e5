import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findIsolation } from "../../src/lab/isolation.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { bundleBootChild, runJob, tracesOf } from "./booting.ts";
import { withEngine } from "./with-engine.ts";

let engine: Engine;
let child = "";
let folder = "";
const nobody = 65_534;

beforeAll(async () => {
  child = await bundleBootChild();
  folder = mkdtempSync(join(tmpdir(), "holdfast-test-"));
});

afterAll(() => {
  for (const path of [child, folder]) rmSync(path, { recursive: true, force: true });
});

withEngine((found) => {
  engine = found;
});

describe("the host", () => {
  it("can't be written from inside, not even through a writable mount of its root", async (context) => {
    if (findIsolation([]).kind === "plain") context.skip("no namespaces here: a guest may write what this user may");
    const target = join(folder, "target");
    writeFileSync(target, "as it was");
    const { messages } = await runJob(engine, {
      commands: [
        "mkdir /again && mount -t hostfs -o / none /again && grep /again /proc/mounts",
        `echo changed >/again${target}`,
        `rm -f /again${target}; mv /again${target} /again${target}.moved; chmod 000 /again${target}`,
        `touch /again${folder}/new; mkdir /again${folder}/newer; ln -s x /again${folder}/newest`,
        `mount -o remount,rw /run/host; echo changed >/run/host${target}`,
        // Another process's root, by the host's own /proc: the way out of a mount namespace.
        "mkdir /processes && mount -t hostfs -o /proc none /processes && ls /processes/1/root/etc/ | head -1",
        "echo 1 >/processes/sys/kernel/panic",
        "rm -rf /again/dev/shm/* /again/tmp/*",
      ],
    });
    expect(messages[0]).toMatchObject({ status: 0, output: expect.stringContaining("rw") });
    expect(messages[1]).toMatchObject({ output: expect.stringContaining("Read-only file system") });
    expect(messages).toHaveLength(8);
    expect(readFileSync(target, "utf8")).toBe("as it was");
    expect(["new", "newer", "newest", "target.moved"].filter((name) => existsSync(join(folder, name)))).toEqual([]);
    expect(JSON.stringify(messages[5])).not.toContain("hostname");
  });
});

describe("when the process that booted a lab is killed with -9", () => {
  it.each(["strictest", "plain"])("nothing of it stays (isolation: %s)", async (kind) => {
    const parent = spawn(process.execPath, [child, kind, '{"forever":true}']);
    expect(await firstLine(parent)).toBe('{"running":true}');
    const pid = parent.pid ?? 0;
    expect(tracesOf(pid)).not.toEqual([]);
    parent.kill("SIGKILL");
    await once(parent, "close");
    await expect.poll(() => tracesOf(pid), { timeout: 5000 }).toEqual([]);
  });
});

describe("an ordinary user", () => {
  it.for(["strictest", "plain"])("can boot a lab (isolation: %s)", (kind, context) => {
    if (process.getuid?.() !== 0) context.skip("only root can become somebody else; the other tests ran as this user");
    const home = join(folder, `home-${kind}`);
    spawnSync("install", ["-d", "-o", String(nobody), "-g", String(nobody), home]);
    chownSync(folder, nobody, nobody);
    const asNobody = {
      uid: nobody,
      gid: nobody,
      env: { PATH: process.env["PATH"], HOME: home },
      encoding: "utf8",
    } as const;
    if (spawnSync("cat", [child], asNobody).status !== 0) context.skip("this user's files are closed to others");
    const job = JSON.stringify({ commands: ["id -u", "ip link add type veth && ip link add bond0 type bond"] });
    const { stdout, stderr } = spawnSync(process.execPath, [child, kind, job], asNobody);
    expect(stderr).toBe("");
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { status: 0, output: "0\n" },
      { status: 0, output: "" },
    ]);
  });
});

async function firstLine(process: ChildProcessWithoutNullStreams): Promise<string> {
  process.stderr.resume();
  const [line] = (await once(createInterface(process.stdout), "line")) as [string];
  return line;
}
