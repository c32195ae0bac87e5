import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { WebhookBody } from "../../notify/payload.ts";
import { findHooks } from "./hook.ts";
import { runProgram } from "./run-program.ts";
import { type Bench, incident, openBench } from "./testing/telling-bench.ts";

const open: Bench[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function bench(): Promise<Bench> {
  const made = await openBench();
  await mkdir(join(made.directory, "hooks.d"));
  open.push(made);
  return made;
}

async function hook(host: Bench, name: string, script: string): Promise<void> {
  const path = await host.write(`hooks.d/${name}`, `#!/bin/sh\ncd "${host.directory}" || exit 1\n${script}\n`);
  await chmod(path, 0o755);
}

function textOf(host: Bench, name: string): Promise<string> {
  return readFile(join(host.directory, name), "utf8").catch(() => "");
}

/** "S", "R", …; "Z" for one that is dead and not yet buried by its parent; "" when there is none. */
async function stateOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return /\) (\w)/.exec(stat)?.[1] ?? "";
}

const moved = incident[1]!;

describe("a hook", () => {
  it("gets the message in its environment and on its standard input, and nothing of the agent's", async () => {
    const host = await bench();
    await hook(host, "10-note", "env | sort > env; cat > body.part; mv body.part body");
    await host.start({});
    host.record(moved);
    await expect.poll(() => textOf(host, "body")).not.toBe("");
    const env = Object.fromEntries(
      (await textOf(host, "env"))
        .trim()
        .split("\n")
        .map((line) => line.split(/=(.*)/s).slice(0, 2)),
    );
    const body = JSON.parse(await textOf(host, "body")) as WebhookBody;
    expect(env).toMatchObject({
      HOLDFAST_ID: body.id,
      HOLDFAST_HOST: "nas",
      HOLDFAST_EVENT: "moved",
      HOLDFAST_SEVERITY: "warning",
      HOLDFAST_FROM: "eth0",
      HOLDFAST_TO: "wlan0",
      HOLDFAST_CAUSE: "carrier-lost",
      HOLDFAST_COUNT: "1",
      HOLDFAST_TITLE: "nas: traffic moved from eth0 to wlan0: eth0 lost its carrier",
    });
    const strange = Object.keys(env).filter((name) => !/^(HOLDFAST_\w+|PATH|LANG|PWD|OLDPWD|SHLVL|_)$/.test(name));
    expect(strange).toEqual([]);
  });

  it("is run again when it asks for that, and not when it merely fails", async () => {
    const host = await bench();
    await hook(host, "later", 'echo "$HOLDFAST_ID" >> later; [ "$(wc -l < later)" -gt 1 ] || exit 75');
    await hook(host, "fails", 'echo "$HOLDFAST_EVENT" >> fails; echo broken lamp >&2; exit 3');
    await host.start({});
    host.record({ what: "configured" });
    await expect.poll(() => host.log.length).toBe(2);
    expect(host.log.toSorted()).toEqual([
      expect.stringMatching(/hook-fails: .* ended with status 3: broken lamp$/),
      expect.stringMatching(/hook-later: .* asked to be run again later$/),
    ]);
    host.record(moved);
    await expect.poll(async () => (await textOf(host, "later")).trim().split("\n").length, { timeout: 10_000 }).toBe(3);
    const [first, second] = (await textOf(host, "later")).split("\n");
    expect(second).toBe(first);
    expect(await textOf(host, "fails")).toBe("configured\nmoved\n");
  }, 15_000);

  it("isn't run when others may write it", async () => {
    const host = await bench();
    await hook(host, "open", "touch ran");
    await chmod(join(host.directory, "hooks.d/open"), 0o777);
    await host.start({});
    host.record(moved);
    await expect.poll(() => host.log.join()).toContain("can be written by others");
    expect(await textOf(host, "ran")).toBe("");
  });

  it("is found by its name, in order, without what editors leave behind", async () => {
    const host = await bench();
    for (const name of ["20-b.sh", "10-a", "10-a~", ".x.swp", "c.dpkg-new", "d.bak"]) await hook(host, name, ":");
    const found = await findHooks(join(host.directory, "hooks.d"));
    expect(found.map((path) => path.split("/").at(-1))).toEqual(["10-a", "20-b.sh"]);
    expect(await findHooks("/nowhere/hooks.d")).toEqual([]);
  });
});

describe("a program", () => {
  const run = (script: string, timeoutMs = 10_000) =>
    runProgram({
      file: "/bin/sh",
      args: ["-c", script],
      env: {},
      input: "x".repeat(100_000),
      timeoutMs,
      signal: new AbortController().signal,
    });

  it("that hangs is ended with everything it started, also when it won't", async () => {
    const ended = await run("trap '' TERM; sleep 600 & echo $!; wait; sleep 600", 200);
    expect(ended.end).toBe("timed-out");
    const child = Number(ended.stdout);
    expect(child).toBeGreaterThan(1);
    await expect.poll(() => stateOf(child)).toMatch(/^[ZX]?$/);
  });

  it("that writes without end is ended, and costs some kilobytes", async () => {
    const ended = await run(
      "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done",
    );
    expect(ended.end).toBe("timed-out");
    expect(ended.stdout.length).toBeLessThanOrEqual(16_384);
  });

  it("that leaves something running behind isn't waited for", async () => {
    const began = performance.now();
    expect((await run("sleep 5 & exit 0")).end).toBe("exited");
    expect(performance.now() - began).toBeLessThan(4_000);
  });

  it("that isn't there is no exception", async () => {
    const signal = new AbortController().signal;
    const ended = await runProgram({ file: "/nowhere/x", args: [], env: {}, input: "", timeoutMs: 1_000, signal });
    expect(ended).toMatchObject({ end: "not-started", reason: "ENOENT" });
  });
});
