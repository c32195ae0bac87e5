import { spawnSync } from "node:child_process";
import { request } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { newBeyond } from "../../watch/beyond.ts";
import type { Kept } from "../../watch/chronicle.ts";
import { type Counts, counted } from "./counts.ts";
import { exposition } from "./exposition.ts";
import { renderMetrics } from "./metrics.ts";
import { probeTally } from "./probe-tally.ts";
import { type MetricsServer, serveMetrics } from "./serve-metrics.ts";
import { findPromtool } from "./testing/find-promtool.ts";
import { fullSnapshot, snapshot } from "./testing/snapshot.ts";

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

  it("say which port is the preferred one, and when the latest drill was", () => {
    expect(text).toContain('holdfast_port_preferred{bond="bond0",port="eth0"} 1\n');
    expect(text).toContain('holdfast_port_preferred{bond="bond0",port="wlan0"} 0\n');
    expect(text).toContain("holdfast_last_drill_timestamp_seconds 0\n");
    expect(text).not.toContain("holdfast_last_drill_held");
    const drilled = renderMetrics(fullSnapshot());
    expect(drilled).toContain("holdfast_last_drill_timestamp_seconds 1795000000\n");
    expect(drilled).toContain("holdfast_last_drill_held 1\n");
  });

  it("say how the UPS is, where there is one", () => {
    expect(text).not.toContain("holdfast_ups_on_battery");
    const powered = renderMetrics(fullSnapshot());
    for (const line of ["answers 1", "on_battery 1", "battery_low 0", "charge_ratio 0.83", "runtime_seconds 2460"]) {
      expect(powered).toContain(`holdfast_ups_${line.replace(" ", '{ups="apc"} ')}\n`);
    }
  });

  it("count an outage while it lasts", () => {
    const { state, ...rest } = snapshot();
    const cutOff = state && { ...state, outage: { since: 28_000, cause: "path-dead" as const } };
    expect(renderMetrics({ ...rest, state: cutOff })).toContain("holdfast_outage_seconds_total 3.5\n");
  });

  it("count no outage that a drill made, and the next one again", () => {
    const outage = { what: "outage-begins", cause: "carrier-lost", since: 0, extent: "port", evidence: "" } as const;
    const ends = { what: "outage-ends", lastedMs: 500, cause: "carrier-lost" } as const;
    const fold = (counts: Counts, ...events: readonly Kept[]): Counts =>
      events.reduce((before, event) => counted(before, { at: 60_000, monotonicMs: 0, event }), counts);
    const rest = snapshot();
    const drilling = fold(rest.counts, { what: "drill-begins", cuts: 2 }, outage);
    const cutOff = rest.state && { ...rest.state, outage: { since: 28_000, cause: "carrier-lost" as const } };
    const during = renderMetrics({ ...rest, state: cutOff, counts: drilling });
    expect(during).toContain('holdfast_outage_active{bond="bond0"} 1\n');
    for (const text of [during, renderMetrics({ ...rest, counts: fold(drilling, ends) })]) {
      expect(text).toContain("holdfast_outages_total 0\n");
      expect(text).toContain("holdfast_outage_seconds_total 1.5\n");
    }
    const drilled = { what: "drilled", verdict: "held", outageMs: 500, cut: "carrier-eth0" } as const;
    const after = renderMetrics({ ...rest, counts: fold(drilling, ends, drilled, outage, ends) });
    expect(after).toContain("holdfast_outages_total 1\n");
    expect(after).toContain("holdfast_outage_seconds_total 2\n");
  });

  it("count an outage that outlasts its drill, from the drill's end", () => {
    const said: readonly (readonly [number, Kept])[] = [
      [10_000, { what: "drill-begins", cuts: 2 }],
      [12_500, { what: "outage-begins", cause: "carrier-lost", since: 12_000, extent: "port", evidence: "" }],
      [20_000, { what: "drilled", verdict: "missed", outageMs: null, cut: "carrier-eth0" }],
    ];
    const rest = snapshot();
    const fold = (before: Counts, [monotonicMs, event]: (typeof said)[number]): Counts =>
      counted(before, { at: 60_000 + monotonicMs, monotonicMs, event });
    const left = said.reduce(fold, rest.counts);
    const state = rest.state && { ...rest.state, outage: { since: 12_000, cause: "carrier-lost" as const } };
    const lasting = renderMetrics({ ...rest, state, at: 31_000, counts: left });
    expect(lasting).toContain("holdfast_outages_total 1\n");
    expect(lasting).toContain("holdfast_outage_seconds_total 12.5\n");
    const over = fold(left, [40_000, { what: "outage-ends", lastedMs: 28_000, cause: "carrier-lost" }]);
    expect(renderMetrics({ ...rest, counts: over })).toContain("holdfast_outage_seconds_total 21.5\n");
    const next = fold(over, [50_000, { what: "outage-ends", lastedMs: 500, cause: "carrier-lost" }]);
    expect(renderMetrics({ ...rest, counts: next })).toContain("holdfast_outage_seconds_total 22\n");
  });

  it("count no outage that ends with its drill, although its end is told only when the port has held", () => {
    const said: readonly (readonly [number, Kept])[] = [
      [10_000, { what: "drill-begins", cuts: 1 }],
      [12_500, { what: "outage-begins", cause: "path-dead", since: 12_000, extent: "port", evidence: "" }],
      [23_800, { what: "drilled", verdict: "missed", outageMs: null, cut: "silent-eth0" }],
    ];
    const rest = snapshot();
    const fold = (before: Counts, [monotonicMs, event]: (typeof said)[number]): Counts =>
      counted(before, { at: 60_000 + monotonicMs, monotonicMs, event });
    const mended = said.reduce(fold, rest.counts);
    const state = rest.state && { ...rest.state, outage: { since: 12_000, cause: "path-dead" as const } };
    const holding = renderMetrics({ ...rest, state, at: 26_000, counts: mended });
    const over = fold(mended, [27_000, { what: "outage-ends", lastedMs: 10_000, cause: "path-dead" }]);
    for (const text of [holding, renderMetrics({ ...rest, counts: over })]) {
      expect(text).toContain("holdfast_outages_total 0\n");
      expect(text).toContain("holdfast_outage_seconds_total 1.5\n");
    }
  });

  it("count no outage that began before the drill was stopped and was noticed after, but what it leaves behind", () => {
    const said: readonly (readonly [number, Kept])[] = [
      [10_000, { what: "drill-begins", cuts: 1 }],
      [12_300, { what: "drill-stopped" }],
      [12_500, { what: "outage-begins", cause: "path-dead", since: 12_000, extent: "port", evidence: "" }],
    ];
    const rest = snapshot();
    const counts = said.reduce(
      (before, [monotonicMs, event]) => counted(before, { at: 60_000 + monotonicMs, monotonicMs, event }),
      rest.counts,
    );
    const state = rest.state && { ...rest.state, outage: { since: 12_000, cause: "path-dead" as const } };
    expect(renderMetrics({ ...rest, state, at: 15_000, counts })).toContain("holdfast_outages_total 0\n");
    expect(renderMetrics({ ...rest, state, at: 32_500, counts })).toContain("holdfast_outage_seconds_total 21.5\n");
  });

  it("never go back when an outage turns out to have ended while its port was still to hold", () => {
    const rest = snapshot();
    const fold = (before: Counts, monotonicMs: number, event: Kept): Counts =>
      counted(before, { at: 60_000 + monotonicMs, monotonicMs, event });
    const began = { what: "outage-begins", cause: "path-dead", since: 12_000, extent: "group", evidence: "" } as const;
    const ended = (lastedMs: number) => ({ what: "outage-ends", lastedMs, cause: "path-dead" }) as const;
    const lost = fold(rest.counts, 12_500, began);
    const state = rest.state && { ...rest.state, outage: { since: 12_000, cause: "path-dead" as const } };
    const seconds = "holdfast_outage_seconds_total";
    expect(renderMetrics({ ...rest, state, at: 24_900, counts: lost })).toContain(`${seconds} 14.4\n`);
    const over = fold(lost, 25_000, ended(10_000));
    expect(renderMetrics({ ...rest, at: 25_100, counts: over })).toContain(`${seconds} 14.4\n`);
    const next = fold(fold(over, 50_000, { ...began, since: 50_000 }), 60_000, ended(5_000));
    expect(renderMetrics({ ...rest, at: 60_100, counts: next })).toContain(`${seconds} 16.5\n`);
  });

  it("satisfy promtool", (context) => {
    const promtool = findPromtool();
    if (promtool === undefined) return context.skip("no promtool here, and apt-get can't fetch Debian's");
    const checked = spawnSync(promtool, ["check", "metrics"], {
      input: renderMetrics(fullSnapshot()),
      encoding: "utf8",
    });
    // Bytes are its taste; a radio's rate is told in bits by everybody, its driver and its box included.
    const said = checked.stderr
      .split("\n")
      .filter((line) => line !== "" && !/_bits_per_second use base unit/.test(line));
    expect([checked.stdout, said]).toEqual(["", []]);
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
