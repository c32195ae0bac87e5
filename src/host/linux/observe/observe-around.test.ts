import { describe, expect, test } from "vitest";
import { readBands, readRadioInfo, readResolverText, readSupply } from "./observe-around.ts";

describe("what programs say of a host's surroundings", () => {
  test("the network a radio has joined, as iw writes it: quotes, umlauts and backslashes", () => {
    const info = (line: string) => `Interface wlan0\n\tifindex 3\n\ttype managed\n${line}\ttxpower 31.00 dBm\n`;
    expect(readRadioInfo(info("\tssid FRITZ!Box 7590\n"))).toEqual({ ssid: "FRITZ!Box 7590" });
    expect(readRadioInfo(info("\tssid K\\xc3\\xbcche\\\\1\n"))).toEqual({ ssid: "Küche\\1" });
    expect(readRadioInfo(info(""))).toEqual({});
  });

  test("the bands a radio may use: a disabled channel is none", () => {
    const text =
      "\t\t\t* 2412 MHz [1] (20.0 dBm)\n\t\t\t* 5180.0 MHz [36] (disabled)\n\t\t\t* 5955 MHz [1] (12.0 dBm)\n";
    expect(readBands(text)).toEqual(["2.4 GHz", "6 GHz"]);
    expect(readBands("")).toEqual([]);
  });

  test("a UPS: model and run time, as far as it says them", () => {
    const text = "battery.charge: 100\nbattery.runtime: 2430\nups.model: Back-UPS 700\nups.status: OL\n";
    expect(readSupply(text)).toEqual({ model: "Back-UPS 700", runtimeMs: 2_430_000 });
    expect(readSupply("Error: Data stale\n")).toEqual({});
  });

  test("name servers: those on the host itself lead nowhere from a bond", () => {
    const text = "# by somebody\nnameserver 127.0.0.53\nnameserver 192.168.1.1\nnameserver fd00::1\nsearch lan .\n";
    expect(readResolverText(text)).toEqual({ nameServers: ["192.168.1.1", "fd00::1"], search: ["lan"] });
    expect(readResolverText("search\nnameserver 1.1.1.1\n")).toEqual({ nameServers: ["1.1.1.1"], search: [] });
  });
});
