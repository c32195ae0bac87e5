import { describe, expect, test } from "vitest";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import { detectDialect } from "../registry.ts";
import { ifupdown2 } from "./ifupdown2.ts";
import { namesOfRange, portsOf } from "./ranges.ts";

const path = "/etc/network/interfaces";

function read(...lines: readonly string[]): ReturnType<typeof ifupdown2.parse> {
  return ifupdown2.parse(new Map([[path, lines.join("\n")]]));
}

function face(lines: readonly string[], name: string): Interface | undefined {
  return read(...lines).config.interfaces.find((one) => one.name === name);
}

function codes(...lines: readonly string[]): readonly string[] {
  return read(...lines).diagnostics.map(({ code }) => code);
}

const none = { method: "none", addresses: [] } as const;

function hostWith(more: Partial<Config["bonds"][number]["options"]>): Config {
  return { ...emptyConfig, bonds: [{ name: "bond0", ports: ["eth0", "wlan0"], options: more }] };
}

describe("what ifupdown2 makes of a file", () => {
  test("a bond by its own list, underscores or hyphens, words or numbers", () => {
    const { config } = read(
      "auto bond0",
      "iface bond0",
      " bond_ports eth0 glob eth1-2",
      " bond-mode 1",
      " bond-use-carrier yes",
    );
    expect(config.bonds).toEqual([
      { name: "bond0", ports: ["eth0", "eth1", "eth2"], options: { mode: "active-backup", use_carrier: 1 } },
    ]);
  });

  test("no bond by bond-master, and the article's options without effect are told", () => {
    const { config, diagnostics } = read(
      "iface bond0 inet manual",
      " bond-slaves none",
      " bond-mode active-backup",
      " bond-fail-over-mac active",
      " bond-arp-interval 1000",
      "iface eth0 inet manual",
      " bond-master bond0",
    );
    expect(config.bonds).toEqual([{ name: "bond0", ports: [], options: { mode: "active-backup" } }]);
    const said = diagnostics.map(({ message }) => message).join("\n");
    for (const word of ['"none"', "bond-fail-over-mac", "bond-arp-interval", "bond-master"])
      expect(said).toContain(word);
  });

  test("one refused option costs the bond", () => {
    const lines = ["iface bond0", " bond-slaves eth0", " bond-mode balance-rr", " bond-primary eth0"];
    expect(read(...lines).config.bonds).toEqual([]);
    expect(codes(...lines)).toContain("ifupdown2-no-bond");
  });

  test("auto counts for the stanzas below it", () => {
    expect(face(["auto a", "iface a inet manual"], "a")?.start).toBe("boot");
    expect(face(["iface a inet manual", "auto a"], "a")?.start).toBe("manual");
    expect(codes("iface a inet manual", "auto a")).toEqual(["ifupdown2-auto-too-late"]);
  });

  test("addresses of both families in one stanza, none beside dhcp, a netmask for the address above it", () => {
    const both = face(
      ["iface a inet static", " address 192.0.2.1", " netmask 255.255.255.0", " address 2001:db8::1/64"],
      "a",
    );
    expect([both?.ipv4.addresses, both?.ipv6.addresses]).toEqual([["192.0.2.1/24"], ["2001:db8::1/64"]]);
    expect(face(["iface a inet dhcp", " address 192.0.2.1/24"], "a")?.ipv4).toEqual({ method: "dhcp", addresses: [] });
    expect(face(["iface a", " netmask 255.255.255.0", " address 192.0.2.1"], "a")?.ipv4.addresses).toEqual([
      "192.0.2.1/32",
    ]);
    expect(face(["iface a", " address 192.0.2.1/24", " address here"], "a")?.ipv4.addresses).toEqual([]);
  });

  test("what is in a bond or bridge gets no address", () => {
    const lines = ["iface eth0 inet static", " address 192.0.2.1/24", "iface br0", " bridge-ports eth0"];
    expect(face(lines, "eth0")?.ipv4.addresses).toEqual([]);
    expect(codes(...lines)).toEqual(["ifupdown2-port-address"]);
  });

  test("bridges have the kernel's words, and VLANs their number from the name", () => {
    const lines = [
      "iface br0",
      " bridge-ports bond0.10",
      " bridge-stp off",
      " bridge-fd 0",
      " bridge-vlan-aware yes",
      " bridge-vids 2-99",
      "iface bond0.10",
      "iface vlan7",
      " vlan-raw-device eth0",
    ];
    expect(face(lines, "br0")?.bridge).toEqual({
      ports: ["bond0.10"],
      settings: { stp_state: "0", forward_delay: "0", vlan_filtering: "1" },
    });
    expect(face(lines, "br0")?.extra).toEqual([{ key: "bridge-vids", value: "2-99", from: "ifupdown2" }]);
    expect(face(lines, "bond0.10")?.vlan).toEqual({ parent: "bond0", id: 10 });
    expect(face(lines, "vlan7")?.vlan).toEqual({ parent: "eth0", id: 7 });
  });

  test("a template is told and not run", () => {
    expect(codes("% for i in range(3):", "auto swp$" + "{i}", "% endfor")).toContain("ifupdown2-template");
  });

  test("a backslash is a blank, also between lines", () => {
    expect(face(["iface a", " up echo one \\", "   two"], "a")?.hooks).toEqual([
      { when: "up", command: "echo one two" },
    ]);
  });

  test("ranges and lists of ports", () => {
    expect(namesOfRange("swp[1-3].100")).toEqual(["swp1.100", "swp2.100", "swp3.100"]);
    expect(portsOf("glob swp1-3 eth0 regex (a|b)")).toEqual({
      ports: ["swp1", "swp2", "swp3", "eth0"],
      odd: ["regex (a|b)"],
    });
  });
});

