import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseHoldfast } from "./parse-holdfast.ts";

const most = 256 * 1024;
const fill = (unit: string, length = most) => unit.repeat(Math.floor(length / unit.length));
const numbered = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

/** Texts made to cost a parser time or memory, or to be read as something else. */
const hostile: Readonly<Record<string, string>> = {
  "a hundred megabytes": "a".repeat(100_000_000),
  "an alias bomb": `a: &a [x,x,x,x,x,x,x,x,x]\n${numbered(8, (index) => `${"bcdefghi"[index]}: &${"bcdefghi"[index]} [${Array(9).fill(`*${"abcdefghi"[index]}`).join(",")}]`)}`,
  "an alias inside itself": "a: &a [*a, *a]",
  "many aliases": `- &a x\n${fill("- *a\n", 50_000)}`,
  "open brackets": fill("["),
  "nested maps": fill("{a: "),
  "nested dashes": fill("- "),
  "nested question marks": fill("? "),
  "deep indentation": numbered(400, (index) => `${" ".repeat(index)}a:`),
  "many keys": numbered(30_000, (index) => `k${index}:`).slice(0, most),
  "many items": fill("- \n"),
  "many commas": `[${fill(",", 7900)}]`,
  "many closing brackets": fill("]", 7900),
  "many errors": fill("a: b: c\n", 20_000),
  "many lines in quotes": `bond: "${fill("a\n")}"`,
  "many documents": fill("---\n", 50_000),
  "a NUL": "bond: {ports: [a\0b]}",
  "a lone surrogate": 'bond: {ports: ["\ud800"]}',
  "a control character": "bond: {ports: [a\u0007]}",
  __proto__key: "__proto__: {polluted: true}\nbond: {ports: [a]}",
  constructor_key: "bond: {ports: [a]}\nnotify: {command: {constructor: {prototype: {polluted: true}}}}",
  "a device called __proto__": "bond: {ports: [a]}\ntopology: {devices: {__proto__: {kind: router}}}",
  "a key twice": "bond: {ports: [a]}\nbond: {ports: [b]}",
  tabs: "bond:\n\tports: [a]\n",
  "two documents": "bond: {ports: [a]}\n---\nbond: {ports: [b]}\n",
  "a tag of a program": 'bond: {ports: [a]}\nagent: !!js/function "function () { return 1 }"',
  "a merge key": "base: &base {ports: [a]}\nbond: {<<: *base}",
  "YAML 1.1": "%YAML 1.1\n---\nbond: {ports: [a], dhcp: yes}",
  "a huge number": "bond: {ports: [a], miimon: 1e999}",
  "a number beyond exactness": "bond: {ports: [a], miimon: 99999999999999999999}",
  "not a number": "bond: {ports: [a], miimon: .nan}",
  "a key that is a map": "? {a: b}\n: c\nbond: {ports: [a]}",
  "a binary": "bond: {ports: [a]}\nagent: !!binary aGVsbG8=",
  "an ordered map": "bond: !!omap [ports: [a], dhcp: true]",
  backslashes: `bond: "${fill("\\")}`,
  quotes: fill("'", 20_000),
};

describe("hostile text gets a diagnostic in under a second", () => {
  test.each(Object.entries(hostile))("%s", (_name, text) => {
    // Processor time: what else the machine does is not the parser's doing.
    const before = process.cpuUsage();
    const { diagnostics } = parseHoldfast("holdfast.yaml", text);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.length).toBeLessThanOrEqual(101);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test("memory stays bounded over all of them", () => {
    const before = process.memoryUsage().heapUsed;
    for (const text of Object.values(hostile)) parseHoldfast("holdfast.yaml", text);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 1024 * 1024);
  });
});

describe("words that other YAMLs read as something else", () => {
  test("a network called no is called no", () => {
    const { config, diagnostics } = parseHoldfast("h", "bond: {ports: [{name: w, wifi: {ssid: no}}]}");
    expect(diagnostics).toEqual([]);
    expect(config.interfaces[1]?.wifi?.ssid).toBe("no");
  });

  test("a MAC address of digits is no number in base 60", () => {
    const { config } = parseHoldfast("h", "bond: {ports: [{name: e, match: {mac: 10:20:30:40:50:51}}]}");
    expect(config.interfaces[1]?.match?.mac).toBe("10:20:30:40:50:51");
  });

  test("an alias is followed, as a honest file may use one", () => {
    const { config, diagnostics } = parseHoldfast(
      "h",
      "targets: &t [gateway]\nbond: {ports: [a, b], dhcp: true, dns: &d 10.0.0.1, search: lan}\nuplinks: {x: {port: a, gateway: *d}}",
    );
    expect(diagnostics).toEqual([]);
    expect(config.uplinks[0]?.gateway).toBe("10.0.0.1");
  });
});

test("no text makes it throw, and every place is inside the text", () => {
  const pieces = fc.constantFrom(
    "bond:",
    " ",
    "\n",
    "ports",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "- ",
    "eth0",
    "~",
    "–",
    ")))",
    "'",
    '"',
    "&a",
    "*a",
    "!!",
    "#",
    "|",
    ">",
    "topology",
    "devices",
    "cables",
    "router",
    "1",
    "null",
    "%",
    "?",
    "\t",
    "address: 10.0.0.1/24",
    "wifi",
    "psk",
  );
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(text, (input) => {
      for (const { at } of parseHoldfast("h", input).diagnostics) {
        expect(at?.start ?? 0).toBeGreaterThanOrEqual(0);
        expect(at?.end ?? 0).toBeLessThanOrEqual(input.length);
      }
    }),
    { numRuns: 400 },
  );
});
