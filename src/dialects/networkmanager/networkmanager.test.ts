import { describe, expect, test } from "vitest";
import { Secret } from "../../model/bond.ts";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import { differences } from "../../model/differences.ts";
import { type OptionName, optionNames, optionRow } from "../../model/options.ts";
import { networkmanager } from "./networkmanager.ts";
import { spellingOf } from "./spelling.ts";
import { profileUuid, sha1, utf8 } from "./uuid.ts";

const folder = "/etc/NetworkManager/system-connections";

function read(...texts: readonly string[]) {
  return networkmanager.parse(new Map(texts.map((text, index) => [`${folder}/p${index}.nmconnection`, text])));
}

function codes(...texts: readonly string[]): readonly string[] {
  return read(...texts).diagnostics.map(({ code }) => code);
}

const bond = "[connection]\nid=b\nuuid=00000000-0000-4000-8000-000000000001\ntype=bond\ninterface-name=bond0\n";
const port = (name: string, more = "") => `[connection]\nid=${name}\ntype=ethernet\ninterface-name=${name}\n${more}`;

function host(iface: Partial<Interface>): Config {
  const none = { method: "none", addresses: [] } as const;
  const whole = { name: "eth0", start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [], ...iface } as Interface;
  return { ...emptyConfig, interfaces: [whole] };
}

