import fc from "fast-check";
import { expect, test } from "vitest";
import { askVariables, readNutLine, upsReading } from "./nut.ts";

test("a variable's value comes without its quotes, and with what stood escaped in it", () => {
  expect(readNutLine('VAR attic ups.status "OL CHRG"')).toEqual({
    kind: "var",
    ups: "attic",
    name: "ups.status",
    value: "OL CHRG",
  });
  expect(readNutLine('VAR attic ups.id "the \\"big\\" one \\\\"')).toMatchObject({ value: 'the "big" one \\' });
  expect(readNutLine('VAR attic ups.id ""')).toMatchObject({ value: "" });
});

test("lists begin and end; what is wrong has the server's word for it", () => {
  expect(readNutLine("BEGIN LIST VAR attic")).toEqual({ kind: "begin" });
  expect(readNutLine("END LIST VAR attic")).toEqual({ kind: "end" });
  expect(readNutLine("ERR DATA-STALE")).toEqual({ kind: "err", word: "DATA-STALE" });
  expect(readNutLine("ERR \x1b[31m")).toEqual({ kind: "err", word: "UNKNOWN" });
});

test("no name of a UPS writes a second line", () => {
  expect(askVariables("attic")).toBe("LIST VAR attic\n");
  for (const name of ["", "a b", "a\nFSD b", "a\0", 'a"', "ü"]) expect(askVariables(name)).toBeUndefined();
});

test("whatever a server says, it is a line of some kind", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(readNutLine(text).kind).toMatch(/^(var|begin|end|ok|err|other)$/);
    }),
  );
});

test("the brownout of the first article: 230 V and on line, then 60 V and on battery", () => {
  const before = new Map([
    ["ups.status", "OL"],
    ["input.voltage", "230.0"],
    ["battery.charge", "100"],
    ["battery.runtime", "2400"],
  ]);
  expect(upsReading(before)).toEqual({
    source: "mains",
    isLow: false,
    wantsBattery: false,
    chargePercent: 100,
    runtimeMs: 2_400_000,
    inputVolts: 230,
  });
  const during = new Map([...before, ["ups.status", "OB DISCHRG LB"], ["input.voltage", "60"]] as const);
  expect(upsReading(during)).toMatchObject({ source: "battery", isLow: true, inputVolts: 60 });
});

test("what a UPS doesn't say, or says wrongly, isn't known", () => {
  expect(upsReading(new Map())).toEqual({ source: "unknown", isLow: false, wantsBattery: false });
  const odd = new Map([
    ["ups.status", "OL LB"],
    ["battery.charge", "lots"],
    ["battery.runtime", "-1"],
  ]);
  // Some say low while they charge on the mains: nothing is about to go dark.
  expect(upsReading(odd)).toEqual({ source: "mains", isLow: false, wantsBattery: false });
});
