import { expect, test } from "vitest";
import { expectationAgain, expectationIn } from "./probes.ts";

test("whoever goes back looks at the ports that were looked at before, or they would count as lost", () => {
  const probe = (name: string) => ({ name, passed: true, detail: "", weight: "must" as const });
  const probes = [probe("port em1"), probe("route ipv4"), probe("port enx00:11"), probe("traffic bond0")];
  const found = expectationIn({ probes, emergency: [], facts: { targets: ["9.9.9.9"] } });
  expect(found.lookedAt).toEqual(["em1", "enx00:11"]);
  expect(found.targets).toEqual(["9.9.9.9"]);
  expect(expectationIn(undefined).lookedAt).toEqual([]);
});

test("whoever goes back to what was before a bond doesn't miss the bond", () => {
  const probes = ["port em1", "route ipv4"].map((name) => ({
    name,
    passed: true,
    detail: "",
    weight: "must" as const,
  }));
  const found = expectationAgain({ probes, emergency: [], facts: {} });
  expect(found.keptPorts).toEqual(["port em1"]);
  // Of a past that nobody knows any more nothing may go.
  expect(expectationAgain(undefined).keptPorts).toBeUndefined();
});
