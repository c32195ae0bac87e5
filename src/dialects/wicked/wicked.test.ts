import { describe, expect, test } from "vitest";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import { type BondOptions, optionNames } from "../../model/options.ts";
import { spellingOf } from "./spelling.ts";
import { wicked } from "./wicked.ts";

const folder = "/etc/sysconfig/network";

function read(files: Readonly<Record<string, string>>) {
  return wicked.parse(new Map(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text])));
}

function bond(opts: string): string {
  return `STARTMODE='auto'\nBOOTPROTO='static'\nBONDING_MASTER='yes'\nBONDING_SLAVE_0='eth0'\nBONDING_SLAVE1=wlan0\nBONDING_MODULE_OPTS='${opts}'\n`;
}

function iface(name: string, more: Partial<Interface> = {}): Interface {
  const none = { method: "none", addresses: [] } as const;
  return { name, start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [], ...more };
}

function house(options: BondOptions): Config {
  return { ...emptyConfig, bonds: [{ name: "bond0", ports: ["eth0", "wlan0"], options }], interfaces: [] };
}

describe("a bond for wicked", () => {
  test("has its ports in either spelling, and wicked's own ports for them", () => {
    const { config, diagnostics } = read({ "ifcfg-bond0": bond("mode=active-backup miimon=100") });
    expect(diagnostics).toEqual([]);
    expect(config.bonds).toEqual([
      { name: "bond0", ports: ["eth0", "wlan0"], options: { mode: "active-backup", miimon: 100 } },
    ]);
    expect(config.interfaces.map(({ name, start }) => `${name} ${start}`)).toEqual([
      "bond0 boot",
      "eth0 hotplug",
      "wlan0 hotplug",
    ]);
  });

  test.each([
    ["mode=active-backup", "no link monitor is set"],
    ["miimon=100 arp_interval=60 arp_ip_target=10.0.0.1", "two monitors"],
    ["arp_interval=60", "without targets"],
    ["miimon=100 updelay=50", "smaller than miimon"],
    ["miimon=100 mode=802.3ad fail_over_mac=active", "active-backup only"],
    ["miimon=100 mode=active-backup min_links=1", "802.3ad only"],
    ["miimon=100 lacp_active=0", "no option like"],
    ["miimon=100 mode=one", "mode must be one of"],
    ["miimon = 100", "no option like"],
  ])("is none with %s", (opts, why) => {
    const { config, diagnostics } = read({ "ifcfg-bond0": bond(opts) });
    expect(config.bonds).toEqual([]);
    expect(config.interfaces).toEqual([]);
    expect(
      diagnostics
        .filter(({ code }) => code === "wicked-bond-refused")
        .map(({ message }) => message)
        .join(),
    ).toContain(why);
  });

  test("takes IP off what is in it", () => {
    const { config, diagnostics } = read({
      "ifcfg-bond0": bond("miimon=100"),
      "ifcfg-eth0": "STARTMODE=auto\nBOOTPROTO=dhcp\n",
    });
    expect(config.interfaces.find(({ name }) => name === "eth0")?.ipv4.method).toBe("none");
    expect(diagnostics.map(({ code }) => code)).toEqual(["wicked-ignored-below"]);
  });
});

describe("addresses and links for wicked", () => {
  test("in every form", () => {
    const { config, diagnostics } = read({
      "ifcfg-br0":
        "STARTMODE=auto\nBOOTPROTO='dhcp4+auto6'\nBRIDGE=yes\nBRIDGE_PORTS='bond0.7 tap0'\nBRIDGE_STP=off\nIPADDR=10.0.0.2/24\nIPADDR_x=10.1.0.2\nNETMASK_x=255.255.0.0\nMTU=1400\nLLADDR=02:00:00:00:00:01\nDHCLIENT_ROUTE_PRIORITY=9\n",
      "ifcfg-bond0.7": "STARTMODE=hotplug\nETHERDEVICE=bond0\n",
      "ifsysctl-br0": "net.ipv6.conf.br0.accept_ra = 0\n",
      "ifroute-br0": "172.16.0.0/12 10.0.0.254 - br0 metric 5\n192.0.2.0 10.0.0.9 255.255.255.0 -\n",
    });
    expect(diagnostics).toEqual([]);
    expect(config.interfaces.slice(0, 2)).toMatchObject([
      { name: "bond0.7", start: "hotplug", vlan: { parent: "bond0", id: 7 } },
      {
        name: "br0",
        mtu: 1400,
        mac: "02:00:00:00:00:01",
        bridge: { ports: ["bond0.7", "tap0"], settings: { stp_state: "0" } },
        ipv4: {
          method: "dhcp",
          metric: 9,
          addresses: ["10.0.0.2/24", "10.1.0.2/16"],
          routes: [
            { to: "172.16.0.0/12", via: "10.0.0.254", metric: 5 },
            { to: "192.0.2.0/24", via: "10.0.0.9" },
          ],
        },
        ipv6: { method: "auto", acceptRa: false },
      },
    ]);
  });

  test("a global route goes to the interface its router is near, with the host's name servers", () => {
    const { config, diagnostics } = read({
      "ifcfg-eth1": "STARTMODE=auto\nIPADDR=10.0.0.2/24\n",
      "ifcfg-eth0": "STARTMODE=auto\nIPADDR=192.168.0.2/24\n",
      routes: "default 10.0.0.1 - -\ndefault 203.0.113.1\n",
      config: 'NETCONFIG_DNS_STATIC_SERVERS="9.9.9.9 1.1.1.1"\n',
    });
    expect(config.interfaces.map(({ name, ipv4, dns }) => [name, ipv4.routes ?? [], dns?.servers])).toEqual([
      ["eth0", [], undefined],
      ["eth1", [{ to: "default", via: "10.0.0.1" }], ["9.9.9.9", "1.1.1.1"]],
    ]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["wicked-route-of-nobody"]);
  });

  test("a dollar sign is a dollar sign, and other lines are passed over", () => {
    const { config } = read({ "ifcfg-eth0": "NAME='a $HOME'\nif true\nSTARTMODE=auto\n" });
    expect(config.interfaces[0]?.extra).toEqual([{ key: "NAME", value: "a $HOME", from: "wicked" }]);
  });
});

