import { describe, expect, test } from "vitest";
import { whereIs } from "../../diagnostic/origins.ts";
import { emptyConfig, type Interface } from "../../model/config.ts";
import { ifupdown, interpret, readInterfaces, type StoryFact } from "./ifupdown.ts";

const path = "/etc/network/interfaces";

function read(text: string, maxBonds = 0, more: Record<string, string> = {}) {
  const files = new Map([[path, text], ...Object.entries(more)]);
  const { document, diagnostics } = readInterfaces(files);
  const meaning = interpret(document, { maxBonds });
  const textAt = (at: { file: string; start: number; end: number } | undefined) =>
    at === undefined ? undefined : files.get(at.file)?.slice(at.start, at.end);
  const facts = (kind: StoryFact["fact"]) => meaning.story.filter((fact) => fact.fact === kind);
  return { document, ...meaning, syntax: diagnostics, textAt, facts };
}

const ports =
  "auto eth0\niface eth0 inet manual\n  bond-master bond0\nauto eth1\niface eth1 inet manual\n  bond-master bond0\n";
const bond = (lines: string) => `auto bond0\niface bond0 inet static\n  address 192.168.7.2/24\n${lines}`;

describe("what ifenslave makes of a file", () => {
  test("options in every stanza: one bond, the primary from the port that joins first, the rest superfluous", () => {
    const primary = ports.replaceAll(
      "bond-master bond0",
      "bond-master bond0\n  bond-primary eth0\n  bond-mode active-backup",
    );
    const { config, facts, origins, textAt } = read(
      `${primary}${bond("  bond-slaves none\n  bond-primary eth0\n  bond-mode active-backup\n  bond-miimon 100\n")}`,
    );
    expect(config.bonds).toEqual([
      { name: "bond0", ports: ["eth0", "eth1"], options: { mode: "active-backup", miimon: 100, primary: "eth0" } },
    ]);
    expect(facts("primary-skipped")).toMatchObject([{ recoveredBy: "eth0" }]);
    expect(facts("options-repeated").map((fact) => ("option" in fact ? fact.option : ""))).toEqual(["primary", "mode"]);
    expect(textAt(whereIs(origins, "bond/bond0/option/miimon"))).toBe("bond-miimon 100");
    expect(textAt(whereIs(origins, "bond/bond0/port/eth1"))).toBe("bond-master bond0");
  });

  test("bond-primary in the bond's stanza only, ports by bond-master: the primary is lost", () => {
    const { config, facts, textAt } = read(
      `${ports}${bond("  bond-slaves none\n  bond-primary eth0\n  bond-mode 1\n  bond-miimon 100\n")}`,
    );
    expect(config.bonds[0]?.options).toEqual({ mode: "active-backup", miimon: 100 });
    expect(facts("primary-skipped")).toMatchObject([{ reason: "no-ports-yet" }]);
    expect(textAt(facts("primary-skipped")[0]?.at)).toBe("bond-primary eth0");
  });

  test("one stanza with the list of ports: everything takes effect", () => {
    const { config, story } = read(bond("  bond_mode 1\n  bond_miimon 100\n  bond_primary eth1\n  slaves eth0 eth1\n"));
    expect(config.bonds).toEqual([
      { name: "bond0", ports: ["eth0", "eth1"], options: { mode: "active-backup", miimon: 100, primary: "eth1" } },
    ]);
    expect(story).toEqual([]);
  });

  const self = bond("  bond-master bond0\n  bond-mode active-backup\n  bond-miimon 100\n  bond-slaves none\n");
  test("a bond that is its own master: none at all, with every line kept as an extra", () => {
    const { config, facts, textAt } = read(ports + self);
    expect(config.bonds).toEqual([]);
    expect(facts("self-master")).toMatchObject([{ bond: "bond0", outcome: "no-bond" }]);
    expect(textAt(facts("self-master")[0]?.at)).toBe("bond-master bond0");
    expect(facts("master-is-no-bond")).toHaveLength(2);
    expect(config.interfaces[2]?.extra.map((extra) => extra.key)).toEqual([
      "bond-master",
      "bond-mode",
      "bond-miimon",
      "bond-slaves",
    ]);
  });

  test("the same where loading the module made bond0: balance-rr, no monitor, and a ping that works", () => {
    const { config, facts, origins, textAt } = read(ports + self, 1);
    expect(config.bonds).toEqual([
      { name: "bond0", ports: ["eth0", "eth1"], options: { mode: "balance-rr", miimon: 0 } },
    ]);
    expect(facts("bond-from-module")).toHaveLength(1);
    expect(textAt(whereIs(origins, "bond/bond0/option/mode"))).toBe("bond-mode active-backup");
  });

  test("no address in a static stanza: ifup gives up before the hook, and there is no bond", () => {
    const { config, facts, textAt } = read(
      `${ports}auto bond0\niface bond0 inet static\n  bond-slaves none\n  bond-mode 1\n`,
    );
    expect(config.bonds).toEqual([]);
    expect(textAt(facts("missing-address")[0]?.at)).toBe("bond0 inet static");
    expect(facts("no-bond")).toMatchObject([{ cause: "missing-address" }]);
  });

  test("options on the ports only: the mode nobody wrote", () => {
    const { config, facts } = read(
      `${ports}  bond-mode active-backup\n  bond-miimon 100\n${bond("  bond-slaves none\n")}`,
    );
    expect(config.bonds[0]?.options).toEqual({ mode: "balance-rr", miimon: 0 });
    expect(facts("option-ignored-on-port")).toMatchObject([{ bondSays: "nothing" }, { bondSays: "nothing" }]);
  });

  test("bond options in both families, ports only listed: the second run leaves them down", () => {
    const six = "iface bond0 inet6 static\n  address 2001:db8::2/64\n  bond-slaves eth0 eth1\n";
    const { facts } = read(bond("  bond-slaves eth0 eth1\n  bond-mode 1\n") + six);
    expect(facts("bond-options-in-two-families")).toMatchObject([{ portsDown: ["eth0", "eth1"] }]);
    const none = read(bond("  bond-slaves eth0 eth1\n  bond-mode 1\n") + six.replace(/ {2}bond-slaves.*\n/, ""));
    expect(none.facts("bond-options-in-two-families")).toEqual([]);
  });

  test.each([
    ["bond-mode active-passive", "bad-value", { mode: "balance-rr" }],
    ["bond-mode 1\n  bond-updelay 200", "needs-miimon", { mode: "active-backup" }],
    ["bond-mode 1\n  bond-lacp-rate fast", "wrong-mode", { mode: "active-backup" }],
    ["bond-mode 1\n  bond-miimon 100 # ms", "bad-value", { mode: "active-backup", miimon: 0 }],
  ])("%s: refused, and the boot goes on", (lines, reason, options) => {
    const { config, facts } = read(bond(`  bond-slaves eth0\n  ${lines}\n`));
    expect(config.bonds[0]?.options).toEqual(options);
    expect(facts("option-refused")).toMatchObject([{ reason }]);
  });

  test("both monitors: miimon is written last and ends the other, unless it is 0", () => {
    const { config, facts } = read(
      bond(
        "  bond-slaves eth0\n  bond-mode 1\n  bond-miimon 100\n  bond-arp-interval 250\n  bond-arp-ip-target 10.0.0.1,10.0.0.2\n",
      ),
    );
    expect(config.bonds[0]?.options).toEqual({ mode: "active-backup", miimon: 100, arp_ip_target: ["10.0.0.1"] });
    expect(facts("monitor-overridden")).toHaveLength(1);
    expect(facts("targets-with-commas")).toMatchObject([{ installed: ["10.0.0.1"] }]);
    const off = read(bond("  bond-slaves eth0\n  bond-mode 1\n  bond-miimon 0\n  bond-arp-interval 250\n"));
    expect(off.config.bonds[0]?.options).toEqual({ mode: "active-backup", miimon: 0, arp_interval: 250 });
  });

  test("a misspelt option is kept and told with what was meant; one the kernel alone knows is told too", () => {
    const { config, facts } = read(bond("  bond-slaves eth0\n  bond-mode 1\n  bond-mimon 100\n  bond-min-links 1\n"));
    expect(config.interfaces[0]?.extra).toEqual([
      { key: "bond-mimon", value: "100" },
      { key: "bond-min-links", value: "1" },
    ]);
    expect(facts("unknown-bond-option")).toMatchObject([
      { suggestion: "bond-miimon" },
      { said: { option: "min_links" } },
    ]);
  });

  test("a port nobody starts is no port; one that udev starts is", () => {
    const text = `${bond("  bond-slaves none\n  bond-mode 1\n")}${ports.replace("auto eth0\n", "").replace("auto eth1", "allow-hotplug eth1")}`;
    const { config, facts } = read(text);
    expect(config.bonds[0]?.ports).toEqual(["eth1"]);
    expect(facts("never-started")).toMatchObject([{ iface: "eth0", bond: "bond0" }]);
    expect(facts("port-joins-when-plugged")).toMatchObject([{ port: "eth1" }]);
  });
});

