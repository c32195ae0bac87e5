import { describe, expect, test } from "vitest";
import { Secret } from "../../model/bond.ts";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import type { Parsed } from "../dialect.ts";
import { networkd } from "./networkd.ts";

const folder = "/etc/systemd/network";

function parse(files: Readonly<Record<string, string>>): Parsed {
  return networkd.parse(
    new Map(Object.entries(files).map(([name, text]) => [name.startsWith("/") ? name : `${folder}/${name}`, text])),
  );
}

function codes({ diagnostics }: Parsed): readonly string[] {
  return diagnostics.map(({ code }) => code);
}

function iface({ config }: Parsed, name: string): Interface | undefined {
  return config.interfaces.find((one) => one.name === name);
}

const bond = "[NetDev]\nName=bond0\nKind=bond\n[Bond]\nMode=active-backup\nMIIMonitorSec=100ms\n";
const network = "[Match]\nName=bond0\n[Network]\nAddress=192.0.2.5/24\nGateway=192.0.2.1\n";
const ports = "[Match]\nName=eth0 eth1\n[Network]\nBond=bond0\n";

describe("what units mean to networkd", () => {
  test("a bond, its ports and its address", () => {
    const read = parse({ "10-bond0.netdev": bond, "10-bond0.network": network, "20-ports.network": ports });
    expect(read.diagnostics).toEqual([]);
    expect(read.config.bonds).toEqual([
      { name: "bond0", ports: ["eth0", "eth1"], options: { mode: "active-backup", miimon: 100 } },
    ]);
    expect(iface(read, "bond0")?.ipv4).toEqual({ method: "static", addresses: ["192.0.2.5/24"], gateway: "192.0.2.1" });
  });

  test("the first file that fits counts, and the one behind it is named", () => {
    const read = parse({
      "10-bond0.netdev": bond,
      "10-all.network": "[Match]\nName=*\n[Network]\nDHCP=yes\n",
      "20-bond0.network": network,
    });
    expect(iface(read, "bond0")?.ipv4.method).toBe("dhcp");
    expect(codes(read)).toEqual(["networkd-shadowed"]);
  });

  test("a pattern of the ports that fits the bond too puts it into itself", () => {
    const read = parse({
      "10-bond0.netdev": bond,
      "10-x.network": "[Match]\nName=bond* eth*\n[Network]\nBond=bond0\n",
      "20-bond0.network": network,
    });
    expect(codes(read)).toContain("networkd-self-master");
    expect(read.config.bonds[0]?.ports).toEqual(["x"]);
  });

  test("of one name /etc counts, an empty file masks, drop-ins add to their file", () => {
    const read = parse({
      "/usr/lib/systemd/network/10-bond0.netdev": bond.replace("100ms", "5s"),
      "10-bond0.netdev": bond,
      "/run/systemd/network/20-x.network": network,
      "20-x.network": "",
      "/usr/lib/systemd/network/30-bond0.network": network,
      "/run/systemd/network/30-bond0.network.d/b.conf": "[Link]\nMTUBytes=1400\n[Network]\nDNS=192.0.2.9\n",
      "30-bond0.network.d/c.conf": "[Link]\nMTUBytes=1450\n",
    });
    expect(read.config.bonds[0]?.options.miimon).toBe(100);
    expect(iface(read, "bond0")).toMatchObject({ mtu: 1450, dns: { servers: ["192.0.2.9"] } });
  });

  test("a bare number is seconds", () => {
    const read = parse({ "a.netdev": bond.replace("100ms", "100"), "b.network": network });
    expect(read.config.bonds[0]?.options.miimon).toBe(100_000);
    expect(codes(read)).toEqual(["networkd-bare-seconds"]);
  });

  test.each([
    ["both monitors", "ARPIntervalSec=1\nARPIPTargets=192.0.2.1"],
    ["an option of another mode", "AdActorSystemPriority=7"],
    ["validation beside the carrier's monitor", "ARPValidate=none"],
  ])("%s: the kernel refuses the whole bond", (_, more) => {
    const read = parse({ "a.netdev": bond + more, "b.network": network, "c.network": ports });
    expect(read.config.bonds).toEqual([]);
    expect(codes(read)).toEqual(["networkd-bond-refused", "networkd-no-master"]);
  });

  test("a file for everything that sorts first takes the ports from their bond", () => {
    const read = parse({
      "a.netdev": bond,
      "10-all.network": "[Match]\nName=e*\n[Network]\nDHCP=yes\n",
      "30-p.network": ports,
    });
    expect(read.config.bonds[0]?.ports).toEqual([]);
    const [told] = read.diagnostics.filter(({ code }) => code === "networkd-shadowed");
    expect(told).toMatchObject({ severity: "error" });
    expect(told?.message).toMatch(/^30-p.network has no effect: 10-all.network fits .* into bond0$/);
  });

  test("all that the kernel refuses is told at once, and its ports' files don't say that nobody makes it", () => {
    const read = parse({
      "a.netdev": `${bond}ARPIntervalSec=1\nARPIPTargets=192.0.2.1\nAdActorSystemPriority=7\n`,
      "b.network": network,
      "c.network": ports,
    });
    const refused = read.diagnostics.filter(({ code }) => code === "networkd-bond-refused");
    expect(refused.length).toBeGreaterThan(1);
    expect(read.diagnostics.find(({ code }) => code === "networkd-no-master")?.message).toMatch(
      /the kernel refuses "bond0"/,
    );
  });

  test("a delay of nothing needs no monitor, another does", () => {
    const plain = bond.replace("MIIMonitorSec=100ms\n", "");
    expect(parse({ "a.netdev": `${plain}UpDelaySec=0\n`, "b.network": network }).config.bonds).toHaveLength(1);
    expect(parse({ "a.netdev": `${plain}UpDelaySec=1\n`, "b.network": network }).config.bonds).toEqual([]);
  });

  test("what networkd keeps to itself is not in the model", () => {
    const read = parse({
      "a.netdev": `${bond}LACPTransmitRate=fast\nARPIPTargets=192.0.2.1\nPacketsPerSlave=3\n`,
      "b.network": network,
    });
    expect(read.config.bonds[0]?.options).toEqual({ mode: "active-backup", miimon: 100 });
    expect(codes(read)).toEqual(["networkd-not-sent", "networkd-not-sent", "networkd-not-sent"]);
  });

  test("a number is no mode, and a comment behind a value is part of it", () => {
    const read = parse({ "a.netdev": bond.replace("active-backup", "active-backup # best"), "b.network": network });
    expect(read.config.bonds[0]?.options.mode).toBeUndefined();
    expect(read.diagnostics[0]).toMatchObject({ code: "networkd-bad-mode", severity: "error" });
    expect(codes(parse({ "a.netdev": bond.replace("active-backup", "1"), "b.network": network }))).toEqual([
      "networkd-bad-mode",
    ]);
  });

  test("the port's file names the primary; in a mode without one the port fails", () => {
    const port = "[Match]\nName=eth0\n[Network]\nBond=bond0\nPrimarySlave=yes\n";
    const read = parse({ "a.netdev": bond, "b.network": network, "c.network": port });
    expect(read.config.bonds[0]?.options.primary).toBe("eth0");
    const wrong = parse({
      "a.netdev": bond.replace("active-backup", "802.3ad"),
      "b.network": network,
      "c.network": port,
    });
    expect(wrong.config.bonds[0]?.options.primary).toBeUndefined();
    expect(codes(wrong)).toEqual(["networkd-port-fails"]);
  });

  test("a port gets no address, whatever its file says", () => {
    const read = parse({
      "a.netdev": bond,
      "b.network": network,
      "c.network": `${ports}Address=192.0.2.9/24\nDHCP=yes\nLinkLocalAddressing=yes\n`,
    });
    expect(iface(read, "eth0")).toMatchObject({ ipv4: { method: "none", addresses: [] }, extra: [] });
    expect(codes(read)).toEqual(["networkd-ignored-on-port", "networkd-ignored-on-port"]);
  });

  test("hardware without a name is called after its file", () => {
    const read = parse({
      "a.netdev": bond,
      "b.network": network,
      "30-usb.network": "[Match]\nPermanentMACAddress=02-00-00-00-00-01\n[Network]\nBond=bond0\n",
    });
    expect(read.config.bonds[0]?.ports).toEqual(["usb"]);
    expect(iface(read, "usb")?.match).toEqual({ mac: "02:00:00:00:00:01", pattern: "*" });
  });

  test("a .link gives the name that a .network is for", () => {
    const read = parse({
      "a.netdev": bond,
      "b.network": network,
      "10-lan.link": "[Match]\nPermanentMACAddress=02:00:00:00:00:01\n[Link]\nName=lan0\nWakeOnLan=magic\n",
      "c.network": "[Match]\nPermanentMACAddress=02:00:00:00:00:01\n[Network]\nBond=bond0\n",
    });
    expect(read.config.bonds[0]?.ports).toEqual(["lan0"]);
    expect(iface(read, "lan0")).toMatchObject({
      match: { mac: "02:00:00:00:00:01" },
      extra: [{ key: "link/Link.WakeOnLan", value: "magic", from: "networkd" }],
    });
  });

  test("VLANs stand on the link that names them, bridges on the links that name them", () => {
    const read = parse({
      "a.netdev": bond,
      "b.network": "[Match]\nName=bond0\n[Network]\nVLAN=v7\nBridge=br0\n",
      "c.netdev": "[NetDev]\nName=v7\nKind=vlan\n[VLAN]\nId=7\n",
      "c.network": "[Match]\nName=v7\n[Network]\nDHCP=ipv4\n",
      "d.netdev": "[NetDev]\nName=br0\nKind=bridge\n[Bridge]\nSTP=yes\nForwardDelaySec=4\n",
      "d.network": "[Match]\nName=br0\n",
      "e.netdev": "[NetDev]\nName=v8\nKind=vlan\n[VLAN]\nId=8\n",
    });
    expect(iface(read, "v7")?.vlan).toEqual({ parent: "bond0", id: 7 });
    expect(iface(read, "br0")?.bridge).toEqual({ ports: ["bond0"], settings: { stp_state: "1", forward_delay: "4" } });
    expect(iface(read, "v8")).toBeUndefined();
    expect(codes(read)).toEqual(["networkd-no-device"]);
  });

  test("routes, DHCP, advertisements, name servers", () => {
    const text = [
      "[Match]\nName=eth5",
      "[Link]\nRequiredForOnline=no\nMTUBytes=9K\nActivationPolicy=manual",
      "[Network]\nDHCP=both\nIPv6AcceptRA=no\nDNS=192.0.2.1 192.0.2.2\nDNS=\nDNS=192.0.2.3\nDomains=lan.example ~corp.example\nLLDP=yes",
      "[DHCPv4]\nRouteMetric=50\nUseDNS=no",
      "[Route]\nGateway=192.0.2.1\nMetric=50",
      "[Route]\nDestination=198.51.100.0/24\nGateway=192.0.2.2\nTable=7\nGatewayOnLink=yes\nPreferredSource=192.0.2.5",
      "[Route]\nDestination=203.0.113.0/24\nType=blackhole",
    ].join("\n");
    const read = parse({ "a.network": text });
    expect(iface(read, "eth5")).toEqual({
      name: "eth5",
      start: "manual",
      optional: true,
      mtu: 9216,
      ipv4: {
        method: "dhcp",
        addresses: [],
        metric: 50,
        gateway: "192.0.2.1",
        dhcp: { useDns: false },
        routes: [{ to: "198.51.100.0/24", via: "192.0.2.2", table: 7, onLink: true, source: "192.0.2.5" }],
      },
      ipv6: { method: "dhcp", addresses: [], acceptRa: false },
      dns: { servers: ["192.0.2.3"], search: [] },
      hooks: [],
      extra: [
        { key: "network/Route", value: "Destination=203.0.113.0/24\nType=blackhole", from: "networkd" },
        { key: "network/Network.Domains", value: "lan.example ~corp.example", from: "networkd" },
        { key: "network/Network.LLDP", value: "yes", from: "networkd" },
      ],
    });
    expect(codes(read)).toEqual(["networkd-old-word"]);
  });

  test("an address without a length is guessed as 252 does, and told", () => {
    const read = parse({ "a.network": "[Match]\nName=eth5\n[Network]\nAddress=192.168.1.5\n" });
    expect(iface(read, "eth5")?.ipv4.addresses).toEqual(["192.168.1.5/24"]);
    expect(codes(read)).toEqual(["networkd-address-without-length"]);
  });

  test("keys that are none are named, with what was meant", () => {
    const read = parse({ "a.netdev": `${bond}FailOverMacPolicy=active\nPrimary=eth0\n[Bnd]\n`, "b.network": network });
    expect(read.diagnostics.map(({ code, hint }) => [code, hint])).toEqual([
      ["networkd-unknown-key", "Write FailOverMACPolicy=: capitals count."],
      ["networkd-unknown-key", undefined],
      ["networkd-unknown-section", "Did you mean [Bond]?"],
    ]);
  });

  test("a cipher's keys are not kept, nor printed", () => {
    const read = parse({
      "w.netdev": "[NetDev]\nName=wg0\nKind=wireguard\n[WireGuard]\nPrivateKey=c2VjcmV0\n",
      "w.network": "[Match]\nName=wg0\n",
    });
    expect(JSON.stringify(read)).not.toContain("c2VjcmV0");
    expect(codes(read)).toEqual(["networkd-not-kept"]);
  });

  test("the radio's network is wpa_supplicant's", () => {
    const read = parse({
      "w.network": "[Match]\nName=wlan0\n",
      "/etc/wpa_supplicant/wpa_supplicant-wlan0.conf":
        'country=DE\nnetwork={\n  ssid="a # \\"b"  # home\n  psk="correct horse"\n}\nnetwork={\n ssid=616263\n}\n',
    });
    const { wifi } = iface(read, "wlan0") ?? {};
    expect(wifi).toMatchObject({ ssid: 'a # \\"b', settings: { country: "DE" } });
    expect(wifi?.psk !== undefined && "inline" in wifi.psk && wifi.psk.inline.reveal()).toBe("correct horse");
    expect(codes(read)).toEqual(["supplicant-more-networks"]);
  });
});

