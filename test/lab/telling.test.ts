import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { parseHoldfast } from "../../src/config/parse-holdfast.ts";
import { dialectNamed } from "../../src/dialects/registry.ts";
import { runLab } from "../../src/lab/boot.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { guestPackages, packageLayer } from "../../src/lab/packages.ts";
import { withDefaults } from "../../src/model/defaults.ts";
import { compilePlan } from "../../src/topology/compile-plan.ts";
import { root, textOf } from "../house/source.ts";
import { engineOrReason } from "./booting.ts";
import { nut } from "./brownout.ts";
import { bundleGuest } from "./bundle-guest.ts";

const engine = await engineOrReason();
const runner = join(root, ".cache", `telling-guest-${process.pid}.mjs`);
// Twenty megabytes, fetched once; without them everything but Prometheus' own part is tested.
const withPrometheus = [...guestPackages, "prometheus"];
const prometheus = typeof engine !== "string" && (await packageLayer(withPrometheus)).ok;

interface Heard {
  readonly at: number;
  readonly path: string;
  readonly id: string;
  readonly body: { readonly title: string; readonly events: readonly { readonly id: number }[] };
}

interface Said {
  readonly failed?: string;
  readonly cutAt: number;
  readonly mendedAt: number;
  readonly heard: readonly Heard[];
  readonly dark: Readonly<Record<string, readonly object[]>>;
  readonly light: Readonly<Record<string, readonly object[]>>;
  readonly log: string;
  /** Absent without NUT. */
  readonly night?: {
    readonly during: { readonly status: string; readonly why: string; readonly events: string };
    readonly after: { readonly status: string; readonly why: string };
    readonly panels: Readonly<Record<string, readonly object[]>>;
  };
}

/** What the panels of Grafana's dashboard ask, as it would ask for this host and the last minutes. */
const panels = (
  JSON.parse(textOf("deploy/grafana/holdfast.json")) as {
    readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
  }
).panels
  .flatMap(({ targets = [] }) => targets)
  .map(({ expr }) => expr.replaceAll(/"\$(?:instance|bond)"/g, '".*"').replaceAll(/\$__\w+/g, "5m"));

const scrape = `global: {scrape_interval: 5s, evaluation_interval: 5s}
rule_files: [/etc/prometheus/holdfast.rules.yml]
scrape_configs:
  - {job_name: loopback, static_configs: [{targets: ["127.0.0.1:9437"]}]}
  - {job_name: socket, static_configs: [{targets: ["127.0.0.1:9438"]}]}
`;

async function tell(): Promise<Said> {
  const declared = textOf("examples/powerline-wifi.yaml").replace(
    "{ runtime: 40m }",
    "{ runtime: 40m, nut: apc@127.0.0.1 }",
  );
  const config = withDefaults(parseHoldfast("holdfast.yaml", declared).config);
  const plan = compilePlan(config);
  const flow = plan.flows.find(({ id }) => id === "internet");
  const web = `http://${flow?.peerAddress}:8080`;
  const notify = `notify:\n  webhook: {url: "${web}/hook"}\n  ntfy: {url: "${web}/house"}\n`;
  const job = {
    plan,
    clock: "virtual",
    files: {
      ...Object.fromEntries(dialectNamed("ifupdown")?.render(config).files ?? []),
      "/etc/holdfast/holdfast.yaml": `${declared}\n${notify}agent: {metrics: "127.0.0.1:9437"}\n`,
      "/etc/prometheus/prometheus.yml": scrape,
      "/etc/prometheus/holdfast.rules.yml": textOf("deploy/prometheus/holdfast.rules.yml"),
    },
    bringUp: { manager: "ifupdown", commands: [["ifup", "-a"]] },
    drills: [],
    cli: join(process.env["HOLDFAST_HOME"] ?? root, "bin/holdfast"),
    recipient: { node: flow?.peer, port: 8080 },
    wire: plan.wires.find(({ a }) => a.dev === "em1")?.id,
    router: "router",
    prometheus: prometheus ? "/etc/prometheus/prometheus.yml" : "",
    nut: nut ?? "",
    panels,
  };
  const messages: Said[] = [];
  const result = await runLab({
    engine: engine as Engine,
    job,
    runner,
    packages: prometheus ? withPrometheus : guestPackages,
    memoryMb: 768,
    timeoutMs: 230_000,
    onMessage: (message) => void messages.push(message as Said),
  });
  const [said] = messages;
  if (said === undefined || said.failed !== undefined) throw new Error(said?.failed ?? JSON.stringify(result));
  return said;
}

