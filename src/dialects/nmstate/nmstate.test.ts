import { describe, expect, test } from "vitest";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import { differences } from "../../model/differences.ts";
import { type OptionName, optionNames, optionRow } from "../../model/options.ts";
import { detectDialect } from "../registry.ts";
import { nmstate } from "./nmstate.ts";
import { spellingOf } from "./spelling.ts";

const path = "/etc/nmstate/holdfast.yml";

function read(text: string) {
  return nmstate.parse(new Map([[path, text]]));
}

function codes(text: string): readonly string[] {
  return read(text).diagnostics.map(({ code }) => code);
}

function bond(more: string): string {
  return `interfaces:\n- name: bond0\n  type: bond\n  link-aggregation:\n    port: [eth0, eth1]\n${more}`;
}

const none = { method: "none", addresses: [] } as const;
const bond0: Interface = { name: "bond0", start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [] };

describe("reading states", () => {
  test("modes and options by name, number or text", () => {
    const text = bond(
      "    mode: '1'\n    options: {miimon: '140', use_carrier: 'true', all_slaves_active: delivered, fail_over_mac: 1}\n",
    );
    expect(read(text).config.bonds[0]).toEqual({
      name: "bond0",
      ports: ["eth0", "eth1"],
      options: { mode: "active-backup", miimon: 140, use_carrier: 1, all_slaves_active: 1, fail_over_mac: "active" },
    });
  });

  test("what a bridge's ports say beyond their names is told, but for what every port is", () => {
    const bridge = (stp: boolean, more: string) =>
      `interfaces:\n- name: br0\n  type: linux-bridge\n  bridge: {options: {stp: {enabled: ${stp}}}, port: [{name: eth0, ${more}}]}\n`;
    const told = (text: string) => read(text).diagnostics.map(({ message }) => message);
    const usual = "stp-hairpin-mode: false, stp-path-cost: 100, stp-priority: 32, vlan: {}";
    expect(told(bridge(true, usual))).toEqual([]);
    expect(told(bridge(false, "stp-path-cost: 50, vlan: {mode: access, tag: 10}"))).toEqual([
      expect.stringContaining("the VLANs of the bridge's port eth0 are not kept"),
    ]);
    expect(told(bridge(true, "stp-path-cost: 50"))).toHaveLength(1);
  });

  test("what a state doesn't speak of is not said", () => {
    const [iface] = read(bond("    mode: active-backup\n")).config.interfaces;
    expect([iface?.ipv4.method, iface?.ipv6.method, iface?.dns]).toEqual(["none", "none", undefined]);
  });

  test("policies and Kubernetes objects hold a state", () => {
    const state = "interfaces: [{name: eth0, type: ethernet, mtu: 1400}]";
    expect(read(`desiredState: {${state}}`).config.interfaces[0]?.mtu).toBe(1400);
    expect(
      read(`kind: NodeNetworkConfigurationPolicy\nspec: {desiredState: {${state}}}`).config.interfaces[0]?.mtu,
    ).toBe(1400);
  });

  test("routes go to their interface, name servers to the one that leads out", () => {
    const { config } = read(`interfaces:
- name: eth9
  type: ethernet
  ipv4: {enabled: true, dhcp: true}
- name: bond0
  type: bond
  link-aggregation: {mode: 1, port: []}
  ipv4: {enabled: true, address: [{ip: 192.0.2.5, prefix-length: 24}]}
routes: {config: [{destination: 0.0.0.0/0, next-hop-address: 192.0.2.1, next-hop-interface: bond0, metric: 150, table-id: 254}]}
dns-resolver: {config: {server: [192.0.2.53], search: [lan.example]}}
`);
    const [, iface] = config.interfaces;
    expect(iface?.ipv4.routes).toEqual([{ to: "default", via: "192.0.2.1", metric: 150 }]);
    expect(iface?.dns).toEqual({ servers: ["192.0.2.53"], search: ["lan.example"] });
  });

  test.each([
    [
      "two monitors",
      bond("    mode: 1\n    options: {miimon: 100, arp_interval: 60, arp_ip_target: 192.0.2.1}\n"),
      "nmstate-refused",
    ],
    ["an option of another name", bond("    mode: 1\n    options: {mii_mon: 100}\n"), "nmstate-unknown-key"],
    [
      "a fixed address under fail_over_mac",
      `${bond("    mode: 1\n    options: {fail_over_mac: active}\n")}  mac-address: 02:00:00:00:00:01\n`,
      "nmstate-refused",
    ],
    [
      "one queue for two",
      "interfaces:\n- name: b\n  type: bond\n  link-aggregation: {mode: 1, ports-config: [{name: a, queue-id: 1}, {name: c, queue-id: 1}]}\n",
      "nmstate-refused",
    ],
    [
      "autoconf without dhcp",
      "interfaces:\n- name: a\n  type: ethernet\n  ipv6: {enabled: true, autoconf: true}\n",
      "nmstate-refused",
    ],
    ["Open vSwitch", "interfaces:\n- {name: br1, type: ovs-bridge}\n", "nmstate-type-not-read"],
    ["what is to go", "interfaces:\n- {name: b, type: bond, state: absent}\n", "nmstate-not-here"],
  ])("%s", (_, text, code) => {
    expect(codes(text)).toContain(code);
  });

  test("is told from the files of others", () => {
    const named = (text: string) => detectDialect(new Map([["state.yaml", text]]))?.name;
    expect(named("---\ninterfaces:\n- name: eth0\n  type: ethernet\n")).toBe("nmstate");
    expect(named("network:\n  version: 2\n  bonds:\n    bond0:\n      interfaces:\n      - eth0\n")).not.toBe(
      "nmstate",
    );
    expect(named("bond:\n  ports: [eth0]\n")).not.toBe("nmstate");
  });
});