const none = { method: "none", addresses: [] } as const;
const bare = { start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [] } as const;

function configOf(options: Config["bonds"][number]["options"], ...interfaces: readonly Interface[]): Config {
  return { ...emptyConfig, bonds: [{ name: "bond0", ports: ["eth0", "wlan0"], options }], interfaces };
}

describe("what is written", () => {
  test("ports don't hold up the boot, and the bond keeps its addresses without carrier", () => {
    const { files, losses } = networkd.render(configOf({ mode: "active-backup", miimon: 100, primary: "eth0" }));
    expect(losses).toEqual([]);
    expect(files.get(`${folder}/10-eth0.network`)).toContain(
      "[Link]\nRequiredForOnline=no\n\n[Network]\nBond=bond0\nPrimarySlave=yes\nLinkLocalAddressing=no\n",
    );
    expect(files.get(`${folder}/10-bond0.network`)).toContain("ConfigureWithoutCarrier=yes");
    expect(files.get(`${folder}/10-bond0.netdev`)).toContain("MIIMonitorSec=100ms\n");
  });

  test("what it says of every made device stands in one place, also where a file for two devices said it", () => {
    const unit = "[Match]\nName=bond0 other\n[Network]\nConfigureWithoutCarrier=yes\nDomains=home\n";
    const read = networkd.parse(
      new Map([
        [`${folder}/10-bond0.netdev`, "[NetDev]\nName=bond0\nKind=bond\n"],
        [`${folder}/10-bond0.network`, unit],
      ]),
    );
    const once = networkd.render(read.config).files;
    const twice = networkd.render(networkd.parse(once).config).files;
    expect(once.get(`${folder}/10-bond0.network`)).toContain("ConfigureWithoutCarrier=yes\nDomains=home\n");
    expect(twice).toEqual(once);
  });

  test("what would cost the whole bond is left out, and said", () => {
    const { files, losses } = networkd.render(configOf({ mode: "active-backup", updelay: 200, use_carrier: 1 }));
    expect(files.get(`${folder}/10-bond0.netdev`)).not.toContain("UpDelay");
    expect(losses.map(({ about }) => about)).toEqual(["bond/bond0/option/use_carrier", "bond/bond0/option/updelay"]);
  });

  test("a radio gets a file of its own that is kept from others' eyes, and is started", () => {
    const wifi = { ssid: "a\nb", psk: { inline: new Secret("correct horse") } };
    const { files, secret } = networkd.render(configOf({}, { ...bare, name: "wlan0", wifi }));
    const path = "/etc/wpa_supplicant/wpa_supplicant-wlan0.conf";
    expect(files.get(path)).toContain('\tssid=610a62\n\tpsk="correct horse"\n');
    expect([...(secret ?? [])]).toEqual([path]);
    expect(files.get("/etc/systemd/system/systemd-networkd.service.d/10-wpa-wlan0.conf")).toContain(
      "Wants=wpa_supplicant@wlan0.service",
    );
  });

  test("a radio that is a bond's port is set up only when it is in the bond, and doesn't sleep", () => {
    const wifi = { ssid: "home", psk: { inline: new Secret("correct horse") } };
    const unit = "/etc/systemd/system/wpa_supplicant@wlan0.service.d/10-after-bond.conf";
    const bonded = configOf({ mode: "active-backup" }, { ...bare, name: "wlan0", wifi });
    const text = networkd.render(bonded).files.get(unit);
    expect(text).toContain("After=systemd-networkd.service\n");
    expect(text).toContain("until [ -e /sys/class/net/wlan0/master ]");
    expect(text).toContain("iw dev wlan0 set power_save off");
    expect(networkd.render({ ...bonded, bonds: [] }).files.has(unit)).toBe(false);
  });

  test("a key that could not be written makes no open network", () => {
    const wifi = { ssid: "home", psk: { file: "secrets/wlan0.psk" } };
    const { files, losses } = networkd.render(configOf({}, { ...bare, name: "wlan0", wifi }));
    expect(files.get("/etc/wpa_supplicant/wpa_supplicant-wlan0.conf")).toContain("key_mgmt=WPA-PSK");
    expect(losses.map(({ about }) => about)).toEqual(["interface/wlan0/wifi"]);
  });

  test("an address of hardware is matched by the address it came with, and named by a .link", () => {
    const match = { mac: "02:00:00:00:00:01" };
    const { files } = networkd.render(configOf({}, { ...bare, name: "eth0", match }));
    expect(files.get(`${folder}/10-eth0.link`)).toContain(
      "[Match]\nPermanentMACAddress=02:00:00:00:00:01\n\n[Link]\nName=eth0\n",
    );
    expect(files.get(`${folder}/10-eth0.network`)).toContain("[Match]\nPermanentMACAddress=02:00:00:00:00:01\n");
  });

  test("an extra that would be something else is left out", () => {
    const extra = [{ key: "network/Network.Bridge", value: "bond0", from: "networkd" }];
    const { files, losses } = networkd.render(configOf({}, { ...bare, name: "eth0", extra }));
    expect(files.get(`${folder}/10-eth0.network`)).not.toContain("Bridge=");
    expect(losses.map(({ about }) => about)).toContain("interface/eth0/extra");
  });
});