describe("reading a file", () => {
  test.each([
    ["address 10.0.0.5/24", "ifupdown-orphan-option", "address 10.0.0.5/24"],
    ["iface eth0", "ifupdown-stanza-without-method", "iface eth0"],
    ["iface eth0 inet wifi", "ifupdown-unknown-method", "wifi"],
    ["iface eth0 inherits nobody", "ifupdown-inherits-nothing", "nobody"],
    ["iface eth0 inet manual\n  mtu", "ifupdown-empty-option", "mtu"],
    ["iface eth0 inet manual\n  mtu 1500 # jumbo", "ifupdown-comment-in-value", "# jumbo"],
    ["source /etc/network/interfaces", "ifupdown-source-cycle", "/etc/network/interfaces"],
    ["source /etc/network/missing", "ifupdown-source-missing", "/etc/network/missing"],
  ])("%s: %s", (text, code, at) => {
    const { syntax, textAt } = read(text);
    expect(syntax.map((one) => [one.code, textAt(one.at)])).toEqual([[code, at]]);
  });

  test("lines continue, comments do not, and places point into the text as it is", () => {
    const { document, textAt } = read("# a \\\niface eth0 \\\n  inet manual\n  up echo a \\\n# not a comment\n");
    const [stanza] = document.stanzas;
    if (stanza?.kind !== "iface") throw new Error("no stanza");
    expect(stanza.method?.text).toBe("manual");
    expect(textAt(stanza.method?.span)).toBe("manual");
    expect(stanza.options[0]?.value.text).toBe("echo a # not a comment");
  });

  test("source-directory takes only names ifupdown takes, in order, and says which it left", () => {
    const more = {
      "/etc/network/interfaces.d/b": "iface b inet manual\n",
      "/etc/network/interfaces.d/a": "iface a inet manual\n",
      "/etc/network/interfaces.d/a.cfg": "iface c inet manual\n",
    };
    const { document, syntax } = read("source-directory interfaces.d\niface z inet manual\n", 0, more);
    const names = document.stanzas.flatMap((one) => (one.kind === "iface" ? one.name.text : []));
    expect(names).toEqual(["a", "b", "z"]);
    expect(syntax.map((one) => one.code)).toEqual(["ifupdown-file-name-skipped"]);
  });

  test.each([
    ["address 10.1.2.3\n netmask 255.255.0.0", "10.1.2.3/16", []],
    ["address 10.1.2.3/24\n netmask 16", "10.1.2.3/16", []],
    ["address 10.1.2.3", "10.1.2.3/8", ["ifupdown-netmask-missing"]],
    ["address 10.1.2.3\n netmask 255.0.255.0", undefined, ["ifupdown-bad-netmask"]],
    ["address ten.one", undefined, ["ifupdown-bad-address"]],
  ])("%s is %s", (lines, address, codes) => {
    const { config, diagnostics } = read(`auto eth0\niface eth0 inet static\n ${lines}\n`);
    expect(config.interfaces[0]?.ipv4.addresses[0]).toBe(address);
    expect(diagnostics.map((one) => one.code)).toEqual(codes);
  });

  test("a key in clear text is a secret, and its quotes are not part of it", () => {
    const parsed = ifupdown.parse(
      new Map([[path, 'auto wlan0\niface wlan0 inet dhcp\n wpa-ssid house\n wpa-psk "hush hush"\n']]),
    );
    const psk = parsed.config.interfaces[0]?.wifi?.psk;
    expect(psk !== undefined && "inline" in psk && psk.inline.reveal()).toBe("hush hush");
    expect(JSON.stringify(parsed)).not.toContain("hush hush");
  });
});

