import { describe, expect, test } from "vitest";
import { Secret } from "../../model/bond.ts";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import { optionNames } from "../../model/options.ts";
import { renderAccounted } from "../account.ts";
import { ifcfgRh } from "./ifcfg-rh.ts";
import { spellingOf } from "./spelling.ts";

const folder = "/etc/sysconfig/network-scripts";

/** Files of the folder by the part of their names that differs; others by their whole path. */
function read(files: Readonly<Record<string, string>>) {
  return ifcfgRh.parse(
    new Map(Object.entries(files).map(([name, text]) => [name.startsWith("/") ? name : `${folder}/${name}`, text])),
  );
}

function codes(files: Readonly<Record<string, string>>): readonly string[] {
  return read(files).diagnostics.map(({ code, severity }) => `${severity} ${code}`);
}

const port = (name: string): string => `DEVICE=${name}\nMASTER=bond0\nSLAVE=yes\n`;
const bond = 'DEVICE=bond0\nTYPE=Bond\nBONDING_MASTER=yes\nBONDING_OPTS="mode=1 miimon=100"\n';

function iface(name: string, more: Partial<Interface> = {}): Interface {
  const none = { method: "none", addresses: [] } as const;
  return { name, start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [], ...more };
}

const house: Config = {
  ...emptyConfig,
  bonds: [{ name: "bond0", ports: ["em1", "wlan0"], options: { mode: "active-backup", primary: "em1", miimon: 100 } }],
};

describe("a bond in ifcfg files", () => {
  test("is read with its ports", () => {
    const { config, diagnostics } = read({ "ifcfg-bond0": bond, "ifcfg-em1": port("em1"), "ifcfg-em2": port("em2") });
    expect(config.bonds).toEqual([
      { name: "bond0", ports: ["em1", "em2"], options: { mode: "active-backup", miimon: 100 } },
    ]);
    expect(diagnostics).toEqual([]);
  });

  test("by a port's profile: MASTER_UUID", () => {
    const { config } = read({
      "ifcfg-bond0": `${bond}UUID=5d0428b3-0000-4000-8000-000000000000\n`,
      "ifcfg-em1": "DEVICE=em1\nMASTER_UUID=5d0428b3-0000-4000-8000-000000000000\n",
    });
    expect(config.bonds[0]?.ports).toEqual(["em1"]);
  });

  test("in the form of old releases: an alias and options of the module loader", () => {
    const { config, diagnostics } = read({
      "ifcfg-bond0": "DEVICE=bond0\nIPADDR=10.0.0.2\nNETMASK=255.0.0.0\nNM_CONTROLLED=no\n",
      "ifcfg-em1": port("em1"),
      "/etc/modprobe.conf": "alias bond0 bonding\noptions bond0 mode=1 miimon=80\n",
    });
    expect(config.bonds).toEqual([{ name: "bond0", ports: ["em1"], options: { mode: "active-backup", miimon: 80 } }]);
    expect(diagnostics).toEqual([]);
  });

  test.each([
    [
      "the initscripts alone make it",
      { "ifcfg-bond0": "DEVICE=bond0\nBONDING_OPTS=miimon=100\n" },
      "warning ifcfg-rh-readers-differ",
    ],
    ["nobody makes it", { "ifcfg-bond0": "DEVICE=bond0\n", "ifcfg-em1": port("em1") }, "error ifcfg-rh-no-bond"],
    [
      "NetworkManager would, but is shut out",
      { "ifcfg-bond0": "DEVICE=bond0\nTYPE=Bond\nNM_CONTROLLED=no\n" },
      "error ifcfg-rh-no-bond",
    ],
    [
      "a port without SLAVE",
      { "ifcfg-bond0": bond, "ifcfg-em1": "DEVICE=em1\nMASTER=bond0\n" },
      "advice ifcfg-rh-readers-differ",
    ],
    [
      "a port that joins nothing",
      { "ifcfg-bond0": bond, "ifcfg-em1": "DEVICE=em1\nMASTER=bond0\nNM_CONTROLLED=no\n" },
      "error ifcfg-rh-not-a-port",
    ],
    [
      "an address on a port",
      { "ifcfg-bond0": bond, "ifcfg-em1": `${port("em1")}IPADDR=10.0.0.2\n` },
      "warning ifcfg-rh-ignored-below",
    ],
    ["MASTER in the bond's own file", { "ifcfg-bond0": `${bond}MASTER=yes\n` }, "error bad-value"],
    [
      "a word of BONDING_OPTS that is none",
      { "ifcfg-bond0": bond.replace("miimon=100", "miimon 100") },
      "error bonding-opts-word",
    ],
    [
      "an option that sysfs has no file for",
      { "ifcfg-bond0": bond.replace("miimon=100", "coupled_control=1") },
      "warning unknown-bond-option",
    ],
    ["a mode that is none", { "ifcfg-bond0": bond.replace("mode=1", "mode=failover") }, "error bad-option-value"],
    ["a misspelt key", { "ifcfg-bond0": `${bond}IPADDRESS=10.0.0.1\n` }, "warning unknown-key"],
    ["a blank before the sign", { "ifcfg-bond0": `${bond}MTU = 9000\n` }, "error shell-beyond-assignments"],
    ["a variable", { "ifcfg-bond0": `${bond}IPADDR=$1\n` }, "warning shell-expansion"],
  ])("%s: told", (_, files, code) => {
    expect(codes(files as unknown as Record<string, string>)).toContain(code);
  });

  test("targets with a plus sign add up, and those with commas are a list", () => {
    const { config } = read({
      "ifcfg-bond0": `DEVICE=bond0\nTYPE=Bond\nBONDING_OPTS="arp_interval=500 arp_ip_target=+10.0.0.1 arp_ip_target=+10.0.0.2"\n`,
    });
    expect(config.bonds[0]?.options.arp_ip_target).toEqual(["10.0.0.1", "10.0.0.2"]);
  });

  test("a finding stands at the word it is about", () => {
    const { diagnostics } = read({ "ifcfg-bond0": bond.replace("mode=1", "mode=one") });
    const at = diagnostics[0]?.at;
    expect(bond.replace("mode=1", "mode=one").slice(at?.start, at?.end)).toBe("mode=one");
  });
});

