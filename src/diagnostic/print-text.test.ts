import { describe, expect, test } from "vitest";
import type { Diagnostic } from "./diagnostic.ts";
import { countText, printText } from "./print-text.ts";
import { ansiStyle, plainStyle } from "./text-style.ts";
import { columnsOf } from "./visible.ts";

const file = "/etc/network/interfaces";
const text =
  "auto eth0\niface eth0 inet manual\n\tbond-master bond0\n\nauto bond0\niface bond0 inet static\n\tbond-master bond0\n";
const files = new Map([[file, text]]);
const span = (needle: string, from = 0) => {
  const start = text.indexOf(needle, from);
  return { file, start, end: start + needle.length };
};
const finding: Diagnostic = {
  code: "ifenslave-bond-master-on-itself",
  severity: "error",
  message: "bond0 names itself as bond-master",
  hint: "Delete the line.",
  at: span("bond-master bond0", 80),
  also: [{ at: span("bond-master bond0"), note: "eth0 finds no bond0 to join" }],
};
const print = (diagnostics: readonly Diagnostic[], columns = 100, set = files) =>
  printText(diagnostics, set, plainStyle(columns), (code) => `docs/rules/${code}.md`);

test("shows place, lines, markers, notes, the fix, where to read more and a count", () => {
  expect(print([finding])).toBe(`\
error[ifenslave-bond-master-on-itself]: bond0 names itself as bond-master
 --> /etc/network/interfaces:7:2
  |
3 |     bond-master bond0
  |     ----------------- eth0 finds no bond0 to join
...
7 |     bond-master bond0
  |     ^^^^^^^^^^^^^^^^^
  |
  = fix: Delete the line.
  = why: holdfast explain ifenslave-bond-master-on-itself

1 error
`);
});

test("counts by severity, advice without a plural", () => {
  const many = (["advice", "error", "warning", "error", "advice", "advice"] as const).map((severity) => ({
    ...finding,
    severity,
  }));
  expect(countText(many)).toBe("2 errors, 1 warning, 3 advice");
  expect(print([])).toBe("no findings\n");
});

test("a finding without a place or in a file that isn't there still prints", () => {
  const { at: _at, also: _also, ...placeless } = finding;
  expect(print([placeless])).toContain("  = fix: Delete the line.");
  expect(print([{ ...placeless, at: { file: "gone", start: 5, end: 9 } }])).toContain("--> gone\n");
});

test("no line is wider than the terminal", () => {
  const long = {
    ...finding,
    message: "word ".repeat(60).trim(),
    hint: "edit ".repeat(60).trim(),
    also: [{ at: span("auto eth0"), note: "note ".repeat(60).trim() }],
  };
  const wide = new Map([[file, text.replace("manual", `manual ${"x".repeat(5000)}`)]]);
  for (const columns of [40, 72, 100]) {
    for (const line of print([long, { ...finding, at: span("iface eth0 inet") }], columns, wide).split("\n")) {
      expect(line.length).toBeLessThanOrEqual(columns);
    }
  }
});

describe("hostile files", () => {
  const shown = (hostile: string, at = { file, start: 0, end: 3 }) =>
    printText([{ ...finding, at, also: [], message: `said ${hostile}` }], new Map([[file, hostile]]), plainStyle(80));

  test("escape sequences, bidi and zero-width characters are spelled out", () => {
    const out = shown("a\u001b[31mb\u202ec\u200bd\u0000\u009b2J\u2028");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not come through
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u202e\u2028]/);
    expect(out).toContain("a\\u{1b}[31mb\\u{202e}c\\u{200b}d\\u{0}\\u{9b}2J\\u{2028}");
  });

  test("markers stand under wide, combining and escaped characters", () => {
    const line = "日本\te\u0301\u001b! here";
    const start = line.indexOf("here");
    const [source, marker] = shown(line, { file, start, end: start + 4 })
      .split("\n")
      .slice(3, 5);
    expect(source).toContain("日本    e\u0301\\u{1b}! here");
    // 4 columns of two wide characters, 4 of the tab, 1 of e with its accent, 6 of the escape, "! "
    expect(marker).toBe(`  | ${" ".repeat(4 + 4 + 1 + 6 + 2)}^^^^`);
  });

  test("file names are escaped too", () => {
    expect(shown("x", { file: "a\u001b]0;x\u0007", start: 0, end: 1 })).toContain("a\\u{1b}]0;x\\u{7}");
  });
});

test("a secret is masked in its excerpt, in messages, notes and hints, and markers still fit", () => {
  const secret = "iface wlan0 inet manual\n  wpa-psk correcthorse\n";
  const at = { file, start: secret.indexOf("wpa-psk"), end: secret.length - 1 };
  const leak: Diagnostic = {
    code: "x",
    severity: "warning",
    message: "correcthorse",
    hint: "correcthorse",
    at,
    also: [{ at, note: "correcthorse" }],
  };
  const out = printText([leak], new Map([[file, secret]]), plainStyle(80));
  expect(out).not.toContain("correcthorse");
  expect(out).toContain("2 |   wpa-psk ********\n  |   ^^^^^^^^^^^^^^^^\n");
});

test("colour changes nothing but colour", () => {
  const coloured = printText([finding], files, ansiStyle(100), (code) => code);
  expect(coloured).toContain("\u001b[1;31merror[ifenslave-bond-master-on-itself]");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: takes the colours away again
  expect(coloured.replace(/\u001b\[[0-9;]*m/g, "")).toBe(print([finding]));
});

test("of an endless line the part around the marker is shown, by whatever it is surrounded", () => {
  const surrounded = "\u{1f600}a\tb ".repeat(20_000);
  const long = `${surrounded}wrong${surrounded}`;
  const at = { file, start: surrounded.length, end: surrounded.length + 5 };
  const count = 500;
  const before = process.cpuUsage();
  const out = print(
    Array.from({ length: count }, () => ({ ...finding, also: [], at })),
    60,
    new Map([[file, long]]),
  );
  const { user, system } = process.cpuUsage(before);
  const lines = out.split("\n");
  const shown = lines.find((line) => line.includes("wrong\u{1f600}")) ?? "";
  expect(shown).toMatch(/^1 \| ….*…$/u);
  const marked = lines.find((line) => line.includes("^")) ?? "";
  expect(marked).toMatch(/\^{5}$/);
  expect(columnsOf(shown.slice(0, shown.indexOf("wrong")))).toBe(marked.indexOf("^"));
  // 60 s when the whole line was drawn for each.
  expect((user + system) / 1000).toBeLessThan(3000);
});

test("of a line somewhat longer than the screen both ends are told to go on", () => {
  const ports = Array.from({ length: 12 }, (_, index) => `eth${index}`).join(" ");
  const shownOf = (line: string, word: string) => {
    const start = line.indexOf(word);
    const at = { file, start, end: start + word.length };
    return print([{ ...finding, also: [], at }], 80, new Map([[file, line]])).split("\n")[3];
  };
  expect(shownOf(`    bond-slaves ${ports} wrong`, "wrong")).toBe("1 | …th9 eth10 eth11 wrong");
  expect(shownOf(`{"password":"${"a".repeat(600)}","bad":1}`, "password")).toMatch(/^1 \| \{"password":\*{8}…$/);
});
