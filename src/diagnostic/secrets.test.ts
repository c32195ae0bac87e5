import { describe, expect, test } from "vitest";
import { redactor, secretRanges } from "./secrets.ts";

const secretsIn = (text: string) => secretRanges(text).map(({ start, end }) => text.slice(start, end));

describe("values that must not be shown", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["    wpa-psk correct horse battery\n    up true", "correct horse battery"],
    ["    wpa_psk correcthorse\r\n", "correcthorse"],
    ["#wpa-psk correcthorse", "correcthorse"],
    ["\twpa-password correcthorse", "correcthorse"],
    ["wireless-key s:correcthorse", "s:correcthorse"],
    ["wireless-key1 correcthorse", "correcthorse"],
    ["wpa-wep-key0 correcthorse", "correcthorse"],
    ["wpa-private-key-passwd correcthorse", "correcthorse"],
    ["wpa-psk \\\n  correcthorse\n", "correcthorse"],
    ["wpa-psk correct\\\nhorse\n", "correct\\\nhorse"],
    ["psk=correcthorse", "correcthorse"],
    ['  psk="correct # horse"  # mine', '"correct # horse"'],
    ["wifi: {ssid: Home, psk: correcthorse, hidden: true}", "correcthorse"],
    ["    psk: 'correct horse'", "'correct horse'"],
    ["    psk: >-\n      correcthorse\n", "correcthorse"],
    ["    psk:\n      correcthorse\n", "correcthorse"],
    ['"psk": "correcthorse"', '"correcthorse"'],
    ["  pre-up wpa_cli set_network 0 psk correcthorse", "correcthorse"],
  ];
  test.each(cases)("%j", (text, secret) => expect(secretsIn(text)).toEqual([secret]));
});

test("references and words that only look alike are left readable", () => {
  for (const text of [
    "psk: {file: secrets/wlan0.psk}",
    "wpa-ssid psk-net",
    "# the psk",
    "wpa-key-mgmt WPA-PSK",
    "wpa-psk",
    "",
  ]) {
    expect(secretsIn(text), text).toEqual([]);
  }
});

test("a long line of near misses is read in linear time", () => {
  const text = `wpa-psk${" \\\n".repeat(20_000)}${"psk ".repeat(20_000)}`;
  expect(secretRanges(text)).toHaveLength(1);
});

test("a redactor takes the file's secrets out of any message", () => {
  const redact = redactor(new Map([["/etc/network/interfaces", "wpa-psk correcthorse\n"]]));
  expect(redact('cannot understand "wpa-psk correcthorse"')).toBe('cannot understand "wpa-psk ********"');
});