describe("addresses and links in ifcfg files", () => {
  test("are read in every form", () => {
    const { config } = read({
      "ifcfg-bond0": `${bond}IPADDR=10.0.0.2\nNETMASK=255.255.252.0\nIPADDR1=10.9.0.2\nPREFIX1=16\nGATEWAY=10.0.0.1\nDNS1=9.9.9.9\nDOMAIN="a.example b.example"\nIPV6INIT=yes\nIPV6ADDR=2001:db8::2/64\nIPV6_AUTOCONF=no\nIPV6_DEFAULTGW=fe80::1%bond0\nMTU=9000\nMACADDR=02:00:00:00:00:07\n`,
      "ifcfg-bond0:1": "DEVICE=bond0:1\nIPADDR=10.0.0.3\nPREFIX=22\n",
      "route-bond0": "172.16.0.0/12 via 10.0.0.254 dev bond0 metric 5\n",
    });
    expect(config.interfaces).toMatchObject([
      {
        name: "bond0",
        mtu: 9000,
        mac: "02:00:00:00:00:07",
        dns: { servers: ["9.9.9.9"], search: ["a.example", "b.example"] },
        ipv4: {
          method: "static",
          addresses: ["10.0.0.2/22", "10.9.0.2/16", "10.0.0.3/22"],
          gateway: "10.0.0.1",
          routes: [{ to: "172.16.0.0/12", via: "10.0.0.254", metric: 5 }],
        },
        ipv6: { method: "static", addresses: ["2001:db8::2/64"], gateway: "fe80::1", acceptRa: false },
      },
    ]);
  });

  test.each([
    [
      "DHCP, less its name servers",
      "BOOTPROTO=dhcp\nPEERDNS=no\n",
      { ipv4: { method: "dhcp", dhcp: { useDns: false } } },
    ],
    ["IPv6 from advertisements", "IPV6INIT=yes\n", { ipv6: { method: "auto" } }],
    ["DHCPv6", "IPV6INIT=yes\nDHCPV6C=yes\n", { ipv6: { method: "dhcp" } }],
    ["a route in numbers", "", { ipv4: { routes: [{ to: "10.7.0.0/16", via: "10.0.0.9" }] } }],
    ["only by hand", "ONBOOT=no\n", { start: "manual" }],
    ["found by MAC address", "HWADDR=02-00-00-00-00-0A\n", { match: { mac: "02:00:00:00:00:0a" } }],
  ])("%s", (_, text, meant) => {
    const { config } = read({
      "ifcfg-em1": `DEVICE=em1\n${text}`,
      "route-em1": "ADDRESS0=10.7.0.0\nNETMASK0=255.255.0.0\nGATEWAY0=10.0.0.9\n",
    });
    expect(config.interfaces[0]).toMatchObject(meant);
  });

  test("a VLAN by its name or its number, a bridge by its ports", () => {
    const { config } = read({
      "ifcfg-bond0": `${bond}BRIDGE=br0\n`,
      "ifcfg-bond0.10": "DEVICE=bond0.10\nVLAN=yes\n",
      "ifcfg-guests": "DEVICE=guests\nVLAN=yes\nPHYSDEV=bond0\nVLAN_ID=20\nVID=20\n",
      "ifcfg-br0": "DEVICE=br0\nTYPE=Bridge\nSTP=no\nDELAY=2\n",
    });
    const by = new Map(config.interfaces.map((one) => [one.name, one]));
    expect(by.get("bond0.10")?.vlan).toEqual({ parent: "bond0", id: 10 });
    expect(by.get("guests")?.vlan).toEqual({ parent: "bond0", id: 20 });
    expect(by.get("br0")?.bridge).toEqual({ ports: ["bond0"], settings: { stp_state: "0", forward_delay: "2" } });
  });

  test("a radio, with its key in a file of its own", () => {
    const { config } = read({
      "ifcfg-wlan0": "DEVICE=wlan0\nTYPE=Wireless\nESSID='my net'\nKEY_MGMT=WPA-PSK\n",
      "keys-wlan0": "WPA_PSK='long enough'\n",
    });
    const { wifi } = config.interfaces[0] ?? {};
    expect(wifi?.ssid).toBe("my net");
    expect(wifi?.psk !== undefined && "inline" in wifi.psk ? wifi.psk.inline.reveal() : "").toBe("long enough");
  });

  test("rules and other keys are kept and written again", () => {
    const { config } = read({ "ifcfg-em1": "DEVICE=em1\nZONE=public\n", "rule-em1": "from 10.0.0.2 table 7\n" });
    const { files } = ifcfgRh.render(config);
    expect(files.get(`${folder}/ifcfg-em1`)).toContain("ZONE=public\n");
    expect(files.get(`${folder}/rule-em1`)).toContain("from 10.0.0.2 table 7\n");
  });
});

