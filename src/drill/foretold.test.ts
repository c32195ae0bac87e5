import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../test/house/source.ts";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import { withDefaults } from "../model/defaults.ts";
import type { Rehearsed } from "../store/rehearsals.ts";
import { defaultScenarios } from "../topology/scenarios.ts";
import { foretoldBy } from "./foretold.ts";

const read = (name: string) => {
  const path = join(root, "examples", name);
  return withDefaults(parseHoldfast(path, readFileSync(path, "utf8")).config);
};
/** As if everything that runs by default had been rehearsed. */
const rehearsedOf = (config: ReturnType<typeof read>): readonly Rehearsed[] =>
  defaultScenarios(config).map(
    ({ id, kind, expected }) =>
      ({ id, kind, expected: Object.values(expected).includes("survives") ? "survives" : "no-path" }) as Rehearsed,
  );

test.each([
  ["powerline-wifi.yaml", "carrier-em1", "cable-em1"],
  ["powerline-wifi.yaml", "silent-em1", "powerline-plc-a-plc-b"],
  ["powerline-wifi.yaml", "carrier-wlan0", "radio-wlan0"],
  ["powerline-wifi.yaml", "silent-wlan0", undefined],
  ["vdsl-lte.yaml", "carrier-eth0", "cable-eth0"],
  ["vdsl-lte.yaml", "silent-eth1", "hang-lte-router"],
  ["vdsl-lte.yaml", "uplink-lte", "uplink-lte"],
  ["reference.yaml", "silent-eth0", "cable-switch-a-upstream"],
])("%s: of %s tells %s", (name, cut, scenario) => {
  const config = read(name);
  const kept = { kernel: rehearsedOf(config), withAgent: [] };
  const told = foretoldBy(kept, config, "kernel")({ id: cut, kind: cut.split("-")[0] ?? "" });
  expect(told?.id).toBe(scenario);
});

test("a rehearsal without the agent promises nothing of a host that has one", () => {
  const config = read("reference.yaml");
  const kept = { kernel: rehearsedOf(config), withAgent: [] };
  expect(foretoldBy(kept, config, "agent")({ id: "carrier-eth0", kind: "carrier" })).toBeUndefined();
});
