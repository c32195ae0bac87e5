import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, fromU8, fromU16, fromU32, macBytes } from "./bytes.ts";
import { decodeGroups } from "./generic-netlink.ts";
import { type Attribute, attribute, decodeMessages, encodeAttributes, type NetlinkMessage } from "./netlink.ts";
import {
  channelOf,
  decodeJoinedSsid,
  decodeRadioInterface,
  decodeRadioNews,
  decodeRadioStation,
  encodeRadioQuestion,
  reasonInWords,
} from "./nl80211.ts";

const family = 0x1d;
const mac = "02:00:00:00:01:06";
const bytesOfMac = macBytes(mac) ?? new Uint8Array();

/** As the kernel would say it. */
function said(command: number, attributes: readonly Attribute[], type = family): NetlinkMessage {
  const payload = concat([fromU8(command), fromU8(1), fromU16(0), encodeAttributes(attributes)]);
  return { type, flags: 0, seq: 1, pid: 0, payload };
}

function station(info: readonly Attribute[], address = bytesOfMac): NetlinkMessage {
  return said(19, [attribute(3, fromU32(4)), attribute(6, address), attribute(21, encodeAttributes(info))]);
}

const rate = (units: number) => encodeAttributes([attribute(1, fromU16(units)), attribute(5, fromU32(units))]);
const flags = (mask: number, set: number) => attribute(17, concat([fromU32(mask), fromU32(set)]));