describe("what is lost on the way to ifupdown2", () => {
  test("not the MAC policy: a command at the port that comes first makes the bond with it, and is read as that", () => {
    const { files, losses } = ifupdown2.render(
      hostWith({ mode: "active-backup", miimon: 100, fail_over_mac: "active" }),
    );
    // What `ifup bond0` by itself would forget of it is told, with the command that doesn't.
    expect(losses).toMatchObject([{ severity: "warning", hint: expect.stringContaining("ifup eth0 bond0") }]);
    expect(losses[0]?.message).toMatch(/fail_over_mac active holds .* not after ifdown bond0 and a plain ifup bond0/);
    expect(files.get(path)).toContain(
      "iface eth0 inet manual\n\tpre-up ip link add bond0 type bond mode active-backup fail_over_mac active || true\n",
    );
    const { config, origins } = ifupdown2.parse(files);
    expect(config.bonds[0]?.options).toMatchObject({ fail_over_mac: "active" });
    expect(config.interfaces.flatMap(({ hooks }) => hooks)).toEqual([]);
    expect(origins.get("bond/bond0/option/fail_over_mac")?.file).toBe(path);
  });

  test("the command says the primary, too, and stands there: of a bond that is there, ifupdown2 leaves it aside", () => {
    const options = { mode: "active-backup", miimon: 100, fail_over_mac: "active", primary: "wlan0" } as const;
    const text = ifupdown2.render(hostWith(options)).files.get(path) ?? "";
    const line = "pre-up ip link add bond0 type bond mode active-backup fail_over_mac active primary wlan0 || true";
    expect(text).toContain(`iface wlan0 inet manual\n\t${line}\n`);
    // Without the primary that the stanza says, the policy comes at its price: it stays what it is, a command.
    const other = ifupdown2.parse(new Map([[path, text.replace(" primary wlan0 ||", " ||")]])).config;
    expect(other.bonds[0]?.options).not.toHaveProperty("fail_over_mac");
    expect(other.interfaces.flatMap(({ hooks }) => hooks)).toHaveLength(1);
  });

  test("the MAC policy in a mode where the command isn't known to help, with what follows", () => {
    const [loss] = ifupdown2.render(hostWith({ mode: "balance-xor", miimon: 100, fail_over_mac: "active" })).losses;
    expect(loss).toMatchObject({ about: "bond/bond0/option/fail_over_mac", severity: "error" });
    expect(loss?.message).toContain("does not join");
  });

  test("the ARP monitor: a line of the bond's own sets it, so that `ifup bond0` by itself has it too", () => {
    const { files, losses } = ifupdown2.render(
      hostWith({
        mode: "active-backup",
        primary: "eth0",
        fail_over_mac: "active",
        arp_interval: 500,
        arp_ip_target: ["192.0.2.1", "192.0.2.2"],
        arp_validate: "all",
      }),
    );
    const monitor = "arp_interval 500 arp_ip_target 192.0.2.1,192.0.2.2 arp_validate all";
    const text = files.get(path) ?? "";
    expect(text).toContain(
      "\tpre-up ip link add bond0 type bond mode active-backup fail_over_mac active primary eth0 || true\n",
    );
    expect(text).toContain(`\tbond-primary eth0\n\tup ip link set $IFACE type bond ${monitor}\n`);
    expect(text).not.toContain("bond-miimon");
    expect(losses.filter(({ about }) => !about.endsWith("/fail_over_mac"))).toEqual([]);
    // A file of the kind that says all of it at the port has the same meaning.
    const older = text
      .replace(`\tup ip link set $IFACE type bond ${monitor}\n`, "")
      .replace(" primary eth0 ||", ` ${monitor}$&`);
    const { config } = ifupdown2.parse(files);
    expect(ifupdown2.parse(new Map([[path, older]])).config).toEqual(config);
    expect(config.bonds[0]?.options).toMatchObject({ arp_interval: 500, arp_validate: "all", fail_over_mac: "active" });
    expect(config.interfaces.flatMap(({ hooks }) => hooks)).toEqual([]);
  });

  test("an ARP monitor that could ask nobody: the bond is not left without any monitor", () => {
    const { files, losses } = ifupdown2.render(
      hostWith({ mode: "active-backup", arp_interval: 1000, ns_ip6_target: ["2001:db8::1"] }),
    );
    expect(files.get(path)).toContain("bond-miimon 100");
    expect(losses.map(({ about }) => about.split("/").at(-1)).toSorted()).toEqual([
      "arp_interval",
      "miimon",
      "ns_ip6_target",
    ]);
  });

  test("a command that says of the bond what its stanza doesn't is a command", () => {
    const text =
      "auto eth0\niface eth0\n pre-up ip link add bond0 type bond mode balance-rr resend_igmp 3 || true\n\nauto bond0\niface bond0\n bond-slaves eth0\n bond-mode active-backup\n bond-miimon 100\n";
    const { config } = ifupdown2.parse(new Map([[path, text]]));
    expect(config.bonds[0]?.options).toEqual({ mode: "active-backup", miimon: 100 });
    expect(config.interfaces.flatMap(({ hooks }) => hooks)).toHaveLength(1);
  });

  test("a delay without a monitor would cost the bond", () => {
    const { files, losses } = ifupdown2.render(hostWith({ mode: "802.3ad", updelay: 200 }));
    expect(files.get(path)).not.toContain("updelay");
    expect(losses.map(({ about }) => about)).toEqual(["bond/bond0/option/updelay"]);
  });

  test("a command that Mako would run, once the file has a percent sign", () => {
    const hooks = [
      { when: "up", command: "echo $" + "{1+1}" },
      { when: "up", command: "date +%s" },
    ] as const;
    const config = {
      ...emptyConfig,
      interfaces: [{ name: "a", start: "boot", ipv4: none, ipv6: none, hooks, extra: [] }],
    } as Config;
    const { files, losses } = ifupdown2.render(config);
    expect(files.get(path)).not.toContain("1+1");
    expect(losses.map(({ about }) => about)).toEqual(["interface/a/hooks"]);
  });
});

