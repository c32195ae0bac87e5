import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { plainStyle } from "../diagnostic/text-style.ts";
import { emptyConfig } from "../model/config.ts";
import { renderBefore } from "./before.ts";
import { renderHtml } from "./html.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderTerminal } from "./terminal.ts";
import { heldCase, missedCase, repeatCase } from "./testing/rehearsals.ts";
import { elements } from "./testing/well-formed.ts";
import { sayMs, worstOutage } from "./words.ts";

const emptyPage = { config: emptyConfig, files: new Map(), findings: [], version: "0", madeAt: "2026-03-01T12:00:00Z" };
const plain = (text: string): string => text;

describe("JSON", () => {
  test("has the documented keys at every level, null for what never ended", () => {
    const json = JSON.parse(renderJson(missedCase, plain));
    expect(Object.keys(json)).toEqual([
      "subject",
      "engine",
      "kernel",
      "clock",
      "objectives",
      "bringUp",
      "scenarios",
      "verdict",
      "notes",
      "tookMs",
    ]);
    const never = json.scenarios[3];
    expect(Object.keys(never)).toEqual([
      "id",
      "fault",
      "kind",
      "expected",
      "verdict",
      "reason",
      "outageMs",
      "uncertaintyMs",
      "watchedMs",
      "tcp",
      "lost",
      "sent",
      "reselectMs",
      "stats",
      "repeats",
      "events",
      "flows",
    ]);
    expect(never).toMatchObject({
      outageMs: { toHost: null, fromHost: null },
      tcp: { survived: false },
      verdict: "missed",
    });
    expect(Object.keys(never.flows[0])).toEqual([
      "flow",
      "direction",
      "expected",
      "sent",
      "lost",
      "lostBefore",
      "outageMs",
      "reselectMs",
      "lostRuns",
    ]);
  });
});

test("the guide tells every key of the JSON", () => {
  const guide = readFileSync(new URL("../../docs/guide/json.md", import.meta.url), "utf8");
  const keys = new Set<string>();
  JSON.parse(renderJson(missedCase, plain), (key, value) => {
    if (key !== "" && !/^\d+$/.test(key)) keys.add(key);
    return value;
  });
  expect([...keys].filter((key) => !guide.includes(`\`${key}\``))).toEqual([]);
});

describe("JUnit", () => {
  const xml = renderJunit(missedCase, plain, { madeAt: "2026-03-01T12:00:00.123Z" });

  test("counts what it lists, with one case for each scenario", () => {
    const [suite] = elements(xml, "testsuite");
    expect(elements(xml, "testcase")).toHaveLength(missedCase.scenarios.length);
    expect([suite?.get("tests"), suite?.get("failures"), suite?.get("errors"), suite?.get("skipped")]).toEqual([
      "7",
      "4",
      "0",
      "1",
    ]);
    expect(elements(xml, "failure")).toHaveLength(4);
    expect(suite?.get("timestamp")).toBe("2026-03-01T12:00:00");
  });

  test("names engine, kernel and clock, and says why a case failed", () => {
    const properties = elements(xml, "property").map((each) => each.get("name"));
    expect(properties).toEqual(["engine", "kernel", "clock", "uncertainty", "objective", "verdict"]);
    expect(xml).toContain('message="outage to host never (watched 60 s), from host never (watched 60 s), TCP broke"');
    expect(xml).toContain("both routers have the address 192.168.1.1");
  });

  test("keeps the order both schemas ask for", () => {
    const order = [...xml.matchAll(/^ {4}<(\w[\w-]*)/gm)].map((match) => match[1]);
    expect([...new Set(order)]).toEqual(["properties", "testcase", "system-out", "system-err"]);
  });
});

