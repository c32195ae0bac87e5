import { describe, expect, test } from "vitest";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import { optionNames } from "../../model/options.ts";
import { iproute2 } from "./iproute2.ts";
import { scriptPath } from "./render.ts";
import { spellingOf } from "./spelling.ts";

function read(...lines: readonly string[]) {
  return iproute2.parse(new Map([["/root.sh", lines.join("\n")]]));
}

function codes(...lines: readonly string[]): readonly string[] {
  return read(...lines).diagnostics.map(({ code, severity }) => `${severity} ${code}`);
}

function iface(name: string, more: Partial<Interface> = {}): Interface {
  const none = { method: "none", addresses: [] } as const;
  return { name, start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [], ...more };
}

const joined = ["ip link set eth0 down", "ip link set eth0 master bond0"];
const meant = { name: "bond0", ports: ["eth0"], options: { mode: "active-backup", miimon: 100 } };

describe("a bond by commands", () => {
  test.each([
    ["ip link", ["ip link add bond0 type bond mode active-backup miimon 100", ...joined]],
    [
      "ip link with everything spelt out",
      [
        "/sbin/ip link add name bond0 type bond mode 1 miimon 100",
        "sudo -n ip l s dev eth0 down",
        "sudo ip li set dev eth0 master bond0",
      ],
    ],
    [
      "options later",
      [
        "ip link add bond0 type bond",
        "ip link set bond0 type bond mode active-backup",
        "ip link set bond0 type bond miimon 100",
        ...joined,
      ],
    ],
    [
      "files of sysfs",
      [
        "modprobe bonding",
        "echo +bond0 > /sys/class/net/bonding_masters",
        "echo active-backup > /sys/class/net/bond0/bonding/mode",
        "echo 100 >/sys/class/net/bond0/bonding/miimon",
        "ip link set eth0 down",
        "echo +eth0 > /sys/class/net/bond0/bonding/slaves",
      ],
    ],
    [
      "module parameters and ifenslave",
      ["modprobe bonding mode=active-backup miimon=100 max_bonds=1", "ifenslave bond0 eth0"],
    ],
    [
      "variables and a loop",
      [
        "B=bond0",
        'M="active-backup"',
        "ip link add $B type bond mode \u0024{M} miimon 100",
        "for p in eth0; do",
        '  ip link set $p down; ip link set "$p" master $B',
        "done",
      ],
    ],
    [
      "variables that are exported or made read-only",
      ["export B=bond0", "readonly M=active-backup", "ip link add $B type bond mode $M miimon 100", ...joined],
    ],
    ["a continued line", ["ip link add bond0 type bond \\", "  mode active-backup miimon 100", ...joined]],
    [
      "conditions that hold",
      ["[ -e /sys/class/net/bond0 ] || ip link add bond0 type bond mode active-backup miimon 100", ...joined],
    ],
  ])("%s", (_, lines) => {
    const { config, diagnostics } = read(...lines);
    expect(config.bonds).toEqual([meant]);
    expect(diagnostics).toEqual([]);
  });

  test("a variable that is unset, or read, is not what it was", () => {
    for (const line of ["unset B", "read -r B"]) {
      const { config, diagnostics } = read("B=bond0", line, "ip link add $B type bond mode active-backup");
      expect(config.bonds).toEqual([]);
      expect(diagnostics.map(({ code }) => code)).toEqual(["script-not-followed"]);
    }
  });

  test("an interface may be called like a word of ip", () => {
    const { config } = read(
      "ip link add name type type bond mode active-backup",
      "ip link set dev up down",
      "ip link set dev up master type",
      "ip link set dev dev up",
    );
    expect(config.bonds).toEqual([{ name: "type", ports: ["up"], options: { mode: "active-backup" } }]);
    expect(config.interfaces.map(({ name }) => name).toSorted()).toEqual(["dev", "type", "up"]);
  });

  test("the later monitor turns the earlier one off", () => {
    const { config } = read(
      "ip link add bond0 type bond miimon 100",
      "ip link set bond0 type bond arp_interval 500 arp_ip_target 10.0.0.1",
    );
    expect(config.bonds[0]?.options).toEqual({ arp_interval: 500, arp_ip_target: ["10.0.0.1"] });
  });

  test.each([
    ["arp_interval in 802.3ad", ["ip link add bond0 type bond mode 802.3ad arp_interval 0"]],
    ["both monitors", ["ip link add bond0 type bond miimon 100 arp_interval 100"]],
    ["a delay without a monitor", ["ip link add bond0 type bond updelay 100"]],
    ["a word ip doesn't know", ["ip link add bond0 type bond peer_notif_delay 100"]],
    ["a value the kernel doesn't take", ["ip link add bond0 type bond mode failover"]],
  ])("there is none with %s", (_, lines) => {
    const { config, diagnostics } = read(...lines);
    expect(config.bonds).toEqual([]);
    expect(diagnostics.some(({ severity }) => severity === "error")).toBe(true);
  });

  test.each([
    [
      "a port that is up",
      ["ip link add bond0 type bond", "ip link set eth0 up", "ip link set eth0 master bond0"],
      "error joins-while-up",
    ],
    [
      "a port that may be up",
      ["ip link add bond0 type bond", "ip link set eth0 master bond0"],
      "warning joins-while-up",
    ],
    [
      "a mode that comes too late",
      ["ip link add bond0 type bond", ...joined, "ip link set bond0 type bond mode 1"],
      "error bond-command-refused",
    ],
    ["a bond that nobody makes", joined, "warning master-not-made"],
    ["a bond made twice", ["ip link add bond0 type bond", "ip link add bond0 type bond mode 1"], "warning link-exists"],
    [
      "parameters for a loaded module",
      ["ip link add bond0 type bond", "modprobe bonding mode=1"],
      "warning module-options-too-late",
    ],
    ["a value only a shell knows", ["ip link add $(cat name) type bond"], "warning script-not-followed"],
    [
      "a loop over what is there",
      ["for i in /sys/class/net/*; do", "ip link set $i up", "done"],
      "warning script-not-followed",
    ],
    ["a condition", ["if ip link show bond0; then", "ip link set bond0 up", "fi"], "advice script-condition"],
    ["a function", ["up() {", "ip link set bond0 up", "}"], "warning script-function"],
    ["another namespace", ["ip -n blue link add bond0 type bond"], "warning script-not-followed"],
  ])("%s: told", (_, lines, code) => {
    expect(codes(...lines)).toContain(code);
  });
});

