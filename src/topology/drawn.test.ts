import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawFaults, drawTopology } from "./drawn.ts";
import { powerlineHouse } from "./testing/houses.ts";
import { anyHouse } from "./testing/random-house.ts";

describe("the topology as data", () => {
  test("says the way of every port, in order, and where everything stands", () => {
    const drawn = drawTopology(powerlineHouse);
    expect(drawn.ports.map(({ name, devices }) => [name, devices])).toEqual([
      ["em1", ["plc-a", "plc-b", "router", "internet"]],
      ["wlan0", ["router", "internet"]],
    ]);
    expect(drawn.words).toContain("em1 (active) leads over plc-a, plc-b, router, Internet");
    const inside = drawn.devices.every(({ x, y }) => x > 0 && x < drawn.width && y > 0 && y < drawn.height);
    expect(inside).toBe(true);
  });

  test("shows of a fault what dies with it and which way is left", () => {
    const fault = drawFaults(powerlineHouse).find(({ id }) => id === "off-plc-b");
    expect(fault?.dead).toContain("plc-b");
    expect(fault?.ports).toMatchObject({ wlan0: "way left" });
    expect(fault?.live).toContain("wlan0");
  });

  test("names only wires and devices that are in the picture", () => {
    fc.assert(
      fc.property(anyHouse, (house) => {
        const { wires, devices, ports } = drawTopology(house);
        const known = new Set(["host", ...wires.map(({ id }) => id), ...devices.map(({ name }) => name)]);
        const named = [
          ...ports.flatMap((port) => [...port.wires, ...port.devices]),
          ...drawFaults(house).flatMap(({ dead, live }) => [...dead, ...live]),
        ];
        expect(named.filter((name) => !known.has(name))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
