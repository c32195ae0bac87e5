import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lineIndex } from "../diagnostic/line-index.ts";
import { parseHoldfast } from "./parse-holdfast.ts";

/** "LINE:COLUMN code" of every problem, in order. */
function problemsIn(text: string): readonly string[] {
  const index = lineIndex(text);
  return parseHoldfast("holdfast.yaml", text).diagnostics.map(({ at, code }) => {
    const { line, column } = index.position(at?.start ?? 0);
    return `${line}:${column} ${code}`;
  });
}

function only(text: string) {
  const { diagnostics } = parseHoldfast("holdfast.yaml", text);
  expect(diagnostics).toHaveLength(1);
  return diagnostics[0]!;
}

const minimal = "bond: {ports: [eth0, eth1], dhcp: true}\n";

describe("a good file", () => {
  test("says what it says and nothing more", () => {
    const { config, diagnostics } = parseHoldfast("h", minimal);
    expect(diagnostics).toEqual([]);
    expect(config.bonds).toEqual([{ name: "bond0", ports: ["eth0", "eth1"], options: {} }]);
    expect(config.interfaces.map((one) => [one.name, one.ipv4.method])).toEqual([
      ["bond0", "dhcp"],
      ["eth0", "manual"],
      ["eth1", "manual"],
    ]);
  });

  test("times, numbers and words of options mean the same as the kernel's", () => {
    const { config, diagnostics } = parseHoldfast(
      "h",
      `bond:
  ports: [a, b]
  mode: 1
  miimon: 50ms
  updelay: 1s
  num_grat_arp: 2
  options: {primary_reselect: failure, use_carrier: true, resend_igmp: 3}
`,
    );
    expect(diagnostics).toEqual([]);
    expect(config.bonds[0]?.options).toEqual({
      mode: "active-backup",
      miimon: 50,
      updelay: 1000,
      num_peer_notif: 2,
      primary_reselect: "failure",
      use_carrier: 1,
      resend_igmp: 3,
    });
  });

  test("a topology alone is a file too, and its loose ends are ports", () => {
    const { config, diagnostics } = parseHoldfast(
      "h",
      "topology:\n  devices: {router: {kind: router}}\n  cables: [eth0 - router, eth1 -- router]\n",
    );
    expect(diagnostics).toEqual([]);
    expect(config.topology?.cables.map((cable) => cable.medium)).toEqual(["cable", "cable"]);
  });

  test("a UPS is asked where upsc asks it", () => {
    const read = (nut: string) => parseHoldfast("h", `bond: {ports: [a]}\ntopology: {power: {apc: {nut: "${nut}"}}}`);
    const at = (nut: string) => read(nut).config.topology?.power;
    expect(at("apc")).toEqual([{ name: "apc", kind: "ups", nut: { ups: "apc", host: "localhost", port: 3493 } }]);
    expect(at("apc@nas:4000")?.[0]?.nut).toEqual({ ups: "apc", host: "nas", port: 4000 });
    expect(at("apc@[::1]:4000")?.[0]?.nut).toEqual({ ups: "apc", host: "::1", port: 4000 });
    for (const wrong of ["@nas", "a b", "apc@", "apc@nas:0", "apc@nas:70000", "apc@na s", "a\\nb"]) {
      expect(read(wrong).diagnostics.map(({ severity }) => severity)).toContain("error");
    }
  });

  test("a chain of cables is as many cables", () => {
    const { config } = parseHoldfast(
      "h",
      'topology:\n  devices: {a: {kind: powerline}, b: {kind: powerline}}\n  cables: ["eth0 – a ~ b"]\n',
    );
    expect(config.topology?.cables).toEqual([
      { from: "eth0", to: "a", medium: "cable" },
      { from: "a", to: "b", medium: "powerline" },
    ]);
  });

  test("spanning tree: true is the standard's 15 s", () => {
    const { config } = parseHoldfast(
      "h",
      `${minimal}topology: {devices: {s: {kind: switch, stp: true}, t: {kind: switch, stp: {forwardDelay: 2s}}}}`,
    );
    expect(config.topology?.devices.map((device) => device.stpForwardDelay)).toEqual([15, 2]);
  });

  test("origins lead back to the text", () => {
    const text = "bond:\n  primary: eth1\n  ports: [eth0, eth1]\n  address: 10.0.0.2/24\n";
    const { origins } = parseHoldfast("h", text);
    const said = (key: string) => text.slice(origins.get(key)?.start, origins.get(key)?.end);
    expect([
      said("bond/bond0"),
      said("bond/bond0/option/primary"),
      said("bond/bond0/port/eth1"),
      said("interface/bond0/address"),
    ]).toEqual(["bond", "eth1", "eth1", "10.0.0.2/24"]);
  });

  test("BOM and CRLF are read, and places still fit", () => {
    const { config, diagnostics } = parseHoldfast("h", `\ufeff${minimal.replace("\n", "\r\n")}targets: [gateway]\r\n`);
    expect([diagnostics, config.targets]).toEqual([[], ["gateway"]]);
    expect(problemsIn("\ufeffbond:\r\n  prots: [a]\r\n  ports: [a]\r\n")).toEqual(["2:3 unknown-key"]);
  });
});