describe("reading profiles", () => {
  test.each([
    "master=bond0\nslave-type=bond",
    "master=00000000-0000-4000-8000-000000000001\nslave-type=bond",
    "controller=bond0\nport-type=bond",
  ])("a port names its bond by interface or uuid, in old words and new (%s)", (words) => {
    expect(read(bond, port("eth0", words)).config.bonds[0]?.ports).toEqual(["eth0"]);
  });

  test("the profile of lo, which NetworkManager writes by itself, is no news", () => {
    expect(codes(bond, "[connection]\nid=lo\ntype=loopback\ninterface-name=lo\n")).toEqual(codes(bond));
  });

  test("the new words alone are told of: Debian 12 makes no port of it", () => {
    expect(codes(bond, port("eth0", "controller=bond0\nport-type=bond"))).toEqual(["networkmanager-new-names"]);
    const both = "controller=bond0\nport-type=bond\nmaster=bond0\nslave-type=bond";
    expect(codes(bond, port("eth0", both))).toEqual([]);
  });

  test("a port has no addresses, whatever its profile says", () => {
    const text = port("eth0", "master=bond0\nslave-type=bond\n[ipv4]\nmethod=manual\naddress1=192.0.2.1/24\n");
    expect(read(bond, text).config.interfaces[1]?.ipv4).toEqual({ method: "none", addresses: [] });
    expect(codes(bond, text)).toEqual(["networkmanager-port-address"]);
  });

  test("missing sections mean DHCP and router advertisements", () => {
    const { ipv4, ipv6 } = read(port("eth0")).config.interfaces[0] ?? {};
    expect([ipv4?.method, ipv6?.method]).toEqual(["dhcp", "auto"]);
  });

  test("yes and no are no truth values: autoconnect=no leaves it on", () => {
    const { config, diagnostics } = read(port("eth0", "autoconnect=no"));
    expect(config.interfaces[0]?.start).toBe("boot");
    expect(diagnostics[0]).toMatchObject({ code: "networkmanager-value-ignored", hint: "Write false." });
    expect(read(port("eth0", "autoconnect=false")).config.interfaces[0]?.start).toBe("manual");
  });

  test("of two monitors miimon wins", () => {
    const text = `${bond}[bond]\nmode=1\nmiimon=100\narp_interval=100\narp_ip_target=192.0.2.1\n`;
    expect(read(text).config.bonds[0]?.options).toEqual({ mode: "active-backup", miimon: 100 });
  });

  test("zeros that never reach the kernel are told of", () => {
    const { config, diagnostics } = read(`${bond}[bond]\nmode=1\nnum_grat_arp=0\n`);
    expect(config.bonds[0]?.options).toEqual({ mode: "active-backup" });
    expect(diagnostics.map(({ code }) => code)).toEqual(["networkmanager-value-ignored"]);
  });

  test("active_slave is another word for primary, which comes first", () => {
    expect(read(`${bond}[bond]\nmode=1\nactive_slave=eth1\n`).config.bonds[0]?.options.primary).toBe("eth1");
    expect(read(`${bond}[bond]\nmode=1\nprimary=eth0\nactive_slave=eth1\n`).config.bonds[0]?.options.primary).toBe(
      "eth0",
    );
  });

  test.each([
    ["a bond without a name", "[connection]\ntype=bond\n"],
    ["a primary where the mode has none", `${bond}[bond]\nmode=0\nprimary=eth0\n`],
    ["an ARP monitor without targets", `${bond}[bond]\nmode=1\narp_interval=100\n`],
    ["delays without a monitor", `${bond}[bond]\nmode=1\nmiimon=0\nupdelay=200\n`],
    ["manual without an address", port("eth0", "[ipv4]\nmethod=manual\n")],
    ["another program's word for a method", port("eth0", "[ipv4]\nmethod=static\naddress1=192.0.2.1/24\n")],
    ["name servers without addresses", port("eth0", "[ipv4]\nmethod=disabled\ndns=192.0.2.1;\n")],
    ["a port of what kind?", `${port("eth0", "master=bond0")}`],
    ["its own port", `${bond}master=bond0\nslave-type=bond\n`],
    ["a uuid that is none", port("eth0", "uuid=x")],
  ])("what makes NetworkManager refuse a profile is an error: %s", (_, text) => {
    expect(codes(text)).toContain("networkmanager-profile-refused");
  });

  test.each(["constructor", "__proto__", "toString"])("the method %s is none, and stands for no other", (method) => {
    const { config, diagnostics } = read(port("eth0", `[ipv4]\nmethod=${method}\n`));
    expect(config.interfaces[0]?.ipv4.method).toBe("dhcp");
    expect(diagnostics.map(({ hint }) => hint)).toEqual([undefined]);
  });

  test("a line that is none loses the file", () => {
    expect(codes("[connection]\nid=x\ntype=ethernet\ninterface-name=eth0\nautoconnect\n")).toEqual([
      "networkmanager-syntax",
    ]);
  });

  test("addresses, gateway, routes and name servers, in the forms that are about", () => {
    const text = port(
      "eth0",
      "[ipv4]\nmethod=manual\naddress1=192.0.2.5/24,192.0.2.254\naddresses2=192.0.2.6;25;\nroute-metric=50\nroute1=198.51.100.0/24,192.0.2.1,7\nroute1_options=table=9,onlink=true,src=192.0.2.5\nroute2=203.0.113.0/24\ndns=192.0.2.53;\ndns-search=lan.example;\nignore-auto-dns=true\n[ipv6]\nmethod=disabled\n",
    );
    const [iface] = read(text).config.interfaces;
    expect(iface?.ipv4).toEqual({
      method: "static",
      addresses: ["192.0.2.5/24", "192.0.2.6/25"],
      gateway: "192.0.2.254",
      metric: 50,
      routes: [
        { to: "198.51.100.0/24", via: "192.0.2.1", metric: 7, table: 9, onLink: true, source: "192.0.2.5" },
        { to: "203.0.113.0/24", metric: 50 },
      ],
      dhcp: { useDns: false },
    });
    expect(iface?.dns).toEqual({ servers: ["192.0.2.53"], search: ["lan.example"] });
    expect(iface?.ipv6).toMatchObject({ method: "none", acceptRa: false });
    expect(iface?.extra).toEqual([{ key: "ipv6.method", value: "disabled", from: "networkmanager" }]);
  });

  test("a VLAN without a name is called after its parent and tag", () => {
    const text = "[connection]\ntype=vlan\n[vlan]\nparent=bond0\nid=10\n";
    expect(read(text).config.interfaces[0]).toMatchObject({ name: "bond0.10", vlan: { parent: "bond0", id: 10 } });
  });

  test("a device recognised by its MAC address is called after its profile", () => {
    const text = "[connection]\nid=lan\ntype=802-3-ethernet\n[802-3-ethernet]\nmac-address=02:00:00:00:00:AA\n";
    expect(read(text).config.interfaces[0]).toMatchObject({ name: "lan", match: { mac: "02:00:00:00:00:aa" } });
  });

  test("a Wi-Fi key is a secret, a network's name may be bytes", () => {
    const text =
      "[connection]\nid=w\ntype=wifi\ninterface-name=wlan0\n[wifi]\nssid=65;32;59;\n[wifi-security]\nkey-mgmt=wpa-psk\npsk=not-for-eyes\n";
    const { config, diagnostics } = read(text);
    const wifi = config.interfaces[0]?.wifi;
    expect(wifi?.ssid).toBe("A ;");
    expect(wifi?.psk !== undefined && "inline" in wifi.psk && wifi.psk.inline.reveal()).toBe("not-for-eyes");
    expect(JSON.stringify([config, diagnostics])).not.toContain("not-for-eyes");
  });

  test("passwords of other kinds are not kept as plain text", () => {
    const text =
      "[connection]\nid=w\ntype=wifi\ninterface-name=wlan0\n[wifi]\nssid=x\n[wifi-security]\nkey-mgmt=wpa-eap\n[802-1x]\neap=peap;\nidentity=me\npassword=not-for-eyes\n";
    const { config, diagnostics } = read(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(["networkmanager-secret-not-kept"]);
    expect(JSON.stringify(config)).not.toContain("not-for-eyes");
    expect(config.interfaces[0]?.extra.map(({ key }) => key)).toEqual(["802-1x.eap", "802-1x.identity"]);
  });
});

describe("several profiles for one interface", () => {
  const own = port("eth0", "autoconnect-priority=5");

  test("a port that its bond brings up is the one that is used", () => {
    const member = port("eth0", "master=bond0\nslave-type=bond");
    const { config, diagnostics } = read(`${bond}autoconnect-slaves=1\n`, own, member);
    expect(config.bonds[0]?.ports).toEqual(["eth0"]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["networkmanager-device-claimed-twice"]);
  });

  test("a profile that NetworkManager has made by itself is no rival", () => {
    const member = port("eth0", "master=bond0\nslave-type=bond");
    const itsOwn = port("eth0", "autoconnect-priority=-999");
    const { config, diagnostics } = read(`${bond}autoconnect-slaves=1\n`, itsOwn, member);
    expect([config.bonds[0]?.ports, diagnostics]).toEqual([["eth0"], []]);
  });

  test("else the higher priority, and the bond stays without it", () => {
    expect(read(bond, own, port("eth0", "master=bond0\nslave-type=bond")).config.bonds[0]?.ports).toEqual([]);
  });

  test("of one uuid in two folders the one below /run is loaded", () => {
    const text = (name: string) =>
      `[connection]\nuuid=00000000-0000-4000-8000-000000000002\ntype=ethernet\ninterface-name=${name}\n`;
    const files = new Map([
      [`${folder}/a.nmconnection`, text("eth0")],
      ["/run/NetworkManager/system-connections/a.nmconnection", text("eth1")],
    ]);
    expect(networkmanager.parse(files).config.interfaces.map(({ name }) => name)).toEqual(["eth1"]);
  });

  test("a port nobody starts is told of", () => {
    expect(codes(bond, port("eth0", "master=bond0\nslave-type=bond\nautoconnect=false"))).toEqual([
      "networkmanager-port-stays-out",
    ]);
    expect(
      codes(`${bond}autoconnect-slaves=1\n`, port("eth0", "master=bond0\nslave-type=bond\nautoconnect=false")),
    ).toEqual([]);
  });
});

describe("writing profiles", () => {
  const value = (option: OptionName): unknown => {
    const row = optionRow(option);
    if (row.kind === "int") return option === "peer_notif_delay" ? 200 : Math.max(row.min, 3);
    if (row.kind === "flag") return row.default === 1 ? 0 : 1;
    if (row.kind === "choice") return option === "arp_validate" ? "all" : (Object.keys(row.choices)[1] ?? "");
    if (row.kind === "list") return row.items === "ipv4" ? ["192.0.2.1", "192.0.2.2"] : ["2001:db8::1"];
    return row.kind === "mac" ? "02:00:00:00:00:01" : "eth0";
  };

  const sayable = optionNames.filter((option) => spellingOf(option) !== "cannot-say");
  test.each(sayable)("%s is written under its key and read back", (option) => {
    const row = optionRow(option);
    const mode =
      option === "mode" ? "active-backup" : (row.modes[row.modes.includes("active-backup") ? 1 : 0] ?? "balance-rr");
    const needs = /^arp_(?:interval|ip_target)$|ns_ip6/.test(option)
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
    const { files } = networkmanager.render(config);
    const spelling = spellingOf(option);
    const key = spelling === "cannot-say" ? "" : spelling.key;
    expect([...files.values()].join("\n")).toMatch(new RegExp(`^${key}=`, "m"));
    expect(differences(config, networkmanager.parse(files).config)).toEqual([]);
  });

  test("every file is for its owner's eyes only: NetworkManager wants it so", () => {
    const { files, secret } = networkmanager.render(host({}));
    expect(secret).toEqual(new Set(files.keys()));
  });

  test("a name that is no file's name everywhere gets one that is", () => {
    const [path] = networkmanager.render(host({ name: "müsli*0" })).files.keys();
    expect(path).toMatch(/^\/etc\/NetworkManager\/system-connections\/m_sli_0-[\da-f]{8}\.nmconnection$/);
  });

  test("text that means something to GLib stays text", () => {
    const ssid = "\\s;#[x]\n ü";
    const psk = "  \\n[bond] pass\tword";
    const config = host({ name: "wlan0", wifi: { ssid, psk: { inline: new Secret(psk) } } });
    const { files, losses } = networkmanager.render(config);
    expect(losses).toEqual([]);
    const wifi = networkmanager.parse(files).config.interfaces[0]?.wifi;
    expect(wifi?.ssid).toBe(ssid);
    expect(wifi?.psk !== undefined && "inline" in wifi.psk && wifi.psk.inline.reveal()).toBe(psk);
  });

  test("what another version reads is written with a word", () => {
    const config: Config = { ...emptyConfig, bonds: [{ name: "bond0", ports: [], options: { arp_missed_max: 5 } }] };
    const { losses } = networkmanager.render(config);
    expect(losses.map(({ severity, about }) => [severity, about])).toEqual([
      ["advice", "bond/bond0/option/arp_missed_max"],
    ]);
  });

  test("a zero that NetworkManager never sends is a loss, with what follows", () => {
    const config: Config = {
      ...emptyConfig,
      bonds: [{ name: "bond0", ports: [], options: { mode: "active-backup", num_peer_notif: 0 } }],
    };
    expect(networkmanager.render(config).losses[0]?.message).toContain("the kernel keeps its 1");
  });
});

describe("a radio that is a bond's port", () => {
  const radio = host({ name: "wlan0", wifi: { ssid: "home" } });
  const path = "/etc/NetworkManager/conf.d/90-holdfast-wlan0.conf";

  test("keeps its MAC address, while it looks for networks too, and doesn't sleep: said beside the profiles, for it alone", () => {
    const [wlan0] = radio.interfaces;
    if (wlan0 === undefined) throw new Error("no radio");
    const bond = { name: "bond0", ports: ["wlan0"], options: { mode: "active-backup" as const } };
    const { wifi: _, ...plain } = wlan0;
    const interfaces = [wlan0, { ...plain, name: "bond0" }];
    const { files, secret } = networkmanager.render({ ...radio, bonds: [bond], interfaces });
    const text = files.get(path) ?? "";
    expect(text.match(/match-device=interface-name:=wlan0$/gm)).toHaveLength(2);
    for (const line of ["wifi.scan-rand-mac-address=no", "wifi.cloned-mac-address=preserve", "wifi.powersave=2"]) {
      expect(text).toContain(`\n${line}\n`);
    }
    expect(secret?.has(path)).toBe(false);
    expect(networkmanager.parse(new Map([[path, text]]))).toMatchObject({
      config: { interfaces: [] },
      diagnostics: [],
    });
  });

  test("and one that isn't is left as it is", () => {
    expect(networkmanager.render(radio).files.has(path)).toBe(false);
  });
});

describe("deterministic uuids", () => {
  test("SHA-1 is SHA-1", () => {
    const hex = (text: string) =>
      sha1(utf8(text))
        .map((byte) => byte.toString(16).padStart(2, "0"))
        .join("");
    expect(hex("abc")).toBe("a9993e364706816aba3e25717850c26c9cd0d89d");
    expect(hex("")).toBe("da39a3ee5e6b4b0d3255bfef95601890afd80709");
    expect(hex("a".repeat(119))).toBe("ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56");
  });

  test("the same name, the same profile", () => {
    expect(profileUuid("bond0")).toBe(profileUuid("bond0"));
    expect(profileUuid("bond0")).not.toBe(profileUuid("bond1"));
    expect(profileUuid("bond0")).toMatch(/^[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});

describe("what NetworkManager does by itself", () => {
  test("it watches the carrier, unless another monitor is named", () => {
    const spelled = (options: object) =>
      networkmanager.spellOutDefaults({ ...emptyConfig, bonds: [{ name: "b", ports: [], options }] }).bonds[0]?.options;
    expect(spelled({})).toEqual({ miimon: 100 });
    expect(spelled({ miimon: 0 })).toEqual({ miimon: 0 });
    expect(spelled({ arp_interval: 100 })).toEqual({ arp_interval: 100 });
  });
});
