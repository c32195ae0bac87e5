import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { plainStyle } from "../diagnostic/text-style.ts";
import { bootStamps, eventPrinter, wallStamps } from "./events.ts";
import { november } from "./testing/statuses.ts";

const stored = { id: 1, bootId: "", monotonicMs: 0 };

it("events are lines below their day, with what was seen, wrapped beside their time", () => {
  const print = eventPrinter(plainStyle(80), wallStamps(november));
  const at = november.now;
  const lines = [
    print({ ...stored, at, event: { what: "carrier", port: "eth0", up: false } }),
    print({
      ...stored,
      at: at + 4,
      event: {
        what: "moved",
        from: "eth0",
        to: "wlan0",
        cause: "path-dead",
        noticedAfterMs: 4,
        evidence: "192.168.1.254 lost 5 in a row through eth0; answers through wlan0",
      },
    }),
    print({ ...stored, at: at + 86_400_000, event: { what: "configured" } }),
  ];
  expect(lines.join("")).toBe(`2025-11-03
14:30:00.000  eth0 lost its carrier
14:30:00.004  traffic moved from eth0 to wlan0: nothing answers through eth0
              although its carrier is up (192.168.1.254 lost 5 in a row through
              eth0; answers through wlan0)
2025-11-04
14:30:00.000  Holdfast took a new configuration
`);
});

it("what came off the wire can't move the cursor", () => {
  const print = eventPrinter(plainStyle(80), wallStamps(november));
  const text = print({ ...stored, at: 0, event: { what: "warning", port: "eth0", evidence: "\u001b[2J\nroot\r" } });
  expect(text.split("\n")).toHaveLength(3);
  expect(text).toBe(stripVTControlCharacters(text));
  expect(text).not.toContain("\r");
});

it("a log without a clock counts from the boot", () => {
  const print = eventPrinter(plainStyle(80), bootStamps);
  const text = print({ ...stored, at: 189_318, event: { what: "kernel-enslaved", bond: "bond0", port: "eth2" } });
  expect(text).toBe("seconds after boot\n     189.318  eth2 became a port of bond0\n");
});
