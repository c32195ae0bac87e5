import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { RehearsalInput } from "../../src/cli/rehearse/read-rehearsal.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { byRadio, lookAt, readHouse, withRadios } from "./wifi/by-radio.ts";

/** The example's host by Ethernet and Wi-Fi, its access point as it is declared, doing what access points do. */

const example = readFileSync(fileURLToPath(new URL("../../examples/powerline-wifi.yaml", import.meta.url)), "utf8");
/** As new access points are set up: WPA3, silent about its name, in 5 GHz. The host's supplicant is told. */
const modern = {
  offer: "{ ssid: BTHub-2211, security: wpa3-sae, hidden: true, band: 5GHz, country: GB }",
  settings: '{ key_mgmt: SAE, ieee80211w: "2", scan_ssid: "1" }',
};

interface House {
  readonly offer: string;
  readonly settings?: string;
  /** A further device's line. */
  readonly beside?: string;
  readonly policy?: "none";
  readonly manager?: "networkd";
}

let engine: Engine;
withRadios(
  (found) => {
    engine = found;
  },
  async () => lookAt(await house(modern)),
);

async function house({ offer, settings, beside, policy, manager }: House): Promise<RehearsalInput> {
  const replacements = [
    ["wifi: BTHub-2211, power", `wifi: ${offer}, power`],
    ["psk: { file: secrets/wlan0.psk }", `psk: { file: secrets/wlan0.psk }\n        settings: ${settings ?? "{}"}`],
    ["  cables:\n", `${beside === undefined ? "" : `    ${beside}\n`}  cables:\n`],
    ["fail_over_mac: active", `fail_over_mac: ${policy ?? "active"}`],
  ] as const;
  const text = replacements.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, to);
  }, example);
  const cwd = mkdtempSync(join(tmpdir(), "holdfast-wifi-"));
  try {
    writeFileSync(join(cwd, "house.yaml"), text);
    return await readHouse({ path: "house.yaml", ...(manager === undefined ? {} : { manager }) }, cwd);
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

const gone = "(slave wlan0): link status definitely down";
const back = "(slave wlan0): link status definitely up";

describe("an access point with WPA3, a hidden name, and 5 GHz by a country's rules", () => {
  it("is joined, stood in by, and left and found again as it moves, refuses and fades", {
    timeout: 300_000,
  }, async () => {
    const names = ["csa-alone-wlan0", "channel-alone-wlan0", "refused-wlan0", "slow-join-wlan0", "weak-alone-wlan0"];
    const { rehearsal, of } = await byRadio(engine, await house({ ...modern, manager: "networkd" }), names);
    const network = {
      ssid: "BTHub-2211",
      security: "wpa3-sae",
      band: "5GHz",
      channel: 36,
      country: "GB",
      hidden: true,
    };
    expect(rehearsal.radios).toEqual([{ port: "wlan0", accessPoint: "router", ...network, joined: true }]);
    expect(rehearsal.notes.join()).toContain("joined (WPA3, hidden, channel 36 in 5 GHz by the rules of GB)");
    // A move that is announced takes its stations along: nothing is lost but what Ethernet's end cost.
    const announced = of("csa-alone-wlan0");
    expect(announced.verdict, announced.reason).toBe("held");
    expect(announced.stats.worst).toBeLessThanOrEqual(150);
    expect(announced.said.join()).not.toContain(gone);
    // One that isn't leaves them behind: they notice, and have to look on every channel.
    const silent = of("channel-alone-wlan0");
    expect(silent.verdict).toBe("missed");
    expect(silent.reason).toContain("had no port left");
    expect(silent.stats.worst).toBeGreaterThan(1000);
    // While Ethernet carries, neither being refused nor being kept waiting costs a packet; and it joins again in the end.
    for (const id of ["refused-wlan0", "slow-join-wlan0"]) {
      expect(of(id), id).toMatchObject({ verdict: "held", outageMs: { toHost: 0, fromHost: 0 } });
      expect(of(id).said.join(), id).toContain(gone);
    }
    const mended = of("refused-wlan0").events.find(({ what }) => what === "mend")?.atMs ?? 0;
    const joined = of("refused-wlan0").events.filter(({ atMs, text }) => atMs > 0 && text.includes(back));
    expect(joined.every(({ atMs }) => atMs > mended)).toBe(true);
    // A weak signal loses packets, one here and one there; the radio stays.
    const weak = of("weak-alone-wlan0");
    const share = weak.lost / weak.sent;
    const heard = weak.sights?.map(({ links }) => links[0]?.signalDbm);
    // In 5 GHz GB's rules let a radio send with 3 dB more than in 2.4.
    expect(heard).toEqual([-27, -77, -27]);
    expect([weak.verdict, share > 0.01, share < 0.2]).toEqual(["held", true, true]);
    expect(weak.said.join()).not.toContain(gone);
  });
});

describe("an access point that keeps its stations apart", () => {
  it("a phone beside the host is promised nothing once both are on the air, and gets nothing", {
    timeout: 300_000,
  }, async () => {
    const offer = "{ ssid: BTHub-2211, clientIsolation: true }";
    const { of } = await byRadio(engine, await house({ offer, beside: "phone: { kind: client, wifi: BTHub-2211 }" }), [
      "healthy",
      "cable-em1",
    ]);
    expect(of("healthy")).toMatchObject({ verdict: "held", lost: 0 });
    const moved = of("cable-em1");
    expect(moved.verdict, moved.reason).toBe("held");
    expect(moved.flows.find(({ flow, direction }) => flow === "lan" && direction === "toHost")).toMatchObject({
      expected: "no-path",
      outageMs: null,
    });
  });
});

describe("an access point with a MAC filter", () => {
  it("refuses a bond's one address where it was told the radio's own, and why is told", {
    timeout: 300_000,
  }, async () => {
    const offer = '{ ssid: BTHub-2211, macFilter: ["02:00:00:00:00:0a"] }';
    const { rehearsal } = await byRadio(engine, await house({ offer, policy: "none" }), ["healthy"]);
    // hostapd doesn't answer the search of one it keeps out: without having heard a beacon, it wasn't even refused.
    const trouble = expect.stringMatching(/^(refused|not-found)$/);
    expect(rehearsal.radios).toMatchObject([{ port: "wlan0", joined: false, trouble }]);
    expect(rehearsal.notes.join()).toMatch(/MAC filter lets in 02:00:00:00:00:0a.*joins with bond0's address/);
  });
});