describe("Markdown", () => {
  test("a pull request sees verdict, table and reasons; the rest is folded", () => {
    const text = renderMarkdown(missedCase, plain);
    expect(text).toMatch(/^### ❌ It doesn't hold: missed 4 of 7\n/);
    expect(text).toContain("| ✅ | the cable eth0 – vdsl is pulled | 49 ms | 223 ms | 0 ms |");
    expect(text).toContain("| ❌ | the router vdsl hangs, its ports stay up | **never** | broke | 0 ms |");
    expect(text).toContain("<details><summary>How this was measured</summary>");
    expect(renderMarkdown(heldCase, plain)).not.toContain("Why, and what would cure it");
    expect(renderMarkdown(repeatCase, plain)).toContain("49 ms · 88 ms · 90 ms");
  });

  test("a name can't break its cell, start markup, link or call anybody", () => {
    const [first] = heldCase.scenarios;
    if (first === undefined) throw new Error("the case has scenarios");
    const fault = "a|b\n<img src=x> @team #1 https://evil.example [x](y) `z`";
    const text = renderMarkdown({ ...heldCase, scenarios: [{ ...first, fault }] }, plain);
    const row = text.split("\n").find((line) => line.startsWith("| ✅")) ?? "";
    expect(row).not.toMatch(/<img|@team|#1 |https:\/\/|\[x\]|`/);
    expect(row.match(/\|/g)).toHaveLength(6);
  });
});

describe("the kernel alone, beside the agent", () => {
  const cured = {
    ...missedCase,
    scenarios: missedCase.scenarios.map((each) => ({ ...each, verdict: "held" as const })),
  };

  test("is a column in Markdown", () => {
    const text = renderMarkdown(cured, plain, missedCase);
    expect(text).toContain("| | fault | kernel alone | outage |");
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    expect(new Set(rows.map((row) => row.split("|").length)).size).toBe(1);
    expect(renderMarkdown(cured, plain)).not.toContain("kernel alone");
  });

  test("is told in JUnit's properties and fails no case", () => {
    const xml = renderJunit(cured, plain, { madeAt: "2026-03-01T12:00:00Z", alone: missedCase });
    expect(xml).toContain('<property name="verdict of the kernel alone" value="missed"/>');
    const [first] = missedCase.scenarios;
    expect(xml).toContain(`<property name="kernel alone: ${first?.id}" value="`);
    expect(xml).not.toContain("<failure");
    expect(elements(xml, "testcase")).toHaveLength(missedCase.scenarios.length);
  });
});

describe("a drill beside what was rehearsed", () => {
  const [first, ...others] = heldCase.scenarios;
  if (first === undefined) throw new Error("nothing was drilled");
  const forecast = { scenario: "cable-em1", outageMs: 3, at: Date.UTC(2026, 1, 17), kept: false };
  const drilled = { ...heldCase, engine: "live" as const, scenarios: [{ ...first, forecast }, ...others] };

  test("every form of it has the promise, and says where it was not kept", () => {
    const said = `Longer than rehearsed: ${sayMs(worstOutage(first) ?? 0)} instead of 3 ms`;
    const terminal = renderTerminal(drilled, plainStyle(80));
    expect(terminal).toContain(said);
    expect(terminal.split("\n").find((line) => line.includes("rehearsed "))).toMatch(/fault +rehearsed +to host/);
    expect(Math.max(...terminal.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    const markdown = renderMarkdown(drilled, plain);
    expect(markdown).toContain("| | fault | rehearsed | outage");
    const rows = markdown.split("\n").filter((line) => line.startsWith("|"));
    expect(new Set(rows.map((row) => row.split("|").length)).size).toBe(1);
    const page = renderHtml({ ...emptyPage, rehearsal: drilled, scenarios: [] });
    expect(page).toContain(said);
    expect(page).toContain('<th scope="col" class="number">Rehearsed</th>');
    expect(JSON.parse(renderJson(drilled, plain)).scenarios[0].forecast).toEqual(forecast);
  });

  test("the lines below say how old the promise is, and how much of it was kept", () => {
    const said = renderBefore(drilled, [], plainStyle(80), Date.UTC(2026, 2, 1));
    expect(said).toBe("\nAs rehearsed 12 days ago: 0 of 1 fault.\n");
    expect(renderBefore(heldCase, [], plainStyle(80), 0)).toBe("");
  });
});