describe("addresses and links by commands", () => {
  test("are what is left at the end", () => {
    const { config } = read(
      "ip link add br0 type bridge stp_state 1 forward_delay 200",
      "ip link add link bond0 name bond0.10 type vlan id 10",
      "ip link set dev br0 mtu 1400 address 02:00:00:00:00:01 up",
      "ip link set eth5 master br0",
      "ip a add 10.0.0.9/24 dev br0",
      "ip addr flush dev br0",
      "ip addr add 10.0.0.2/24 brd + dev br0",
      "ip -6 addr add 2001:db8::2/64 dev br0",
      "ip route add default via 10.0.0.1",
      "ip r replace 172.16.0.0/12 via 10.0.0.254 dev br0 metric 5",
      "ip route replace 172.16.0.0/12 via 10.0.0.253 dev br0 metric 5",
      "sysctl -qw net.ipv6.conf.br0.accept_ra=0",
      "dhclient -4 bond0.10",
    );
    const by = new Map(config.interfaces.map((one) => [one.name, one]));
    expect(by.get("br0")).toMatchObject({
      mtu: 1400,
      mac: "02:00:00:00:00:01",
      bridge: { ports: ["eth5"], settings: { stp_state: "1", forward_delay: "2" } },
      ipv4: {
        addresses: ["10.0.0.2/24"],
        routes: [
          { to: "default", via: "10.0.0.1" },
          { to: "172.16.0.0/12", via: "10.0.0.253", metric: 5 },
        ],
      },
      ipv6: { addresses: ["2001:db8::2/64"], acceptRa: false },
    });
    expect(by.get("bond0.10")).toMatchObject({ vlan: { parent: "bond0", id: 10 }, ipv4: { method: "dhcp" } });
  });

  test("have ports in the order in which they joined, whatever was named first", () => {
    const { config } = read(
      "ip link set wlan0 down",
      "ip link add bond0 type bond",
      ...joined,
      "ip link set wlan0 master bond0",
      "ip link add br0 type bridge",
      "ip link set eth2 master br0",
      "ip link set bond0 master br0",
    );
    expect(config.bonds[0]?.ports).toEqual(["eth0", "wlan0"]);
    expect(config.interfaces.find(({ name }) => name === "br0")?.bridge?.ports).toEqual(["eth2", "bond0"]);
  });

  test("older commands are understood", () => {
    const { config } = read(
      "brctl addbr br0",
      "brctl addif br0 eth0",
      "ifconfig br0 10.0.0.2 netmask 255.255.252.0 up",
    );
    expect(config.interfaces.map(({ name, ipv4, bridge }) => [name, ipv4.addresses, bridge?.ports])).toEqual([
      ["br0", ["10.0.0.2/22"], ["eth0"]],
      ["eth0", [], undefined],
    ]);
  });
});

