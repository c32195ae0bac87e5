import { describe, expect, test } from "vitest";
import { redactor, redactorOf, secretRanges } from "./secrets.ts";

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
    ["    wpa-pskk correcthorse", "correcthorse"],
    ["    wpa-pks correcthorse", "correcthorse"],
    ["    wpapsk correcthorse", "correcthorse"],
    ["    wpa-psk #correct}horse", "#correct}horse"],
    ["    wpa-psk [correct", "[correct"],
    ["    password horse", "horse"],
    ["    #password horse", "horse"],
    ["    pasword horse", "horse"],
    ["    passphrse correct horse", "correct horse"],
    ["    my-secret correcthorse", "correcthorse"],
    ["    api_token correcthorse", "correcthorse"],
    ["    wireles-key s:correcthorse", "s:correcthorse"],
    ["    wpa-private-key correcthorse", "correcthorse"],
    ["  up curl --token correcthorse", "correcthorse"],
    ["  up curl --password=correcthorse", "correcthorse"],
    ["  up MY_TOKEN=correcthorse tell", "correcthorse tell"],
    ["  up iwconfig wlan0 key s:horse", "s:horse"],
    ["  up curl http://user:horse@host/path", "horse"],
    ["  up curl 'https://user:c@rrect@host/path?to=x'", "c@rrect"],
    ["url: https://:horse@host", "horse"],
    ["  pre-up wpa_cli set_network 0 psk correcthorse", "correcthorse"],
  ];
  test.each(cases)("%j", (text, secret) => expect(secretsIn(text)).toEqual([secret]));
});

test("every secret of a flow map", () => {
  expect(secretsIn("wifi: {psk: correct, password: horse}")).toEqual(["correct", "horse"]);
});

test("references and words that only look alike are left readable", () => {
  for (const text of [
    "psk: {file: secrets/wlan0.psk}",
    "wpa-ssid psk-net",
    "# the psk",
    "wpa-key-mgmt WPA-PSK",
    "wpa-psk",
    "",
    "psk:\n  file: secrets/wlan0.psk",
    "wpa-private-key /etc/ssl/host.key",
    "    psk-flags 1",
    "    token-file /etc/token",
    "wpa-key-mgmt WPA-PSK WPA-EAP",
    "# the password is in the safe",
    "    wireless-mode managed",
    "    bond-primary-reselect better",
    "    wpa-ssid Home\n    wpa-pairwise CCMP\n    wpa-eap TLS\n    wpa-ap-scan 1",
    "    up ethtool --passive eth0",
    "http://user@host/a:b@c",
    "at 12:30:45 fe80::1",
    "up ip link set eth0 key 5",
  ]) {
    expect(secretsIn(text), text).toEqual([]);
  }
});

test("a long line of near misses is read in linear time", () => {
  const text = `wpa-psk${" \\\n".repeat(20_000)}${"psk ".repeat(20_000)}`;
  expect(secretRanges(text)).toHaveLength(1);
  for (const part of ["a://b:", "--token ", "passwd\n", "pass_", "password: {", "{psk: a, ", "x ", "paswword "])
    secretRanges(part.repeat(100_000));
});

test("a message that was cut keeps no part of a secret", () => {
  const redact = redactor(new Map([["a", "wpa-psk correcthorsebattery\n    password horse\n"]]));
  expect(redact("what is correcthorseb…")).toBe("what is ********…");
  expect(redact('"horse" is a horse, horses are not')).toBe('"********" is a ********, horses are not');
});

test("of ten thousand secrets the one that was cut is found, the longest piece first", () => {
  const values = Array.from({ length: 10_000 }, (_, index) => `${10_000 + index}`.repeat(3));
  const redact = redactorOf([...values, "pair", "pairs-of-shoes-and-more", "a-and-pairs-of"]);
  expect(redact("psk 10123101231012…, and psk 98769876…")).toBe("psk ********…, and psk 98769876…");
  expect(redact("psk 1999919…")).toBe("psk ********…");
  expect(redact("a-and-pairs-o…")).toBe("********…");
  expect(redact("nothing of it…")).toBe("nothing of it…");
  // Looking through all of them for each would be a minute.
  for (let count = 0; count < 5000; count++) redact("the message that ended early: 1012x…");
});

test("a redactor takes the file's secrets out of any message", () => {
  const redact = redactor(new Map([["/etc/network/interfaces", "wpa-psk correcthorse\n"]]));
  expect(redact('cannot understand "wpa-psk correcthorse"')).toBe('cannot understand "wpa-psk ********"');
});