describe("every problem at once, each at its place", () => {
  test("a file full of them", () => {
    const text = `bond:
  primry: eth0
  ports: [eth0, eth0]
  address: 192.168.1.0/24
  gateway: 10.0.0.1
  miimon: often
  lacp_rate: fast
targets: [example.org]
objectives: {outage: 1}
cables: []
`;
    expect(problemsIn(text)).toEqual([
      "2:3 unknown-key",
      "3:17 port-twice",
      "4:12 bad-value",
      "6:11 bad-option-value",
      "7:14 option-not-in-mode",
      "8:11 bad-value",
      "9:22 wrong-type",
      "10:1 unknown-key",
    ]);
  });

  test.each([
    ["bond: {prots: [a]}", "Did you mean ports?"],
    ["bond: {ports: [a], netmask: 255.255.255.0}", "Write the prefix length with the address: 192.168.1.105/24."],
    ["bond: {ports: [a], active_slave: a}", "It is a command, not configuration: set primary instead."],
    ["bond: {ports: [a]}\ntarget: [gateway]", "Did you mean targets?"],
    ["bond: {ports: [a], mode: active_backup}", "Write active-backup."],
    ["bond: {ports: [a], mtu: '1500'}", "For example mtu: 1492"],
    ["bond: {ports: [eth0, eth1], primary: eht1}", "Did you mean eth1?"],
    ["bond: {ports: [a], dhcp: yes}", "Write true: YAML 1.2 has no other word for it."],
    ["bond: {ports: [{name: w, wifi: {ssid: 0123}}]}", 'Write it in quotes: "0123".'],
    ["bond: {ports: [a]}\nobjectives: {outage: 1:30}", "For example outage: 1s"],
    [
      "bond: {ports: [a-name-that-is-too-long]}",
      "Use 1 to 15 bytes without blanks, slash, colon or percent; not . or ..",
    ],
  ])("%s → %s", (text, hint) =>
    expect(parseHoldfast("h", text).diagnostics.find((one) => one.hint === hint)?.hint).toBe(hint),
  );

  test("options that the mode does not take", () => {
    expect(
      only("bond: {ports: [a, b], mode: balance-rr, arp_validate: all, tlb_dynamic_lb: 0, dhcp: true}").message,
    ).toBe("bond0: tlb_dynamic_lb does not work in mode balance-rr, only in balance-tlb, balance-alb");
  });

  test("a bond without ports, once", () => {
    expect(only("bond: {dhcp: true}").code).toBe("missing-key");
    expect(only("bond: {name: bond1, dhcp: true}").code).toBe("missing-key");
    expect(only("bond: {ports: [], dhcp: true}").code).toBe("no-ports");
    expect(only("bond: {ports: 5, dhcp: true}").code).toBe("wrong-type");
  });

  test("an option said in both places", () => {
    const found = only("bond: {ports: [a, b], dhcp: true, miimon: 100, options: {miimon: 50}}");
    expect([found.code, found.also?.[0]?.note]).toEqual(["option-said-twice", "first said here"]);
  });

  test.each([
    ["bond: {ports: [a], address: 192.168.1.5/24, gateway: 192.168.2.1}", "gateway-out-of-reach"],
    ["bond: {ports: [a], address: 192.168.1.5/24, gateway: 192.168.1.5}", "gateway-out-of-reach"],
    ["bond: {ports: [a], dhcp: true, gateway: 192.168.2.1}", "gateway-with-dhcp"],
    ["bond: {ports: [a], gateway: 192.168.2.1}", "gateway-without-address"],
    ["bond: {ports: [a], address: 10.0.0.9/24, gateway: [10.0.0.1, 10.0.0.2]}", "bad-value"],
    ["bond: {ports: [a], metric: 5}", "bad-value"],
    ["bond: {ports: [a], routes: [{to: default}]}", "bad-value"],
    ["bond: {ports: [a], address: 192.168.1.255/24}", "bad-value"],
    ["bond: {ports: [], dhcp: true}", "no-ports"],
    ["bond: {dhcp: true}", "missing-key"],
    ["bond: [{ports: [a]}, {ports: [b]}]", "bond-twice"],
    ["bond: {ports: [a, bond0]}", "bond-as-port"],
    ["bond: {ports: [a]}\nuplinks: {dsl: {port: b, gateway: 10.0.0.1}}", "uplink-port-unknown"],
    ["bond: {ports: [a]}\ntopology: {devices: {r: {kind: router}}, cables: [a – rr]}", "cable-end-unknown"],
    ["bond: {ports: [a]}\ntopology: {devices: {r: {kind: router, power: usp}}}", "power-unknown"],
    ["bond: {ports: [a]}\ntopology: {devices: {r: {}}}", "missing-key"],
    ["bond: {ports: [a]}\ntopology: {devices: {a: {kind: switch}}}", "device-named-like-port"],
    ["bond: {ports: [a]}\ntopology: {cables: [a-b]}", "bad-value"],
    [
      "bond: {ports: [{name: w, wifi: {ssid: X}}]}\ntopology: {devices: {r: {kind: router, wifi: Y}}}",
      "wifi-not-radiated",
    ],
    ["bond: {ports: [a]}\ntopology: {devices: {r: {kind: router, wifi: {ssid: X, channel: 52}}}}", "wifi-channel"],
    [
      "bond: {ports: [a]}\ntopology: {devices: {r: {kind: router, wifi: {ssid: X, band: 5GHz, channel: 6}}}}",
      "wifi-channel",
    ],
    ["bond: {ports: [a]}\ntopology: {devices: {r: {kind: router, wifi: {security: wep}}}}", "missing-key"],
    ["bond: {ports: [a]}\nnotify: {ntfy: {topic: x}}", "missing-key"],
    ["", "nothing-declared"],
    ["# nothing\n", "nothing-declared"],
    ["just words", "wrong-type"],
  ])("%j is answered with %s", (text, code) => {
    expect(parseHoldfast("h", text).diagnostics.map((one) => one.code)).toContain(code);
  });
});