describe("writing a script", () => {
  const config: Config = {
    ...emptyConfig,
    bonds: [
      {
        name: "bond0",
        ports: ["eth0"],
        options: { mode: "active-backup", primary: "eth0", miimon: 100, num_peer_notif: 3 },
      },
    ],
    interfaces: [
      iface("bond0", {
        ipv4: { method: "static", addresses: ["192.168.1.105/24"], gateway: "192.168.1.254" },
        dns: { servers: ["9.9.9.9"], search: [] },
      }),
    ],
  };

  test("that may be run again, and stops at the first error", () => {
    const { files } = iproute2.render(config);
    const lines = files
      .get(scriptPath)
      ?.split("\n")
      .filter((line) => !line.startsWith("# "));
    expect(lines).toEqual([
      "#!/bin/sh",
      "set -eu",
      "",
      "[ -e /sys/class/net/bond0 ] || ip link add name bond0 type bond mode active-backup num_grat_arp 3 miimon 100",
      "[ -e /sys/class/net/bond0/lower_eth0 ] || ip address flush dev eth0",
      "[ -e /sys/class/net/bond0/lower_eth0 ] || ip link set dev eth0 down",
      "[ -e /sys/class/net/bond0/lower_eth0 ] || ip link set dev eth0 master bond0",
      "ip link set dev bond0 type bond primary eth0",
      "ip link set dev bond0 up",
      "",
      "ip address replace 192.168.1.105/24 dev bond0",
      "ip route replace default via 192.168.1.254 dev bond0",
      "",
    ]);
  });

  test("what ip cannot do is told, with the command that does", () => {
    const { losses } = iproute2.render({
      ...config,
      interfaces: [
        iface("bond0", { ipv4: { method: "dhcp", addresses: [] }, dns: { servers: ["9.9.9.9"], search: [] } }),
      ],
    });
    expect(losses.map(({ about }) => about)).toEqual(["interface/bond0/dns", "interface/bond0/ipv4/method"]);
    expect(losses[1]?.hint).toContain("dhclient -4 bond0");
  });

  test("an option younger than Debian 12's ip doesn't stop the script", () => {
    const { files } = iproute2.render({
      ...config,
      bonds: [{ name: "bond0", ports: [], options: { mode: "802.3ad", coupled_control: 0 } }],
    });
    expect(files.get(scriptPath)).toContain(
      'ip link set dev bond0 type bond coupled_control off || echo "bond0: this ip or kernel cannot set coupled_control" >&2',
    );
  });

  test("a name that a shell or a path would take for something else is not written", () => {
    const evil = {
      ...config,
      bonds: [{ name: "a;reboot", ports: ["$(id)", "-x", "all"], options: {} }],
      interfaces: [],
    };
    const { files, losses } = iproute2.render(evil);
    expect(files.get(scriptPath)).not.toMatch(/reboot|\$\(|all/);
    expect(losses.map(({ about }) => about)).toEqual(["bond/a;reboot"]);
  });

  test("thousands of redirections on one line are read in time that grows with their number", () => {
    const start = process.cpuUsage();
    iproute2.parse(new Map([[scriptPath, `echo "1${' > kernel cannot set prio"'.repeat(20_000)}`]]));
    const { user, system } = process.cpuUsage(start);
    // A tenth of it where the line is read once, half a minute where it is read once for each of them.
    expect((user + system) / 1e6).toBeLessThan(5);
  });

  test("a script is read to its end, however long, and what follows a loop that goes on and on, too", () => {
    const text = (commands: string) => new Map([[scriptPath, `${commands}ip link add bond0 type bond\n`]]);
    const bondsOf = (commands: string) => iproute2.parse(text(commands)).config.bonds.length;
    expect(bondsOf("ip link set dev eth0 up\n".repeat(30_000))).toBe(1);
    const words = Array.from({ length: 200 }, (_, index) => index).join(" ");
    const endless = `for a in ${words}; do for b in ${words}; do ip link set dev eth0 up; done; done\n`;
    expect(bondsOf(endless)).toBe(1);
    expect(iproute2.parse(text(endless)).diagnostics).toMatchObject([
      { code: "script-not-followed", message: expect.stringContaining("20000 commands") },
      { code: "script-not-followed" },
    ]);
  });

  test.each(optionNames)("%s has a word", (option) => {
    expect(iproute2.spellings[option]).toContain(spellingOf(option).word);
  });
});

test("lo with nothing but what ip cannot say of it is not written, as lo with nothing", () => {
  const lo = iface("lo", { extra: [{ key: "description", value: "!" }] });
  const { files, losses } = iproute2.render({ ...emptyConfig, interfaces: [lo] });
  expect(files).toEqual(iproute2.render(emptyConfig).files);
  expect(losses).toHaveLength(1);
});
