import { describe, expect, test } from "vitest";
import { Secret } from "../../model/bond.ts";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import { optionNames } from "../../model/options.ts";
import { filesInOrder } from "./files.ts";
import { netplan } from "./netplan.ts";
import { spellingOf } from "./spelling.ts";

function read(...texts: readonly string[]) {
  return netplan.parse(new Map(texts.map((text, at) => [`/etc/netplan/${at}.yaml`, text])));
}

function interfaceIn(config: Config, name: string): Interface | undefined {
  return config.interfaces.find((iface) => iface.name === name);
}

/** A file with one bond over two ports, and what is said of it. */
function bonded(parameters: string, more = ""): string {
  return `network:
  version: 2
  ethernets: {eth0: {}, eth1: {}}
  bonds:
    bond0:
      interfaces: [eth0, eth1]
      parameters: {${parameters}}
${more}`;
}

function optionsOf(parameters: string, more = ""): unknown {
  return read(bonded(parameters, more)).config.bonds[0]?.options;
}

function codes(text: string): readonly string[] {
  return read(text).diagnostics.map(({ code }) => code);
}

const managed = "  renderer: NetworkManager\n";

describe("reading netplan", () => {
  test("every option that has a key is read by it, the older keys too", () => {
    const samples: Readonly<Record<string, readonly [written: string, value: unknown]>> = {
      word: ["layer3+4", "layer3+4"],
      ms: ["250", 250],
      s: ["3", 3],
      whole: ["4", 4],
      flag: ["yes", 1],
      list: ["[10.0.0.1, 10.0.0.2]", ["10.0.0.1", "10.0.0.2"]],
      port: ["eth1", "eth1"],
    };
    const words: Readonly<Record<string, string>> = {
      mode: "802.3ad",
      primary_reselect: "better",
      fail_over_mac: "follow",
      arp_validate: "all",
      arp_all_targets: "all",
      lacp_rate: "fast",
      ad_select: "count",
    };
    for (const option of optionNames) {
      const said = spellingOf(option);
      if (said === "cannot-say") continue;
      const [written, value] =
        words[option] === undefined ? (samples[said.form] ?? ["", ""]) : [words[option], words[option]];
      for (const key of [said.key, ...(said.also ?? [])]) {
        // A mode and a monitor in which the option means something.
        const mode =
          option === "packets_per_slave"
            ? "balance-rr"
            : option === "lacp_rate" || option === "ad_select"
              ? "802.3ad"
              : "active-backup";
        const beside = [
          ...(option === "mode" ? [] : [`mode: ${mode}`]),
          ...(["updelay", "downdelay"].includes(option) ? ["mii-monitor-interval: 1"] : []),
          ...(["arp_ip_target", "arp_validate", "lp_interval"].includes(option) ? ["arp-interval: 1"] : []),
        ];
        expect(optionsOf([...beside, `${key}: ${written}`].join(", ")), key).toMatchObject({ [option]: value });
      }
    }
  });

  test("files are merged by name: lists grow, single values are replaced, a later directory hides an earlier file", () => {
    const { config } = netplan.parse(
      new Map([
        ["/etc/netplan/60-b.yaml", "network: {ethernets: {eth0: {mtu: 1400, addresses: [10.0.0.2/24]}}}"],
        ["/lib/netplan/50-a.yaml", "network: {ethernets: {eth0: {mtu: 1300, addresses: [10.0.0.1/24]}}}"],
        ["/lib/netplan/60-b.yaml", "network: {ethernets: {hidden: {}}}"],
        ["/etc/netplan/70-c.yml", "network: {ethernets: {passed-over: {}}}"],
      ]),
    );
    expect(config.interfaces.map(({ name }) => name)).toEqual(["eth0"]);
    expect(config.interfaces[0]).toMatchObject({ mtu: 1400, ipv4: { addresses: ["10.0.0.1/24", "10.0.0.2/24"] } });
    expect([...filesInOrder(new Map([["/tmp/any.yml", ""]])).keys()]).toEqual(["/tmp/any.yml"]);
  });

  test("yes, on and y are true, and a key said twice counts twice", () => {
    const { config, diagnostics } = read(
      "network: {ethernets: {eth0: {dhcp4: yes, dhcp4: off, addresses: [10.0.0.1/8], addresses: [10.0.0.2/8]}}}",
    );
    expect(config.interfaces[0]?.ipv4).toMatchObject({ method: "static", addresses: ["10.0.0.1/8", "10.0.0.2/8"] });
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ["yaml-duplicate-key", "warning"],
      ["yaml-duplicate-key", "warning"],
    ]);
  });

  test("times with a unit work with systemd-networkd and not with NetworkManager", () => {
    expect(optionsOf("mii-monitor-interval: 100ms")).toEqual({ miimon: 100 });
    expect(optionsOf('mii-monitor-interval: "0.2"')).toEqual({ miimon: 200 });
    expect(optionsOf("mii-monitor-interval: 100ms", managed)).toEqual({});
    expect(optionsOf("mii-monitor-interval: 100", managed)).toEqual({ miimon: 100 });
  });

  test("a 0 counts as nothing said, and words the renderer lacks are left to the kernel's default", () => {
    expect(optionsOf("mode: active-backup, gratuitous-arp: 0, min-links: 0")).toEqual({ mode: "active-backup" });
    expect(codes(bonded("gratuitous-arp: 0"))).toEqual(["netplan-ignored"]);
    expect(optionsOf("transmit-hash-policy: vlan+srcmac")).toEqual({});
    expect(optionsOf("mode: balance-xor, transmit-hash-policy: vlan+srcmac", managed)).toMatchObject({
      xmit_hash_policy: "vlan+srcmac",
    });
  });

  test("a primary must be a port, in a mode that has one, and be called as NetworkManager calls it", () => {
    expect(optionsOf("mode: active-backup, primary: eth0")).toMatchObject({ primary: "eth0" });
    expect(optionsOf("mode: balance-rr, primary: eth0")).toEqual({ mode: "balance-rr" });
    const text = (more: string) => `network:
  renderer: NetworkManager
  ethernets: {a: {match: {macaddress: "02:00:00:00:00:01"}${more}}}
  bonds: {bond0: {interfaces: [a], parameters: {mode: active-backup, primary: a}}}
`;
    expect(read(text("")).config.bonds[0]?.options.primary).toBeUndefined();
    expect(read(text(", set-name: a")).config.bonds[0]?.options.primary).toBe("a");
  });

  test("a bond that the kernel refuses as systemd-networkd asks for it is not made", () => {
    const { config, diagnostics } = read(
      bonded("mii-monitor-interval: 100, arp-interval: 100, arp-ip-targets: [10.0.0.1]"),
    );
    expect(config.bonds).toEqual([]);
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toContainEqual(["netplan-bond-refused", "error"]);
  });

  test("what a port says of addresses is told and left aside", () => {
    const { config, diagnostics } = read(
      bonded("", "  # more\n").replace("eth0: {}", "eth0: {dhcp4: true, mtu: 9000}"),
    );
    expect(interfaceIn(config, "eth0")).toMatchObject({ mtu: 9000, ipv4: { method: "none" } });
    expect(diagnostics.map(({ message }) => message)).toEqual([
      "eth0 is a port of bond0: DHCP will not be set up on it",
    ]);
  });

  test.each([
    ["a port that is not defined", "network: {bonds: {bond0: {interfaces: [eth7]}}}", "netplan-undefined"],
    [
      "a port of two bonds",
      "network: {ethernets: {a: {}}, bonds: {b0: {interfaces: [a]}, b1: {interfaces: [a]}}}",
      "netplan-port-taken",
    ],
    ["the kernel's name of an option", bonded("miimon: 100"), "unknown-key"],
    ["a mode by its number", bonded("mode: 1"), "bad-option-value"],
    ["set-name without match", "network: {ethernets: {a: {set-name: b}}}", "missing-key"],
    ["a radio without a network", "network: {wifis: {w: {}}}", "missing-key"],
    ["no network: above", "bonds: {}", "missing-key"],
    ["routes that are no list", "network: {ethernets: {a: {routes: {to: default}}}}", "wrong-type"],
    ["an address without a prefix", "network: {ethernets: {a: {addresses: [10.0.0.1]}}}", "bad-value"],
    [
      "overrides that differ",
      "network: {ethernets: {a: {dhcp4: on, dhcp6: on, dhcp4-overrides: {use-dns: no}}}}",
      "netplan-overrides-disagree",
    ],
    ["a tab", "network:\n\tethernets: {}\n", "yaml-syntax"],
    ["null for a map", "network: {ethernets: {a: }}", "wrong-type"],
  ])("%s is refused", (_, text, code) => {
    const errors = read(text).diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map((one) => one.code)).toEqual([code]);
  });

  test("the right key is named where the kernel's was written", () => {
    expect(read(bonded("miimon: 100")).diagnostics[0]?.hint).toBe("Did you mean mii-monitor-interval?");
    expect(read(bonded("bond-xmit_hash_policy: layer2")).diagnostics[0]?.hint).toBe(
      "Did you mean transmit-hash-policy?",
    );
  });

  test("a radio with its network, hidden, on one channel, by a person's password", () => {
    const home = read(
      'network: {wifis: {w: {access-points: {"no": {password: "correct horse", hidden: yes, band: 5GHz, channel: 36}}}}}',
    );
    const wifi = home.config.interfaces[0]?.wifi;
    expect(wifi).toMatchObject({ ssid: "no", settings: { scan_ssid: "1", freq_list: "5180" } });
    expect(wifi?.psk !== undefined && "inline" in wifi.psk ? wifi.psk.inline.reveal() : "").toBe("correct horse");
    const firm = read(
      "network: {wifis: {w: {access-points: {firm: {auth: {key-management: eap, method: peap, identity: joe, password: x}}}}}}",
    );
    expect(firm.config.interfaces[0]?.wifi?.settings).toEqual({
      key_mgmt: "WPA-EAP",
      eap: "PEAP",
      identity: "joe",
      password: "x",
    });
  });

  test("a bridge with settings runs spanning tree unless told not to; a VLAN on a port with a cost is lost", () => {
    const bridge = (parameters: string) =>
      read(
        `network: {ethernets: {a: {}}, bridges: {br0: {interfaces: [a]${parameters}}}, vlans: {v: {id: 5, link: a}}}`,
      );
    expect(interfaceIn(bridge("").config, "br0")?.bridge).toEqual({ ports: ["a"], settings: {} });
    expect(interfaceIn(bridge(", parameters: {forward-delay: 4}").config, "br0")?.bridge?.settings).toEqual({
      stp_state: "1",
      forward_delay: "4",
    });
    const lost = bridge(", parameters: {path-cost: {a: 7}}");
    expect(interfaceIn(lost.config, "v")?.vlan).toBeUndefined();
    expect(lost.diagnostics.map(({ code }) => code)).toContain("netplan-vlan-lost");
  });

  test("names: what a definition is called, and what the interface is", () => {
    const name = (definition: string) => {
      const [iface] = read(`network: {ethernets: {id: {${definition}}}}`).config.interfaces;
      return [iface?.name, iface?.match];
    };
    expect(name("")).toEqual(["id", undefined]);
    expect(name("match: {name: eth5}")).toEqual(["eth5", undefined]);
    expect(name('match: {name: "en*"}')).toEqual(["id", { pattern: "en*" }]);
    expect(name('match: {macaddress: "02:AA:00:00:00:01"}, set-name: lan')).toEqual([
      "lan",
      { mac: "02:aa:00:00:00:01" },
    ]);
    expect(name('match: {macaddress: "02:AA:00:00:00:01"}')).toEqual([
      "id",
      { mac: "02:aa:00:00:00:01", pattern: "*" },
    ]);
    expect(name("match: {name: eth5}, set-name: lan")).toEqual(["lan", { pattern: "eth5" }]);
  });
});