describe.skipIf(typeof engine === "string")(
  `telling, in a lab${typeof engine === "string" ? ` (skipped: ${engine})` : ""}`,
  () => {
    let said: Said;

    beforeAll(async () => {
      await bundleGuest(root, "test/lab/telling-guest.ts", runner);
      said = await tell();
    }, 240_000);

    test("what can't be told while every path is dead is told once, and in order, when one is back", () => {
      const hooks = said.heard.filter(({ path }) => path === "/hook");
      const whileDark = said.heard.filter(({ at }) => at > said.cutAt && at < said.mendedAt);
      expect(whileDark).toEqual([]);
      const ids = hooks.map(({ id }) => id);
      expect(ids).toEqual([...new Set(ids)]);
      const events = hooks.flatMap(({ body }) => body.events.map(({ id }) => id));
      const [first = 0] = events;
      expect(events).toEqual(events.map((_, index) => first + index));
      const later = hooks.find(({ at }) => at > said.mendedAt);
      // The path must answer again for three seconds before it counts as alive; then three more.
      expect((later?.at ?? Number.POSITIVE_INFINITY) - said.mendedAt).toBeLessThan(9_000);
    });

    test("people get one message for all of it, not one for each event", () => {
      const people = said.heard.filter(({ path, at }) => path === "/" && at > said.mendedAt);
      expect(people.length).toBeGreaterThan(0);
      expect(people.length).toBeLessThanOrEqual(3);
    });

    test("on Wi-Fi because the mains failed: a real UPS's word stands beside what the network did", (context) => {
      if (said.night === undefined) return context.skip("no upsd and dummy-ups here; Debian's package is nut-server");
      const { during, after } = said.night;
      expect(during.why.replaceAll(/\s+/g, " ")).toMatch(/^On wlan0 since [\d:]{8} because the mains failed/);
      expect(during.status).toMatch(/UPS ups +on battery since [\d:]{8}, 83 %, about 34 min left/);
      expect(during.events).toContain("the mains failed, UPS ups is on battery");
      expect(after.status).toMatch(/UPS ups +on mains, 12 %/);
      expect(after.why.replaceAll(/\s+/g, " ")).toMatch(/^At [\d:]{8} the mains failed.*traffic moved to wlan0/);
    });

    test("every panel of Grafana's dashboard shows something, but those of radios and drills, which aren't here", (context) => {
      if (!prometheus || said.night === undefined)
        return context.skip("Debian's prometheus or nut-server is missing here");
      const empty = Object.entries(said.night.panels).flatMap(([expr, rows]) => (rows.length === 0 ? [expr] : []));
      expect(empty.filter((expr) => !/holdfast_(radio|last_drill)_/.test(expr))).toEqual([]);
    });

    test("a real Prometheus reads the metrics from the port and through the socket, and its alarm goes off", (context) => {
      if (!prometheus) return context.skip("Debian's prometheus can't be fetched here");
      const jobs = ["loopback", "socket"];
      const of = (rows: readonly object[] | undefined, value: number) =>
        jobs.map((job) => expect(rows).toContainEqual(expect.objectContaining({ job, value })));
      of(said.dark["up"], 1);
      of(said.dark["holdfast_outage_active"], 1);
      of(said.light["holdfast_redundancy"], 2);
      const [alerts] = Object.entries(said.dark).flatMap(([name, rows]) => (name.startsWith("ALERTS") ? [rows] : []));
      expect(alerts).toContainEqual(expect.objectContaining({ alertname: "HoldfastOutage", severity: "critical" }));
      const paths = said.light["holdfast_path_up"]?.filter((row) => (row as { job: string }).job === "loopback");
      expect(paths).toEqual(["em1", "wlan0"].map((port) => expect.objectContaining({ port, value: 1 })));
    });
  },
);
