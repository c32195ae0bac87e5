import { describe, expect, it } from "vitest";
import type { RadioLink } from "../host/ports.ts";
import type { RadioStation } from "../wire/nl80211.ts";
import { type Association, connected, describeLink, disconnected, firstLook, looked } from "./association.ts";

const one = "02:00:00:00:00:01";
const heard: RadioStation = {
  bssid: one,
  isAuthorized: true,
  signalDbm: -52,
  sendsMbps: 72,
  hearsMbps: 72,
  beaconLosses: 0,
};
const idle: RadioLink = {
  interface: { index: 4, isStation: true, ssid: "", frequencyMhz: undefined },
  station: undefined,
};
const joined = (station: Partial<RadioStation> = {}): RadioLink => ({
  interface: { index: 4, isStation: true, ssid: "Home", frequencyMhz: 2437 },
  station: { ...heard, ...station },
});
const keyless = joined({ isAuthorized: false });
const kicked = { byAccessPoint: true, reason: 15 };

const [home] = firstLook(joined(), true);

describe("what a radio has joined", () => {
  it("how it is at the beginning is no news", () => {
    expect(firstLook(joined(), true)[1]).toEqual({ joined: true, news: "", evidence: "" });
    expect(firstLook(idle, false)[1]).toEqual({ joined: false, news: "", evidence: "" });
  });

  it("joining is told once its key is accepted, not when it has associated", () => {
    const [out, left] = disconnected(home, { byAccessPoint: true, reason: 3 });
    expect(left).toMatchObject({
      joined: false,
      news: "left",
      evidence: `thrown out by ${one}: the other side leaves`,
    });
    const [associated, nothing] = connected(out, one);
    expect([associated.waiting, nothing]).toEqual([true, undefined]);
    const [waiting, still] = looked(associated, keyless, true);
    expect([waiting.joined, still]).toEqual([false, undefined]);
    const [, told] = looked(waiting, joined(), true);
    expect(told).toEqual({ joined: true, news: "joined", evidence: `Home, channel 6, by ${one}, -52 dBm` });
  });

  it("a key that isn't accepted is told once, however often it is tried", () => {
    let known: Association = disconnected(home, kicked)[0];
    const told: string[] = [];
    for (let tries = 0; tries < 5; tries++) {
      known = looked(connected(known, one)[0], keyless, true)[0];
      const [next, said] = disconnected(known, kicked);
      known = next;
      if (said !== undefined) told.push(`${said.news}: ${said.evidence}`);
    }
    expect(told).toEqual([expect.stringMatching(/^refused: thrown out by .*pass phrase/)]);
    // Let in and thrown out again later, it is news again.
    expect(looked(known, joined(), true)[0].refusals).toBe(0);
  });

  it("another access point of the same network is roaming; the same one is nothing", () => {
    const other = joined({ bssid: "02:00:00:00:00:02" });
    expect(looked(home, other, true)[1]).toMatchObject({ joined: true, news: "roamed" });
    expect(looked(home, joined({ signalDbm: -80 }), true)[1]).toBeUndefined();
  });

  it("where a driver lists no access point its carrier must do", () => {
    const [blind] = firstLook(idle, true);
    expect(blind.joined).toBe(true);
    const [out] = disconnected(blind, kicked);
    // The carrier's own loss may still be on its way.
    expect(looked(out, idle, true)[1]).toBeUndefined();
    const [down] = looked(out, idle, false);
    expect(looked(down, idle, true)[1]).toMatchObject({ joined: true, news: "joined" });
    expect(looked(connected(out, one)[0], idle, true)[1]).toMatchObject({ joined: true, news: "joined" });
  });

  it("where one is listed as a rule, none means that it has left, whatever its carrier says", () => {
    expect(looked(home, idle, true)[1]).toMatchObject({ joined: false, news: "left" });
    expect(looked(connected(home, one)[0], idle, true)[0].joined).toBe(false);
    expect(looked(home, idle, false)[1]).toMatchObject({ joined: false, news: "left" });
  });

  it("an access point that doesn't say whether the key is agreed has let it in", () => {
    expect(firstLook(joined({ isAuthorized: undefined }), true)[0].joined).toBe(true);
  });

  it("is described by what is known", () => {
    expect(describeLink(idle)).toBe("");
    expect(describeLink(joined({ signalDbm: undefined }))).toBe(`Home, channel 6, by ${one}`);
  });
});
