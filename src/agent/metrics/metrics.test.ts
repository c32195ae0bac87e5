import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { newBeyond } from "../../watch/beyond.ts";
import { start } from "../../watch/start.ts";
import type { WatchConfig } from "../../watch/state.ts";
import { step } from "../../watch/step.ts";
import { wiredTuning } from "../../watch/tuning.ts";
import { counted, noCounts } from "./counts.ts";
import { exposition } from "./exposition.ts";
import { type MetricsSnapshot, renderMetrics } from "./metrics.ts";
import { probeTally } from "./probe-tally.ts";
import { type MetricsServer, serveMetrics } from "./serve-metrics.ts";

const config: WatchConfig = {
  bond: "bond0",
  ports: ["eth0", "wlan0"].map((name) => ({
    name,
    medium: "wired",
    metered: false,
    router: "gateway",
    far: ["9.9.9.9"],
    probes: "always",
  })),
  primary: "eth0",
  reselect: "when-calm",
  tuning: wiredTuning,
};

/** The real brain after half a minute on two healthy ports, with all that is counted beside it. */
function snapshot(): MetricsSnapshot {
  let state = start(config, { seed: 1, at: 0, active: "eth0", withCarrier: ["eth0", "wlan0"] });
  const tally = probeTally();
  const feed = (event: Parameters<typeof step>[1]): void => {
    const [next, effects] = step(state, event);
    state = next;
    for (const effect of effects) {
      if (effect.do !== "probe") continue;
      tally.sent(effect.port, effect.target, effect.id, event.at);
      if (effect.id % 10 === 0) continue;
      tally.answered(effect.id);
      feed({ type: "answer", at: event.at + 1, port: effect.port, target: effect.target, id: effect.id });
    }
  };
  feed({ type: "kernel-active", at: 0, port: "eth0" });
  for (const { name } of config.ports) feed({ type: "carrier", at: 0, port: name, up: true });
  for (let at = 10; at < 30_000; at += 10) feed({ type: "tick", at });
  const counts = counted(counted(noCounts, { what: "carrier", port: "eth0", up: false }), {
    what: "outage-ends",
    lastedMs: 1_500,
    cause: "carrier-lost",
  });
  return {
    version: "0.1.0",
    node: "20.19.2",
    state,
    at: 30_000,
    counts,
    probes: tally.counts(40_000),
    store: { state: "fine", reason: "", pending: 0, lost: 0, spool: "tmpfs" },
    channels: [{ name: "hook-10-lamp", pending: 2, delivered: 7, failures: 1, problem: "answered 503" }],
    process: { startedAt: 1_795_000_000, cpuSeconds: 1.25, residentBytes: 50_000_000 },
  };
}

describe("metrics", () => {
  const text = renderMetrics(snapshot());

  it("say which port carries traffic, which paths live, and what was lost", () => {
    expect(text).toContain('holdfast_bond_active_port{bond="bond0",port="eth0"} 1\n');
    expect(text).toContain('holdfast_bond_active_port{bond="bond0",port="wlan0"} 0\n');
    expect(text).toContain('holdfast_path_up{port="wlan0",target="9.9.9.9"} 1\n');
    expect(text).toMatch(/^holdfast_path_rtt_seconds\{port="eth0",target="gateway"\} 0\.00\d+$/m);
    expect(text).toMatch(/^holdfast_probes_total\{port="eth0",target="gateway",result="answered"\} \d{3}$/m);
    expect(text).toMatch(/^holdfast_probes_total\{port="eth0",target="gateway",result="lost"\} \d{2}$/m);
    expect(text).toContain('holdfast_moves_total{cause="carrier-lost"} 0\n');
    expect(text).toContain('holdfast_redundancy{bond="bond0"} 2\n');
    expect(text).toContain("holdfast_outage_seconds_total 1.5\n");
    expect(text).toContain('holdfast_notify_healthy{channel="hook-10-lamp"} 0\n');
    expect(text).toContain('holdfast_build_info{version="0.1.0",node="20.19.2"} 1\n');
  });

  it("are there before the bond is", () => {
    const early = renderMetrics({ ...snapshot(), state: undefined });
    expect(early).toContain("holdfast_build_info");
    expect(early).not.toContain("holdfast_port_carrier");
  });

  it("say whether the Internet answers, once that is known and where it is looked at", () => {
    const beyond = newBeyond(["9.9.9.9"], 1);
    const line = 'holdfast_beyond_up{bond="bond0"}';
    expect(text).not.toContain("holdfast_beyond_up");
    expect(renderMetrics({ ...snapshot(), beyond })).not.toContain("holdfast_beyond_up");
    expect(renderMetrics({ ...snapshot(), beyond: { ...beyond, health: "answers" } })).toContain(`${line} 1\n`);
    expect(renderMetrics({ ...snapshot(), beyond: { ...beyond, health: "lost" } })).toContain(`${line} 0\n`);
  });

  it("count an outage while it lasts", () => {
    const { state, ...rest } = snapshot();
    const cutOff = state && { ...state, outage: { since: 28_000, cause: "path-dead" as const } };
    expect(renderMetrics({ ...rest, state: cutOff })).toContain("holdfast_outage_seconds_total 3.5\n");
  });

  it("satisfy promtool", (context) => {
    const promtool = findPromtool();
    if (promtool === undefined) return context.skip("no promtool here, and apt-get can't fetch Debian's");
    const checked = spawnSync(promtool, ["check", "metrics"], { input: text, encoding: "utf8" });
    expect([checked.stdout, checked.stderr, checked.status]).toEqual(["", "", 0]);
  }, 120_000);

  it("keep strange labels in their quotes", () => {
    const samples = [{ labels: { port: 'a"b\\c\nd' }, value: Number.POSITIVE_INFINITY }];
    const made = exposition([{ name: "x", help: "A.\nB.", type: "gauge", samples }]);
    expect(made).toBe('# HELP x A.\\nB.\n# TYPE x gauge\nx{port="a\\"b\\\\c\\nd"} +Inf\n');
  });
});