describe("a broken line", () => {
  test.each([
    ["bond:\n\tports: [a]\n", "a tab stands where YAML wants blanks"],
    ["bond:\n  ports: [a, b\n  dhcp: true\n", "a [ or { above is not closed before this line"],
    ["bond:\n  ports: [a]\n dhcp: true\n", "the indentation does not fit the lines around"],
    ['bond: {ports: [a], name: "b}\n', "a quote is not closed"],
    ["bond: {ports: [a]}\ntargets\nuplinks: {}\n", "this line has no colon, so it runs into the next"],
  ])("%j is answered by that line alone", (text, message) => {
    expect(parseHoldfast("h", text).diagnostics.map((one) => [one.code, one.message])).toContainEqual([
      "yaml-syntax",
      message,
    ]);
    expect(parseHoldfast("h", text).diagnostics.every((one) => one.code === "yaml-syntax")).toBe(true);
  });
});

describe("secrets", () => {
  const secret = "correct-horse-battery";
  test.each([
    `bond: {ports: [{name: w, wifi: {ssid: X, psk: ${secret}}}]}`,
    `bond: {ports: [{name: w, wifi: {ssid: X, psk: {text: ${secret}}}}]}`,
    `bond: {ports: [{name: w, wifi: {ssid: X, psk: [${secret}]}}]}`,
    `bond: {ports: [{name: w, wifi: {ssid: X, psk:${secret}}}]}`,
    `bond: {ports: [{name: w, wifi: {ssid: X, password: ${secret}}}]}`,
    `bond: {ports: [{name: w, wifi: ${secret}}]}`,
    `bond: {ports: [w, psk: {x: "${secret}`,
    `bond: {ports: [w]}\nnotify: {mqtt: {url: mqtt://me:${secret}@host}}`,
    `bond: {ports: [w]}\nnotify: {mail: {to: me, password: ${secret}}}`,
    `bond: {ports: [w]}\nnotify: {webhook: {url: https://x, headers: [{token: ${secret}}]}}`,
    `bond: {ports: [w]}\npsk: &${secret} *${secret}`,
  ])("are refused and never repeated or kept: %s", (text) => {
    const parsed = parseHoldfast("h", text);
    expect(parsed.diagnostics.length).toBeGreaterThan(0);
    expect(JSON.stringify([parsed.diagnostics, parsed.config])).not.toContain(secret);
  });

  test("the fix is said, and the place is the key", () => {
    const text = `bond: {ports: [{name: w, wifi: {ssid: X, psk: ${secret}}}]}`;
    const found = only(text);
    expect([found.code, found.hint, text.slice(found.at?.start, found.at?.end)]).toEqual([
      "secret-in-clear",
      "Put it into a file only root can read, and write psk: {file: secrets/psk}.",
      "psk",
    ]);
  });
});

test("the examples have no problem", () => {
  const examples = join(import.meta.dirname, "../../examples");
  for (const name of ["vdsl-lte", "powerline-wifi", "two-switches-stp", "dhcp-single-router", "reference"]) {
    const path = join(examples, `${name}.yaml`);
    expect(parseHoldfast(path, readFileSync(path, "utf8")).diagnostics, name).toEqual([]);
  }
});
