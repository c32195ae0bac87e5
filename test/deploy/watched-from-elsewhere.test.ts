import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { renderMetrics } from "../../src/agent/metrics/metrics.ts";
import { findPromtool } from "../../src/agent/metrics/testing/find-promtool.ts";
import { fullSnapshot } from "../../src/agent/metrics/testing/snapshot.ts";
import { root, textOf } from "../house/source.ts";

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const rulesPath = "deploy/prometheus/holdfast.rules.yml";
const rules = (
  parse(textOf(rulesPath)) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }
).groups.flatMap(({ rules }) => rules);
const dashboard = JSON.parse(textOf("deploy/grafana/holdfast.json")) as {
  readonly panels: readonly Panel[];
  readonly annotations: { readonly list: readonly { readonly expr: string }[] };
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
};
const drawn = [...dashboard.panels.flatMap(({ targets = [] }) => targets), ...dashboard.annotations.list].map(
  ({ expr }) => expr,
);
const asked = [...drawn, ...dashboard.templating.list.flatMap(({ definition = "" }) => definition)];

/** Every metric of an agent that has everything, with its labels; and what Prometheus puts in itself. */
const exported = new Map<string, Set<string>>();
for (const line of renderMetrics(fullSnapshot()).split("\n")) {
  const [, name, labels = ""] = /^(\w+)(?:\{(.*)\})? /.exec(line) ?? [];
  if (name === undefined) continue;
  const known = exported.get(name) ?? new Set(["instance", "job"]);
  for (const [, label = ""] of labels.matchAll(/(\w+)="/g)) known.add(label);
  exported.set(name, known);
}
const labelNames = new Set([...exported.values()].flatMap((labels) => [...labels]));

/** Names in an expression that no agent exports, and labels that the metric beside them hasn't. */
function strangers(expr: string): readonly string[] {
  const metrics = [...expr.matchAll(/\b((?:holdfast|process)_\w+)(?:\{([^}]*)\})?/g)];
  return metrics.flatMap(([, name = "", selector = ""]) => {
    const labels = exported.get(name);
    if (labels === undefined) return [name];
    const selected = [...selector.matchAll(/(\w+)\s*=~?"/g)].map(([, label = ""]) => label);
    return selected.filter((label) => !labels.has(label)).map((label) => `${name}{${label}}`);
  });
}

function promtool(...args: readonly string[]): { readonly said: string; readonly status: number | null } | undefined {
  const program = findPromtool();
  if (program === undefined) return undefined;
  const { stdout, stderr, status } = spawnSync(program, args, {
    cwd: join(root, "deploy/prometheus"),
    encoding: "utf8",
  });
  return { said: `${stdout}${stderr}`, status };
}

const noPromtool = "no promtool here, and apt-get can't fetch Debian's";

describe("the rules for Prometheus", () => {
  it("ask only for what the agent exports", () => {
    expect(rules.flatMap(({ expr }) => strangers(expr))).toEqual([]);
    const grouped = rules.flatMap(({ expr }) => [...expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)]);
    const labels = grouped.flatMap(([, list = ""]) => list.split(", "));
    expect(labels.filter((label) => !labelNames.has(label))).toEqual([]);
  });

  it("have each a page that says what to do, and no page is left over", () => {
    const headings = [...textOf("docs/guide/alerts.md").matchAll(/^## (\w+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(rules.map(({ alert }) => alert));
    const urls = rules.map(({ annotations }) => annotations["runbook_url"]);
    expect(urls).toEqual(rules.map(({ alert }) => `docs/guide/alerts.md#${alert.toLowerCase()}`));
  });

  it("go off when they shall and not before, as promtool plays it", (context) => {
    const played = promtool("test", "rules", "holdfast.rules.test.yml");
    if (played === undefined) return context.skip(noPromtool);
    expect(played.said).toContain("SUCCESS");
    expect(played.status).toBe(0);
  }, 120_000);

  it("are all played", () => {
    const { tests } = parse(textOf("deploy/prometheus/holdfast.rules.test.yml")) as {
      readonly tests: readonly {
        readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts?: unknown }[];
      }[];
    };
    const cases = tests.flatMap(({ alert_rule_test }) => alert_rule_test);
    const fired = new Set(cases.filter(({ exp_alerts }) => exp_alerts !== undefined).map(({ alertname }) => alertname));
    expect(rules.map(({ alert }) => alert).filter((alert) => !fired.has(alert))).toEqual([]);
  });
});

describe("the dashboard for Grafana", () => {
  it("asks only for what the agent exports", () => {
    expect(drawn.length).toBeGreaterThan(15);
    expect(asked.flatMap(strangers)).toEqual([]);
  });

  it("asks what Prometheus understands", (context) => {
    const scratch = mkdtempSync(join(tmpdir(), "holdfast-dashboard-"));
    try {
      const plain = drawn.map((expr) => expr.replaceAll(/\$__\w+/g, "5m").replaceAll(/\$\w+/g, ".*"));
      const groups = [{ name: "drawn", rules: plain.map((expr, index) => ({ record: `drawn:${index}`, expr })) }];
      writeFileSync(join(scratch, "drawn.yml"), JSON.stringify({ groups }));
      const checked = promtool("check", "rules", join(scratch, "drawn.yml"));
      if (checked === undefined) return context.skip(noPromtool);
      expect(checked.said).toContain(`SUCCESS: ${plain.length} rules found`);
      expect(checked.status).toBe(0);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  }, 120_000);

  it("lays its panels side by side, none over another", () => {
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const over = panels.flatMap(({ title, gridPos: a }, index) =>
      panels
        .slice(index + 1)
        .filter(({ gridPos: b }) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
        .map((other) => `${title} and ${other.title}`),
    );
    expect(over).toEqual([]);
    expect(panels.filter(({ gridPos }) => gridPos.x + gridPos.w > 24)).toEqual([]);
  });
});