describe("writing for wicked", () => {
  test("is what ifcfg-bonding(5) shows", () => {
    const config = {
      ...house({ mode: "active-backup", primary: "eth0", miimon: 100 }),
      interfaces: [
        iface("bond0", { ipv4: { method: "static", addresses: ["192.168.1.105/24"], gateway: "192.168.1.254" } }),
      ],
    };
    const { files, losses } = wicked.render(config);
    expect(losses).toEqual([]);
    expect(files.get(`${folder}/ifcfg-bond0`)?.split("\n").slice(1)).toEqual([
      "STARTMODE='auto'",
      "BOOTPROTO='static'",
      "BONDING_MASTER='yes'",
      "BONDING_SLAVE_0='eth0'",
      "BONDING_SLAVE_1='wlan0'",
      "BONDING_MODULE_OPTS='mode=active-backup primary=eth0 miimon=100'",
      "IPADDR='192.168.1.105/24'",
      "",
    ]);
    expect(files.get(`${folder}/ifroute-bond0`)).toContain("\ndefault 192.168.1.254 - bond0\n");
    expect(files.get(`${folder}/ifcfg-eth0`)).toContain("BOOTPROTO='none'");
  });

  test.each([
    [{ mode: "active-backup" } as BondOptions, "miimon=100", "bond/bond0/option/miimon"],
    [{ miimon: 100, min_links: 2 } as BondOptions, "miimon=100", "bond/bond0/option/min_links"],
    [{ miimon: 100, updelay: 50 } as BondOptions, "miimon=100", "bond/bond0/option/updelay"],
    [{ arp_interval: 60 } as BondOptions, "miimon=100", "bond/bond0/option/arp_interval"],
    [{ miimon: 100, peer_notif_delay: 100 } as BondOptions, "miimon=100", "bond/bond0/option/peer_notif_delay"],
  ])("%j is written so that wicked takes the bond, and the rest is told", (options, written, about) => {
    const { files, losses } = wicked.render(house(options));
    expect(files.get(`${folder}/ifcfg-bond0`)).toContain(written);
    expect(losses.map((loss) => loss.about)).toContain(about);
    expect(wicked.parse(files).config.bonds).toHaveLength(1);
  });

  test.each(optionNames)("%s is spelt, or there is no word for it", (option) => {
    const said = spellingOf(option);
    if (said === "cannot-say") expect(wicked.spellings[option]).toBeNull();
    else expect(wicked.spellings[option]).toContain(said.opts);
  });
});

test("what a route says beyond the model's words is told where another language is written, and the route is kept", () => {
  const routes = "10.0.0.0/8 192.0.2.1 - eth0 mtu 1400 initcwnd 20\n";
  const eth0 = "BOOTPROTO=static\nIPADDR=192.0.2.5/24\n";
  const { config } = read({ "ifcfg-eth0": eth0, routes });
  expect(config.interfaces[0]?.ipv4.routes).toEqual([{ to: "10.0.0.0/8", via: "192.0.2.1" }]);
  const told = (more: Readonly<Record<string, string>>) =>
    wicked.leftBehind?.(new Map(Object.entries(more).map(([name, text]) => [`${folder}/${name}`, text])));
  expect(told({ routes, "ifroute-eth9": "10.0.0.0/8 192.0.2.1 - - window 9\n" })).toEqual([]);
  expect(told({ "ifcfg-eth0": eth0, routes })).toMatchObject([
    { code: "route-setting-left-behind", message: expect.stringMatching(/^a route's mtu is left out/) },
    { code: "route-setting-left-behind", message: expect.stringMatching(/^a route's initcwnd is left out/) },
  ]);
});