describe("writing ifcfg files", () => {
  test("in words that both readers take", () => {
    const { files, losses } = ifcfgRh.render({
      ...house,
      interfaces: [
        iface("bond0", { ipv4: { method: "static", addresses: ["192.168.1.105/24"], gateway: "192.168.1.254" } }),
      ],
    });
    expect(losses).toEqual([]);
    expect(files.get(`${folder}/ifcfg-bond0`)?.split("\n").slice(1)).toEqual([
      "DEVICE=bond0",
      "TYPE=Bond",
      "ONBOOT=yes",
      "BONDING_MASTER=yes",
      'BONDING_OPTS="mode=active-backup primary=em1 miimon=100"',
      "BOOTPROTO=none",
      "IPADDR=192.168.1.105",
      "PREFIX=24",
      "GATEWAY=192.168.1.254",
      "",
    ]);
    expect(files.get(`${folder}/ifcfg-em1`)?.split("\n").slice(1)).toEqual([
      "DEVICE=em1",
      "TYPE=Ethernet",
      "ONBOOT=yes",
      "MASTER=bond0",
      "SLAVE=yes",
      "BOOTPROTO=none",
      "",
    ]);
  });

  test("a Wi-Fi key goes where only its owner reads", () => {
    const wifi = { ssid: "Home", psk: { inline: new Secret("correct horse") } };
    const { files, secret } = ifcfgRh.render({ ...house, interfaces: [iface("wlan0", { wifi })] });
    expect([...(secret ?? [])]).toEqual([`${folder}/keys-wlan0`]);
    expect(files.get(`${folder}/keys-wlan0`)).toContain('WPA_PSK="correct horse"');
    expect(files.get(`${folder}/ifcfg-wlan0`)).not.toContain("horse");
  });

  test("that a key is a pre-shared one is written, and nothing that is lost", () => {
    const wifi = { ssid: "Home", psk: { inline: new Secret("correct horse") } };
    const { files, losses } = renderAccounted(ifcfgRh, { ...house, interfaces: [iface("wlan0", { wifi })] });
    expect(files.get(`${folder}/ifcfg-wlan0`)).toContain("KEY_MGMT=WPA-PSK\n");
    expect(losses.filter(({ about }) => about.endsWith("/key_mgmt"))).toEqual([]);
  });

  test.each([
    ["WPA-PSK", "", "WPA-PSK"],
    ["SAE", "WPA_PSK=abcdefgh\n", "SAE"],
    ["WPA-PSK", "WPA_PSK=abcdefgh\n", undefined],
  ])("KEY_MGMT=%s says something where the key doesn't (%#)", (word, key, expected) => {
    const { config } = read({ "ifcfg-w": `DEVICE=w\nTYPE=Wireless\nESSID=a\nKEY_MGMT=${word}\n`, "keys-w": key });
    expect(config.interfaces[0]?.wifi?.settings?.["key_mgmt"]).toBe(expected);
  });

  test.each(optionNames)("%s is spelt, or its loss says what follows", (option) => {
    const said = spellingOf(option);
    const shown = ifcfgRh.spellings[option];
    if (said === "cannot-say") expect(shown).toBeNull();
    else expect(shown).toContain("opts" in said ? said.opts : said.port);
  });

  test("what NetworkManager does by itself is spelt out, unless it is shut out", () => {
    const spelt = ifcfgRh.spellOutDefaults({ ...house, bonds: [{ name: "bond0", ports: [], options: {} }] });
    expect(spelt.bonds[0]?.options).toEqual({ miimon: 100 });
    expect(ifcfgRh.spellOutDefaults(spelt)).toEqual(spelt);
    const shut = iface("bond0", { extra: [{ key: "NM_CONTROLLED", value: "no", from: "ifcfg-rh" }] });
    expect(
      ifcfgRh.spellOutDefaults({ ...house, bonds: [{ name: "bond0", ports: [], options: {} }], interfaces: [shut] })
        .bonds[0]?.options,
    ).toEqual({});
  });
});

