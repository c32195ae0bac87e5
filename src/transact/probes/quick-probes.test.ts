import { expect, test } from "vitest";
import type { Host } from "../../host/ports.ts";
import { probeRoute } from "./quick-probes.ts";
import type { Snapshot } from "./snapshot.ts";

test("a default route that leads nowhere is none", async () => {
  const nobody = {} as Host;
  const probed = async (type: number) => {
    const route = { ...{ family: 2, table: 254, type, to: "", prefix: 0, via: "", index: 1 }, metric: 0, source: "" };
    const now: Snapshot = { links: [], addresses: [], routes: [{ ...route, protocol: 3 }], tentative: new Set() };
    return (await probeRoute(nobody, now, "ipv4", async () => {})).map(({ passed }) => passed);
  };
  expect(await probed(1)).toEqual([true, true]);
  expect(await probed(7)).toEqual([false, false]);
});