test("a file is ifupdown2's by what only ifupdown2 has", () => {
  const languageOf = (...lines: string[]) => detectDialect(new Map([[path, lines.join("\n")]]))?.name;
  expect(languageOf("iface bond0 inet manual", " bond-slaves eth0")).toBe("ifupdown");
  expect(languageOf("iface bond0", " bond-slaves eth0")).toBe("ifupdown2");
  expect(languageOf("iface vmbr0 inet static", " bridge-vlan-aware yes")).toBe("ifupdown2");
});

test("of two commands for router advertisements the last one counts", () => {
  const command = (value: number) => ` up sysctl -qw net/ipv6/conf/$IFACE/accept_ra=${value}`;
  const text = ["iface eth0", command(0), command(1)].join("\n");
  const [iface] = ifupdown2.parse(new Map([[path, text]])).config.interfaces;
  expect(iface?.ipv6.acceptRa).toBe(true);
  expect(iface?.hooks).toEqual([]);
});

test("lo is a plain loopback too where what was said of it could not be written", () => {
  const extra = [{ key: "bond-mode", value: "yes" }];
  const config = {
    ...emptyConfig,
    interfaces: [{ name: "lo", start: "boot", ipv4: none, ipv6: none, hooks: [], extra }],
  } as Config;
  expect(ifupdown2.render(config).files.get(path)).toContain("iface lo inet loopback");
});

test("a command that would make a bond stands where it stood, whatever the other family runs", () => {
  const making = "pre-up ip link add bond1 type bond mode active-backup fail_over_mac active || true";
  const first = ifupdown2.render(
    read("iface eth0 inet6 dhcp", " post-up true", "iface eth0 inet", ` ${making}`, " x-note 1").config,
  );
  expect(first.files.get(path)).toContain(`\t${making}\n\tx-note 1\n`);
  expect(ifupdown2.render(ifupdown2.parse(first.files).config).files).toEqual(first.files);
});

test("a line that begins with a no-break space, as pasted from a page, is not read, and told", () => {
  const { config, diagnostics } = read("auto eth0", "iface eth0 inet static", "\u00a0\u00a0address 192.0.2.1/24");
  expect(diagnostics.map(({ code }) => code)).toEqual(["ifupdown2-not-read"]);
  expect(config.interfaces[0]?.extra).toEqual([]);
});