describe("what the hook for ifup drops", () => {
  const none = { method: "none", addresses: [] } as const;
  const wlan0 = (settings: Record<string, string>) => ({
    ...emptyConfig,
    interfaces: [
      {
        name: "wlan0",
        start: "boot" as const,
        ipv4: { method: "manual" as const, addresses: [] },
        ipv6: none,
        hooks: [],
        extra: [],
        wifi: { ssid: "house", settings },
      },
    ],
  });

  test("isn't written, and the loss says what becomes of it", () => {
    const { files, losses } = ifupdown.render(wlan0({ key_mgmt: "SAE", ieee80211w: "2" }));
    expect(files.get(path)).toContain("wpa-key-mgmt SAE");
    expect(files.get(path)).not.toContain("ieee80211w");
    expect(losses.map(({ message }) => message.includes("never joined"))).toEqual([true]);
  });

  test("takes no port out of its bond: no-scripts on one isn't written", () => {
    const [em1] = wlan0({}).interfaces;
    if (em1 === undefined) throw new Error("no interface");
    const port = {
      ...em1,
      name: "em1",
      bridge: { ports: [], settings: {} },
      extra: [{ key: "no-scripts", value: "yes" }],
    };
    const bonds = [{ name: "bond0", ports: ["em1"], options: {} }];
    const { files, losses } = ifupdown.render({ ...emptyConfig, bonds, interfaces: [port] });
    expect(losses.map(({ about }) => about)).toContain("interface/em1/extra");
    expect(ifupdown.parse(files).config.bonds.map(({ ports }) => ports)).toEqual([["em1"]]);
  });

  test("takes no port out of its bond: one that is no bond after all isn't written as a VLAN", () => {
    const text =
      "auto bond0\niface bond0 inet manual\n slaves 1\niface bond0 inet manual\n vlan-raw-device 0\n bond-master bond1\niface bond1 inet manual\n bond-mode 2\n";
    const { files, losses } = ifupdown.render(read(text).config);
    expect(losses.map(({ about }) => about)).toContain("interface/bond0/extra");
    expect(ifupdown.parse(files).config.bonds.map(({ ports }) => ports)).toEqual([["bond0"]]);
  });

  test("masks no setting of a bridge: what stood in another stanza, and took nothing there, isn't written beside it", () => {
    const text =
      "iface br0 inet manual\n bridge_ports none\n bridge_fd 5\niface br0 inet manual\n bridge-fd d\n bridge-x 1\n";
    const { files, losses } = ifupdown.render(read(text).config);
    expect(losses.map(({ message }) => message)).toEqual([expect.stringContaining('"bridge-fd" is left out')]);
    expect(ifupdown.parse(files).config.interfaces[0]?.bridge?.settings).toEqual({ forward_delay: "5" });
  });

  test("is no setting of the radio's when it is read", () => {
    const { config } = read(
      "auto wlan0\niface wlan0 inet manual\n wpa-ssid house\n wpa-ieee80211w 2\n wpa-scan-ssid 1\n",
    );
    expect(config.interfaces[0]?.wifi?.settings).toEqual({ scan_ssid: "1" });
  });
});