test("what a route says beyond the model's words is told where another language is written, and the route is kept", () => {
  const routes = "10.0.0.0/8 via 192.0.2.1 mtu 1400 initcwnd 20\n10.9.0.0/16 via 192.0.2.1 mtu 1400 proto static\n";
  const files = { "ifcfg-eth0": "DEVICE=eth0\nIPADDR=192.0.2.5\nPREFIX=24\n", "route-eth0": routes };
  expect(read(files).config.interfaces[0]?.ipv4.routes).toHaveLength(2);
  const told = (more: Readonly<Record<string, string>>) =>
    ifcfgRh.leftBehind?.(new Map(Object.entries(more).map(([name, text]) => [`${folder}/${name}`, text])));
  const numbered = 'ADDRESS0=10.0.0.0\nNETMASK0=255.0.0.0\nGATEWAY0=192.0.2.1\nOPTIONS0="mtu 1400"\n';
  expect(told({ ...files, "route-eth0": numbered })).toMatchObject([{ severity: "warning" }]);
  expect(told({ "route-eth0": routes })).toEqual([]);
  expect(told({ ...files, "route-eth0": "2001:db8::/32 via 2001:db8:1::1 mtu 1400\n" })).toEqual([]);
  expect(told(files)).toMatchObject([
    {
      code: "route-setting-left-behind",
      severity: "warning",
      message: expect.stringMatching(/^a route's mtu is left/),
    },
    { code: "route-setting-left-behind", severity: "advice", message: expect.stringMatching(/^a route's initcwnd/) },
  ]);
});