describe("counting probes", () => {
  it("takes none for lost that may still be answered, and none back", () => {
    const tally = probeTally();
    for (let id = 0; id < 10; id++) tally.sent("eth0", "gateway", id, 0);
    tally.answered(3);
    expect(tally.counts(1_999)).toEqual([{ port: "eth0", target: "gateway", answered: 1, lost: 0 }]);
    expect(tally.counts(2_000)).toEqual([{ port: "eth0", target: "gateway", answered: 1, lost: 9 }]);
    tally.answered(4);
    expect(tally.counts(3_000)).toEqual([{ port: "eth0", target: "gateway", answered: 1, lost: 9 }]);
  });
});

describe("the metrics server", () => {
  let server: MetricsServer | undefined;
  afterEach(() => server?.close());

  async function ask(options: { readonly path?: string; readonly method?: string; readonly host?: string }) {
    const served = await serveMetrics("127.0.0.1:0", () => "x 1\n");
    if (!served.ok) throw new Error(served.error);
    server = served.value;
    const { port } = served.value;
    return new Promise<{
      readonly status: number | undefined;
      readonly type: string | undefined;
      readonly body: string;
    }>((done) => {
      const { path = "/metrics", method = "GET", host = `127.0.0.1:${port}` } = options;
      request({ host: "127.0.0.1", port, path, method, headers: { host } }, (answer) => {
        let body = "";
        answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
        answer.on("end", () => done({ status: answer.statusCode, type: answer.headers["content-type"], body }));
      }).end();
    });
  }

  it("answers a scrape", async () => {
    expect(await ask({})).toEqual({ status: 200, type: "text/plain; version=0.0.4; charset=utf-8", body: "x 1\n" });
  });

  it.each([
    [{ host: "evil.example" }, 421],
    [{ host: "127.0.0.1.evil.example:9437" }, 421],
    [{ path: "/" }, 404],
    [{ method: "POST" }, 405],
    [{ host: "localhost:9437" }, 200],
  ])("%j is answered %i", async (options, status) => {
    expect((await ask(options)).status).toBe(status);
  });

  it.each(["0.0.0.0:0", "192.168.1.5:0", "[::]:0", "nonsense"])("is never served on %s", async (endpoint) => {
    expect(await serveMetrics(endpoint, () => "")).toEqual({ ok: false, error: "EINVAL" });
  });

  it("says when the port is taken", async () => {
    await ask({});
    expect(await serveMetrics(`127.0.0.1:${server?.port}`, () => "")).toEqual({ ok: false, error: "EADDRINUSE" });
  });
});

/** promtool of this machine, or Debian's, unpacked once into the cache of node_modules. */
function findPromtool(): string | undefined {
  const installed = spawnSync("promtool", ["--version"]);
  if (installed.status === 0) return "promtool";
  const cache = resolve(import.meta.dirname, "../../../node_modules/.cache/promtool");
  const unpacked = join(cache, "usr/bin/promtool");
  if (existsSync(unpacked)) return unpacked;
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(cache, "get-"));
  try {
    execFileSync("apt-get", ["download", "prometheus"], { cwd: scratch, stdio: "ignore", timeout: 60_000 });
    const packed = readdirSync(scratch).find((name) => name.endsWith(".deb"));
    execFileSync("dpkg-deb", ["-x", join(scratch, packed ?? ""), cache], { stdio: "ignore" });
    return existsSync(unpacked) ? unpacked : undefined;
  } catch {
    return undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