describe("writing states", () => {
  const value = (option: OptionName): unknown => {
    const row = optionRow(option);
    if (row.kind === "int") return Math.max(row.min, 3);
    if (row.kind === "flag") return row.default === 1 ? 0 : 1;
    if (row.kind === "choice") return option === "arp_validate" ? "filter_active" : (Object.keys(row.choices)[1] ?? "");
    if (row.kind === "list") return ["192.0.2.1", "192.0.2.2"];
    return row.kind === "mac" ? "02:00:00:00:00:01" : "eth0";
  };

  const sayable = optionNames.filter((option) => spellingOf(option) !== "cannot-say");
  test.each(sayable)("%s is written under its key and read back", (option) => {
    const row = optionRow(option);
    const mode =
      option === "mode" ? "active-backup" : (row.modes[row.modes.includes("active-backup") ? 1 : 0] ?? "balance-rr");
    const needs = /^arp_(?:interval|ip_target)$/.test(option)
      ? { arp_interval: 100, arp_ip_target: ["192.0.2.9"] }
      : {};
    const isPort = row.scope === "port";
    const config: Config = {
      ...emptyConfig,
      bonds: [
        {
          name: "bond0",
          ports: ["eth0"],
          options: { mode, ...needs, ...(isPort ? {} : { [option]: value(option) }) },
          ...(isPort ? { portOptions: { eth0: { [option]: value(option) } } } : {}),
        },
      ],
    };
    const { files } = nmstate.render(config);
    const spelling = spellingOf(option);
    expect(files.get(path)).toMatch(new RegExp(`^ *${spelling === "cannot-say" ? "" : spelling.key}: `, "m"));
    expect(differences(config, nmstate.parse(files).config)).toEqual([]);
  });

  test.each(["lacp_active", "peer_notif_delay", "ns_ip6_target"] as const)(
    "%s is left out: nmstate would refuse all",
    (option) => {
      const mode = option === "lacp_active" ? "802.3ad" : "active-backup";
      const said = { mode, [option]: option === "ns_ip6_target" ? ["2001:db8::1"] : 1 };
      const { files, losses } = nmstate.render({ ...emptyConfig, bonds: [{ name: "b", ports: [], options: said }] });
      expect(files.get(path)).not.toContain(option);
      expect(losses.map(({ about }) => about)).toEqual([`bond/b/option/${option}`]);
    },
  );

  test("a radio gets no entry: called an Ethernet card, nmstate would refuse the state", () => {
    const config: Config = {
      ...emptyConfig,
      bonds: [{ name: "bond0", ports: ["wlan0"], options: { mode: "active-backup" } }],
      interfaces: [{ ...bond0, name: "wlan0", wifi: { ssid: "x" } }],
    };
    const { files, losses } = nmstate.render(config);
    expect(files.get(path)).not.toContain("name: wlan0");
    expect(losses.map(({ about }) => about)).toEqual(["interface/wlan0"]);
  });

  test("words that a reader of YAML 1.1 takes for something else are quoted", () => {
    const config: Config = {
      ...emptyConfig,
      interfaces: [
        { ...bond0, name: "on" },
        { ...bond0, name: "1e3" },
        { ...bond0, name: "0x1" },
      ],
    };
    const text = nmstate.render(config).files.get(path) ?? "";
    expect(text.match(/name: .*/g)).toEqual(['name: "on"', 'name: "1e3"', 'name: "0x1"']);
  });
});
