import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { noCounts, outageMeter } from "../../src/agent/metrics/counts.ts";
import { renderMetrics } from "../../src/agent/metrics/metrics.ts";
import { discovery } from "../../src/agent/mqtt/home-assistant.ts";
import { mqttEvent } from "../../src/agent/mqtt/state.ts";
import { topicsOf } from "../../src/agent/mqtt/topics.ts";
import { parseHoldfast } from "../../src/config/parse-holdfast.ts";
import { hookEnvironment, type WebhookBody, webhookBody } from "../../src/notify/payload.ts";
import { emptySummary, messageOf, type Summary, summarised } from "../../src/notify/summary.ts";
import { healthyStatus, troubledStatus } from "../../src/report/testing/statuses.ts";
import type { StoredEvent } from "../../src/watch/chronicle.ts";
import { filesBelow, textOf } from "../house/source.ts";

const notify = textOf("docs/guide/notify.md");
const metrics = textOf("docs/guide/metrics.md");

function samples(page: string, language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    (match) => match[1] ?? "",
  );
}

/** The guide's message, made anew from its events. */
function message(sample: WebhookBody) {
  const events = sample.events.map(
    ({ id, at, ...event }) => ({ id, at, bootId: "", monotonicMs: at, event }) as StoredEvent,
  );
  const audience = { least: "all", reader: "program" } as const;
  const summary = events.reduce<Summary>((sum, one) => summarised(sum, one, audience), emptySummary(0));
  const made = messageOf(summary, { host: sample.host, id: sample.id, clock: String });
  if (made === undefined) throw new Error("the sample tells nothing");
  return made;
}

describe("the guide to notifications", () => {
  it.each([...samples(notify, "yaml"), samples(metrics, "yaml")[0] ?? ""])(
    "this may stand in a holdfast.yaml: %s",
    (text) => {
      expect(parseHoldfast("h", `bond: {ports: [eth0, wlan0], dhcp: true}\n${text}`).diagnostics).toEqual([]);
    },
  );

  it("shows the JSON that is sent", () => {
    const sample = JSON.parse(samples(notify, "json")[0] ?? "") as WebhookBody;
    expect(JSON.parse(webhookBody(message(sample)))).toEqual(sample);
  });

  it("shows a hook that works", () => {
    const scratch = mkdtempSync(join(tmpdir(), "holdfast-guide-"));
    try {
      const [script, log] = [join(scratch, "10-log"), join(scratch, "log")];
      writeFileSync(script, samples(notify, "sh").find((script) => script.startsWith("#!")) ?? "", { mode: 0o755 });
      const sample = JSON.parse(samples(notify, "json")[0] ?? "") as WebhookBody;
      const env = { PATH: process.env["PATH"] ?? "", LOG: log, ...hookEnvironment(message(sample)) };
      expect(spawnSync(script, [], { env, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
      expect(readFileSync(log, "utf8")).toBe(`2026-11-22T01:47:32Z warning ${sample.title}\n`);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });

  it("names every variable a hook gets", () => {
    const source = textOf("src/notify/payload.ts");
    const fields = /\[("port"[^\]]*)\]/.exec(source)?.[1]?.match(/\w+/g) ?? [];
    const names = [...source.matchAll(/^ {4}(HOLDFAST_\w+):/gm)].map((match) => match[1] ?? "");
    expect(names.length).toBe(9);
    const all = [...names, ...fields.map((field) => `HOLDFAST_${field.toUpperCase()}`)];
    expect(all.filter((name) => !notify.includes(`\`${name}\``))).toEqual([]);
  });
});

describe("the guide to metrics", () => {
  const source = filesBelow("src/agent/metrics")
    .filter((path) => !path.endsWith(".test.ts"))
    .map(textOf)
    .join("\n");
  const made = [...source.matchAll(/"((?:holdfast|process)_\w+)"/g)].map((match) => match[1] ?? "");

  it("names every metric, and none besides", () => {
    const named = [...metrics.matchAll(/`((?:holdfast|process)_\w+)`/g)].map((match) => match[1] ?? "");
    expect([...new Set(named)].toSorted()).toEqual([...new Set(made)].toSorted());
  });

  it("alarms only on metrics there are", () => {
    const { groups } = parse(samples(metrics, "yaml")[1] ?? "") as { groups: { rules: { expr: string }[] }[] };
    const used = groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => expr.match(/holdfast_\w+/g) ?? []));
    expect(used.length).toBeGreaterThan(3);
    const shipped = textOf("deploy/prometheus/holdfast.rules.yml").match(/\bholdfast_\w+/g) ?? [];
    expect([...used, ...shipped].filter((name) => !made.includes(name))).toEqual([]);
  });

  it("every metric of an agent without a bond is a line of text", () => {
    const text = renderMetrics({
      version: "1",
      node: "20",
      state: undefined,
      at: 0,
      counts: noCounts,
      meter: outageMeter(),
      probes: [],
      store: { state: "fine", reason: "", pending: 0, lost: 0, spool: "tmpfs" },
      channels: [],
      process: { startedAt: 0, cpuSeconds: 0, residentBytes: 0 },
    });
    expect(text.split("\n").every((line) => line === "" || /^(#|\w+(\{.*\})? \S+$)/.test(line))).toBe(true);
  });
});

describe("the guide to MQTT", () => {
  const mqtt = textOf("docs/guide/mqtt.md");
  const settings = samples(mqtt, "yaml").filter((text) => text.startsWith("notify:"));
  const proven = { at: 0, verdict: "held", outageMs: 84, cut: "carrier-em1" } as const;
  const status = {
    ...healthyStatus,
    internet: { state: "answers", since: 0, targets: [] },
    ups: troubledStatus.ups!,
    proven,
  } as const;

  it("configures what may be configured", () => {
    expect(settings.length).toBe(2);
    for (const text of settings) {
      const { diagnostics } = parseHoldfast("h", `bond: {ports: [em1, wlan0], dhcp: true}\n${text}`);
      expect(diagnostics).toEqual([]);
    }
  });

  it("names entities that there are, as Home Assistant makes their ids, and each once at least", () => {
    const topics = topicsOf({}, "nas");
    const paths = ["em1", "wlan0"].map((port) => ({ ...healthyStatus.paths[0]!, port }));
    const commands = ["pin", "drill"] as const;
    const { components } = discovery({ topics, host: "nas", version: "1", commands, status: { ...status, paths } });
    const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");
    const real = Object.values(components).map(({ platform, name }) => `${platform}.nas_${slug(String(name))}`);
    const told = [...mqtt.matchAll(/\b(?:sensor|binary_sensor|event|select|button)\.nas_\w+/g)].map(([id]) => id);
    expect([...new Set(told)].filter((id) => !real.includes(id))).toEqual([]);
    const samePort = (id: string): string => id.replace("wlan0", "em1");
    expect(real.filter((id) => !told.map(samePort).includes(samePort(id)))).toEqual([]);
  });

  it("shows an event as it is sent", () => {
    const sample = JSON.parse(samples(mqtt, "json")[0] ?? "") as { readonly at: string };
    const stored = { id: 41, at: Date.parse(sample.at), bootId: "", monotonicMs: 0 };
    const event = mqttEvent({ ...stored, event: { what: "carrier", port: "em1", up: false } }, "nas");
    expect(JSON.parse(JSON.stringify(event))).toEqual(sample);
  });
});
