import { describe, expect, it } from "vitest";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import { sayWhoseMac } from "./whose-mac.ts";

function houseOf(line: string, second = "{name: wlan0, wifi: {ssid: Home, psk: {file: home.psk}}}") {
  return parseHoldfast(
    "holdfast.yaml",
    `bond:\n  name: bond0\n  mode: active-backup\n  ${line}\n  ports: [em1, ${second}]\n`,
  ).config;
}

describe("a bond with a radio that gets another MAC policy", () => {
  it("is told of, with the reason, the price and the way to keep it, where the file says nothing", () => {
    const [what, price] = sayWhoseMac(houseOf("primary: em1"), houseOf("fail_over_mac: none"));
    expect(what).toMatch(/^bond0: fail_over_mac none → active, since wlan0 is a radio/);
    expect(price).toMatch(/other port's MAC address.*made anew.*write fail_over_mac: none/);
  });

  it("is not, where it is declared, is so already, or has no radio", () => {
    expect(sayWhoseMac(houseOf("fail_over_mac: active"), houseOf("fail_over_mac: none"))).toEqual([]);
    expect(sayWhoseMac(houseOf("primary: em1"), houseOf("fail_over_mac: active"))).toEqual([]);
    expect(sayWhoseMac(houseOf("primary: em1", "em2"), houseOf("fail_over_mac: none", "em2"))).toEqual([]);
  });
});