describe("writing a file", () => {
  const none = { method: "none", addresses: [] } as const;
  const iface = (name: string, more: Partial<Interface> = {}): Interface => ({
    name,
    start: "boot",
    ipv4: { method: "manual", addresses: [] },
    ipv6: none,
    hooks: [],
    extra: [],
    ...more,
  });

  test("lists the ports in the bond's stanza and lets each find its bond again", () => {
    const bonds = [
      {
        name: "bond0",
        ports: ["eth0", "eth1"],
        options: { mode: "active-backup", miimon: 100, primary: "eth0" } as const,
      },
    ];
    const ipv4 = { method: "static", addresses: ["192.168.7.2/24"], gateway: "192.168.7.1" } as const;
    const interfaces = [iface("eth0", { start: "hotplug" }), iface("bond0", { ipv4 })];
    const { files, losses } = ifupdown.render({ ...emptyConfig, bonds, interfaces });
    expect(losses).toEqual([]);
    expect(files.get(path)?.split("\n").slice(2)).toEqual([
      "auto bond0",
      "allow-hotplug eth0",
      "",
      "allow-bond0 eth0",
      "iface eth0 inet manual",
      "    bond-master bond0",
      "    bond-primary eth0",
      "",
      "iface bond0 inet static",
      "    address 192.168.7.2/24",
      "    gateway 192.168.7.1",
      "    bond-slaves eth0 eth1",
      "    bond-mode active-backup",
      "    bond-primary eth0",
      "    bond-miimon 100",
      "",
    ]);
  });

  test.each([
    [{ mode: "active-backup", min_links: 1 }, "min_links 1"],
    [{ mode: "active-backup", lacp_rate: "fast" }, "mode active-backup"],
    [{ mode: "active-backup", updelay: 200 }, "miimon is 0"],
    [{ mode: "active-backup", primary: "wlan9" }, "not a port"],
  ])("%j: what cannot hold is left out, and said", (options, words) => {
    const { losses } = ifupdown.render({
      ...emptyConfig,
      bonds: [{ name: "bond0", ports: ["eth0"], options: options as never }],
    });
    expect(losses).toHaveLength(1);
    expect(losses[0]?.message).toContain(words);
  });

  test("values that would be lines are left out or kept as values", () => {
    const nasty = iface("eth0", {
      hooks: [{ when: "up", command: "true\nauto evil" }],
      extra: [
        { key: "auto", value: "evil" },
        { key: "note", value: "ends in \\" },
        { key: "bond-mode", value: "1" },
      ],
    });
    const { files, losses } = ifupdown.render({ ...emptyConfig, interfaces: [nasty] });
    expect(files.get(path)).not.toContain("evil");
    expect(losses).toHaveLength(3);
    expect(ifupdown.parse(files).config.interfaces[0]?.extra).toEqual([{ key: "note", value: "ends in \\" }]);
  });

  test("a name that would make a VLAN of something nobody spoke of is not written", () => {
    const torn = iface("bond0.10", { vlan: { parent: "eth0", id: 4096 } });
    const { files, losses } = ifupdown.render({ ...emptyConfig, interfaces: [torn] });
    expect(files.get(path)).not.toContain("bond0");
    expect(losses.map(({ about }) => about)).toEqual(["interface/bond0.10"]);
  });
});