describe("what netplan does by itself", () => {
  const spelled = (text: string) => netplan.spellOutDefaults(read(text).config);

  test("gives DHCP's routes a metric, and NetworkManager watches links", () => {
    expect(spelled("network: {ethernets: {a: {dhcp4: true}}}").interfaces[0]?.ipv4.metric).toBe(100);
    expect(spelled(bonded("")).bonds[0]?.options.miimon).toBeUndefined();
    const once = spelled(bonded("", managed));
    expect(once.bonds[0]?.options.miimon).toBe(100);
    expect(netplan.spellOutDefaults(once)).toEqual(once);
  });
});

describe("writing netplan", () => {
  const none = { method: "none", addresses: [] } as const;
  const port = (more: Partial<Interface>): Interface => ({
    name: "wlan0",
    start: "boot",
    ipv4: none,
    ipv6: none,
    hooks: [],
    extra: [],
    ...more,
  });
  const lossesOf = (config: Partial<Config>) =>
    netplan.render({ ...emptyConfig, ...config }).losses.map(({ about, severity }) => [about, severity]);

  test("a key in a file cannot be named, and no open network takes its place", () => {
    const wifi = { ssid: "home", psk: { file: "/etc/key" } };
    expect(lossesOf({ interfaces: [port({ wifi })] })).toEqual([["interface/wlan0/wifi", "error"]]);
    const [text = ""] = netplan.render({ ...emptyConfig, interfaces: [port({ wifi })] }).files.values();
    expect(text).toContain("key-management: psk");
  });

  test("the file is for its owner only, and a network called no stays text", () => {
    const wifi = { ssid: "no", psk: { inline: new Secret("correct horse") } };
    const { files, secret } = netplan.render({ ...emptyConfig, interfaces: [port({ wifi })] });
    expect([...(secret ?? [])]).toEqual([...files.keys()]);
    expect([...files.values()].join("")).toContain('"no":\n          password: "correct horse"');
  });

  test("options without a key are lost with what follows and the way out", () => {
    const bonds = [
      { name: "bond0", ports: ["wlan0"], options: { mode: "active-backup", miimon: 100, peer_notif_delay: 200 } },
    ];
    const [loss] = netplan.render({ ...emptyConfig, bonds }).losses;
    expect(loss?.about).toBe("bond/bond0/option/peer_notif_delay");
    expect(loss?.message).toContain("after a failover the announcements go out one per monitor interval");
    expect(loss?.message).toContain("PeerNotifyDelaySec=");
  });

  test("commands, matching by path and ports by hand are told", () => {
    const iface = port({ hooks: [{ when: "post-up", command: "true" }], match: { path: "pci-0" }, start: "hotplug" });
    expect(lossesOf({ interfaces: [iface] })).toEqual([
      ["interface/wlan0/hooks", "warning"],
      ["interface/wlan0/start", "advice"],
      ["interface/wlan0/match/path", "warning"],
    ]);
  });
});

describe("knowing netplan", () => {
  const sure = (path: string, text: string) => netplan.detect(new Map([[path, text]]));
  test.each([
    ["/etc/netplan/01.yaml", "", 1],
    ["x.yaml", "network:\n  version: 2\n  ethernets: {}\n", 0.9],
    ["x.yaml", "network:\n  version: 1\n  config: []\n", 0],
    ["holdfast.yaml", "bond: {ports: [eth0]}\n", 0],
    ["nmstate.yaml", "interfaces:\n- name: eth0\n", 0],
  ])("%s %j: %d", (path, text, score) => {
    expect(sure(path, text)).toBe(score);
  });
});