describe("nl80211", () => {
  it("asks for an interface and the access point it has joined, each with its own number", () => {
    const [one, other] = encodeRadioQuestion(family, 7, { interface: 10, station: 11 });
    expect(decodeMessages(one).messages).toMatchObject([{ type: family, flags: 1, seq: 10 }]);
    expect(decodeMessages(other).messages).toMatchObject([{ type: family, flags: 0x301, seq: 11 }]);
    expect([...(decodeMessages(other).messages[0]?.payload ?? [])]).toEqual([17, 1, 0, 0, 8, 0, 3, 0, 7, 0, 0, 0]);
  });

  it("reads an interface: its network and its channel", () => {
    const ssid = attribute(52, new TextEncoder().encode("BTHub-2211"));
    const message = said(7, [attribute(3, fromU32(4)), attribute(5, fromU32(2)), attribute(38, fromU32(2437)), ssid]);
    expect(decodeRadioInterface(message, family)).toEqual({
      index: 4,
      isStation: true,
      ssid: "BTHub-2211",
      frequencyMhz: 2437,
    });
    // Before it has joined there are neither.
    const idle = said(7, [attribute(3, fromU32(4)), attribute(5, fromU32(3))]);
    expect(decodeRadioInterface(idle, family)).toMatchObject({ isStation: false, ssid: "", frequencyMhz: undefined });
    expect(decodeRadioInterface(message, family + 1)).toBeUndefined();
  });

  it("reads an access point: how well it is heard, and whether the keys are agreed", () => {
    const full = station([
      attribute(7, fromU8(256 - 60)),
      attribute(13, fromU8(256 - 58)),
      attribute(8, rate(720)),
      attribute(14, rate(2_402)),
      attribute(18, fromU32(2)),
      flags(0b10, 0b10),
    ]);
    expect(decodeRadioStation(full, family)).toEqual({
      bssid: mac,
      isAuthorized: true,
      signalDbm: -58,
      sendsMbps: 72,
      hearsMbps: 240.2,
      beaconLosses: 2,
    });
    expect(decodeRadioStation(station([flags(0b10, 0)]), family)?.isAuthorized).toBe(false);
    const terse = decodeRadioStation(station([flags(0b100, 0b100), attribute(7, fromU8(0))]), family);
    expect(terse).toMatchObject({ isAuthorized: undefined, signalDbm: undefined, sendsMbps: undefined });
  });

  it("finds the name of the network that is joined among those that were heard", () => {
    const heard = (ssid: string, ...more: Attribute[]) => {
      const name = new TextEncoder().encode(ssid);
      const elements = concat([fromU8(1), fromU8(1), fromU8(0x82), fromU8(0), fromU8(name.length), name]);
      const bss = encodeAttributes([attribute(1, bytesOfMac), attribute(6, elements), ...more]);
      return said(34, [attribute(3, fromU32(4)), attribute(47, bss)]);
    };
    expect(decodeJoinedSsid(heard("Home", attribute(9, fromU32(1))), family)).toBe("Home");
    expect(decodeJoinedSsid(heard("Next door"), family)).toBeUndefined();
    expect(decodeJoinedSsid(heard("Once", attribute(9, fromU32(0))), family)).toBeUndefined();
  });

  it("reads what happened to a radio", () => {
    const of = (command: number, ...more: Attribute[]) =>
      decodeRadioNews(said(command, [attribute(3, fromU32(4)), ...more]), family);
    expect(of(46, attribute(6, bytesOfMac), attribute(72, fromU16(0)))).toMatchObject({ bssid: mac, isOk: true });
    expect(of(46, attribute(72, fromU16(17)))).toMatchObject({ what: "connected", isOk: false });
    expect(of(46, attribute(65, new Uint8Array()))).toMatchObject({ what: "connected", isOk: false });
    expect(of(47, attribute(6, bytesOfMac))).toEqual({ index: 4, what: "roamed", bssid: mac });
    const left = of(48, attribute(54, fromU16(15)), attribute(71, new Uint8Array()));
    expect(left).toEqual({ index: 4, what: "disconnected", byAccessPoint: true, reason: 15 });
    expect(of(125)).toEqual({ index: 4, what: "authorized" });
    // A scan's results are nobody's joining.
    expect(of(34)).toBeUndefined();
    expect(decodeRadioNews(said(46, []), family)).toBeUndefined();
  });

  it("finds the group by its name in the family's answer", () => {
    const group = (name: string, id: number) =>
      encodeAttributes([attribute(1, new TextEncoder().encode(`${name}\0`)), attribute(2, fromU32(id))]);
    const list = encodeAttributes([attribute(1, group("scan", 7)), attribute(2, group("mlme", 8))]);
    expect([...decodeGroups(said(1, [attribute(7, list)], 16))]).toEqual([
      ["scan", 7],
      ["mlme", 8],
    ]);
    expect(decodeGroups(said(1, [], 16)).size).toBe(0);
  });

  it.each([
    [2412, 1],
    [2437, 6],
    [2484, 14],
    [5180, 36],
    [5955, 1],
    [60_480, undefined],
  ])("%i MHz is channel %s", (mhz, channel) => {
    expect(channelOf(mhz)).toBe(channel);
  });

  it("has a sentence for every reason", () => {
    for (let reason = 0; reason < 70; reason++) expect(reasonInWords(reason)).not.toBe("");
    expect(reasonInWords(15)).toContain("pass phrase");
  });

  it("whatever a station is said to be comes back as it was said", () => {
    const dbm = fc.integer({ min: -120, max: -1 });
    const units = fc.integer({ min: 1, max: 65_535 });
    const address = fc.uint8Array({ minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(dbm, units, units, fc.boolean(), address, (signal, sends, hears, isAuthorized, bssid) => {
        const info = [
          attribute(13, fromU8(signal + 256)),
          attribute(8, rate(sends)),
          attribute(14, rate(hears)),
          flags(2, isAuthorized ? 2 : 0),
        ];
        const found = decodeRadioStation(station(info, bssid), family);
        expect(found).toMatchObject({ isAuthorized, signalDbm: signal, sendsMbps: sends / 10, hearsMbps: hears / 10 });
        expect(macBytes(found?.bssid ?? "")).toEqual(bssid);
      }),
    );
  });

  it("bytes of any kind are read without a throw, into numbers that can be", () => {
    const whole = station([attribute(13, fromU8(200)), attribute(8, rate(720)), flags(2, 2)]).payload;
    const mangled = fc
      .tuple(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 12 }), fc.nat(whole.length))
      .map(([changes, length]) => {
        const bytes = Uint8Array.from(whole);
        for (const [at, value] of changes) bytes[at] = value;
        return bytes.subarray(0, length);
      });
    fc.assert(
      fc.property(fc.oneof(mangled, fc.uint8Array({ maxLength: 200 })), (payload) => {
        for (const type of [family, 16]) {
          const message = { type, flags: 0, seq: 1, pid: 0, payload };
          decodeGroups(message);
          decodeRadioInterface(message, family);
          decodeJoinedSsid(message, family);
          decodeRadioNews(message, family);
          const { signalDbm = -1, sendsMbps = 1, bssid = mac } = decodeRadioStation(message, family) ?? {};
          expect(signalDbm).toBeLessThan(0);
          expect(signalDbm).toBeGreaterThanOrEqual(-128);
          expect(sendsMbps).toBeGreaterThan(0);
          expect(bssid).toMatch(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
