import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainStyle } from "../diagnostic/text-style.ts";
import { columnsOf } from "../diagnostic/visible.ts";
import { renderComparison } from "./comparison.ts";
import { renderHtml } from "./html.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { redaction } from "./redaction.ts";
import { renderTerminal } from "./terminal.ts";
import { anyRehearsal } from "./testing/arbitrary.ts";
import { inputCase, secretCase } from "./testing/inputs.ts";
import { allCases, missedCase } from "./testing/rehearsals.ts";
import { faultIn } from "./testing/well-formed.ts";

const madeAt = "2026-03-01T12:00:00Z";
const plain = (text: string): string => text;

describe("any rehearsal at all", () => {
  test("becomes a well-formed page", () => {
    fc.assert(
      fc.property(anyRehearsal, (rehearsal) => {
        expect(faultIn(renderHtml(inputCase(rehearsal)))).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  test("becomes well-formed JUnit XML", () => {
    fc.assert(
      fc.property(anyRehearsal, (rehearsal) => {
        expect(faultIn(renderJunit(rehearsal, plain, { madeAt }))).toBeUndefined();
      }),
    );
  });

  test("becomes JSON that reads back", () => {
    fc.assert(
      fc.property(anyRehearsal, (rehearsal) => {
        const back = JSON.parse(renderJson(rehearsal, plain));
        expect(back.scenarios).toHaveLength(rehearsal.scenarios.length);
      }),
    );
  });

  test("stays inside a terminal of 80 and of 100 columns, and never sends it a control character", () => {
    fc.assert(
      fc.property(anyRehearsal, fc.constantFrom(80, 100), (rehearsal, columns) => {
        const compared = [{ title: rehearsal.subject, rehearsal }];
        const out = renderTerminal(rehearsal, plainStyle(columns)) + renderComparison(compared, plainStyle(columns));
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
        expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
        for (const line of out.split("\n")) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
      }),
    );
  });

  test("keeps every table row of its Markdown in one line with all its cells", () => {
    fc.assert(
      fc.property(anyRehearsal, (rehearsal) => {
        const rows = renderMarkdown(rehearsal, plain)
          .split("\n")
          .filter((line) => /^\| (?:✅|❌|➖) /u.test(line));
        expect(rows).toHaveLength(rehearsal.scenarios.length);
        for (const row of rows) expect(row.match(/\|/g)).toHaveLength(6);
      }),
    );
  });
});

describe.each(Object.entries(allCases))("%s", (_name, rehearsal) => {
  test("shows every scenario in every form", () => {
    const forms = [
      renderTerminal(rehearsal, plainStyle(100)),
      renderHtml(inputCase(rehearsal)),
      renderJson(rehearsal, plain),
      renderJunit(rehearsal, plain, { madeAt }),
      renderMarkdown(rehearsal, plain),
    ];
    for (const form of forms) for (const each of rehearsal.scenarios) expect(form).toContain(each.fault);
  });
});

test("no form shows a secret of the configuration, wherever it turned up", () => {
  const [first, ...others] = missedCase.scenarios;
  if (first === undefined) throw new Error("the case has scenarios");
  const leaky = {
    ...missedCase,
    bringUp: { ...missedCase.bringUp, output: `wpa_supplicant: psk=another-hidden-key\ntrying ${secretCase}` },
    scenarios: [
      {
        ...first,
        fault: `pulled ${secretCase}`,
        reason: secretCase,
        events: [{ atMs: 1, what: "kernel" as const, text: secretCase }],
      },
      ...others,
    ],
  };
  const input = inputCase(leaky);
  const redact = redaction(input.config, input.files);
  const forms = [
    renderHtml(input),
    renderJson(leaky, redact),
    renderJunit(leaky, redact, { madeAt }),
    renderMarkdown(leaky, redact),
  ];
  for (const form of forms) {
    expect(form).not.toContain(secretCase);
    expect(form).not.toContain("another-hidden-key");
  }
});
