import { describe, expect, test } from "vitest";
import type { HostKind } from "./apply/host-kinds.ts";
import { playScenes, realEngine } from "./apply/remote.ts";

// Virtual time, real radios: hostapd, wpa_supplicant and whoever brings the host's network up. On request.
const isWanted = process.env["HOLDFAST_LONG"] === "1";
const engine = isWanted ? await realEngine("uml-tt") : "set HOLDFAST_LONG";
const PATIENCE_MS = 580_000;

async function play(kind: HostKind, scene: string): Promise<Record<string, unknown>> {
  if (typeof engine === "string") throw new Error(engine);
  const said: Record<string, unknown>[] = [];
  await playScenes(engine, [scene], (one) => void said.push(one), PATIENCE_MS, kind);
  return said.find((one) => one["scene"] === scene) ?? {};
}

describe.skipIf(typeof engine === "string")(
  `apply where the standby is a radio${typeof engine === "string" ? ` (skipped: ${engine})` : ""}`,
  () => {
    // "alone": it had joined that network already, by itself.
    test.each(["netplanradio", "netplanradioalone", "networkdradioalone", "networkmanagerradio"] as const)(
      "%s: a new bond's radio joins without a boot, is proven, stays awake, and takes over",
      {
        timeout: PATIENCE_MS + 20_000,
      },
      async (kind) => {
        const seen = await play(kind, "radioNew");
        expect(seen).toMatchObject({ confirmed: 0, status: 0, now: "wlan0", sleeps: "Power save: off" });
        expect(seen["text"]).toContain("port wlan0: 192.168.1.254 answered 30 of 30 questions through it");
        expect(seen["again"]).toContain("Nothing to do: files and running network are as declared");
      },
    );

    test("a joined radio is steered to and stays when its bond gets another option", {
      timeout: PATIENCE_MS + 20_000,
    }, async () => {
      const seen = await play("radio", "radioStandby");
      expect(seen).toMatchObject({ confirmed: 0, status: 0, bond: expect.stringMatching(/wlan0\nMII Status: up/) });
    });

    test("a command that costs the standby its network is taken back", { timeout: PATIENCE_MS + 20_000 }, async () => {
      expect(await play("radio", "radioLost")).toMatchObject({ end: "90-ROLLED_BACK" });
    });
  },
);
