import { describe, expect, it } from "vitest";
import { iproute2 } from "./iproute2/iproute2.ts";
import { netplan } from "./netplan/netplan.ts";
import { wicked } from "./wicked/wicked.ts";

/** Processor time of a reading, ms: a crowded machine makes it longer, but not twenty times. */
function readingMs(read: () => unknown): number {
  const before = process.cpuUsage();
  read();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

describe("a large host", () => {
  const bond =
    "  ethernets: {eth0: {}, eth1: {}}\n  bonds:\n    bond0:\n      interfaces: [eth0, eth1]\n      parameters: {mode: active-backup}\n";
  const vlan = (index: number) =>
    `    v${index}:\n      id: ${index}\n      link: bond0\n      addresses: [10.0.0.1/24]\n`;

  it("has as many VLANs as there can be, and netplan reads them all", () => {
    const text = `network:\n${bond}  vlans:\n${lines(4094, (index) => vlan(index + 1))}`;
    const { config, diagnostics } = netplan.parse(new Map([["/etc/netplan/a.yaml", text]]));
    expect(diagnostics).toEqual([]);
    expect(config.interfaces.filter(({ name }) => name.startsWith("v"))).toHaveLength(4094);
  });

  it("is refused where a whole YAML parser would take long over it, and told what is read instead", () => {
    const text = `network:\n${bond}  vlans: &all\n${lines(4094, (index) => vlan(index + 1))}`;
    const { diagnostics } = netplan.parse(new Map([["/etc/netplan/a.yaml", text]]));
    expect(diagnostics).toMatchObject([{ code: "yaml-too-large", hint: expect.stringContaining("plain block style") }]);
  });
});

describe("files that would cost much", () => {
  it("follows an alias without going through the whole file for each", () => {
    // Twice as many nodes with every line; 3.6 s when each alias was looked for by itself.
    const text = `a0: &a0 {x: 1}\n${lines(300, (index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}]\n`)}`;
    expect(readingMs(() => netplan.parse(new Map([["/etc/netplan/a.yaml", text]])))).toBeLessThan(1500);
  });

  it("looks for the end of a brace that is never closed once in a line", () => {
    // 17 s for the whole of `check`.
    const text = `ip link add bond0 type bond\n${"${".repeat(50_000)}`;
    expect(readingMs(() => iproute2.parse(new Map([["/x.sh", text]])))).toBeLessThan(1500);
  });

  it("goes to the one brace that closes, far away, once", () => {
    // 7 s when each of them went there and back to the end of its quotes.
    const text = `${'"${"'.repeat(50_000)}}\n`;
    expect(readingMs(() => iproute2.parse(new Map([["/x.sh", text]])))).toBeLessThan(1500);
  });

  it("finds each word of a text that is pieced together from quotes without going through all pieces", () => {
    // 400 ms for a fifth of it, and four times that for each double; found by fuzzing.
    const text = `BONDING_MASTER=yes\nBONDING_MODULE_OPTS='mode=1${lines(20_000, (index) => `\nMTU='${index}'`)}`;
    expect(readingMs(() => wicked.parse(new Map([["/etc/sysconfig/network/ifcfg-bond0", text]])))).toBeLessThan(1500);
  });

  it("sees that a long row of digits is no number without going through it from each of them", () => {
    // 20 s; found by fuzzing.
    const text = `network:\n  ethernets:\n    eth0:\n      addresses: [${"1".repeat(100_000)}0.0.1.10/24]\n`;
    expect(readingMs(() => netplan.parse(new Map([["/etc/netplan/a.yaml", text]])))).toBeLessThan(1500);
  });

  it("knows who reaches a router without asking every address", () => {
    // 3.6 s when every address was read again for every route.
    const text =
      lines(1400, (index) => `ip addr add 10.${index >> 8}.${index & 255}.1/24 dev e0\n`) +
      lines(1400, (index) => `ip route add 11.${index >> 8}.${index & 255}.0/24 via 172.16.0.1\n`);
    expect(readingMs(() => iproute2.parse(new Map([["/x.sh", text]])))).toBeLessThan(1500);
  });

  it("passes over what stands before a command without copying the rest for each word", () => {
    // 10 s when each of them was cut off by itself; found by fuzzing.
    const text = `sudo ${"do ".repeat(66_000)}`;
    expect(readingMs(() => iproute2.parse(new Map([["/x.sh", text]])))).toBeLessThan(2000);
  });

  it("replaces a route without going through all the others", () => {
    // 6 s when every replacement sifted the link's routes.
    const text = lines(12_000, (index) => {
      const key = index % 3000;
      return `ip route replace 10.${key >> 8}.${key & 255}.0/24 via 1.1.1.1 dev eth0\n`;
    });
    expect(readingMs(() => iproute2.parse(new Map([["/x.sh", text]])))).toBeLessThan(2000);
  });
});

describe("an alias", () => {
  it("stands for the last anchor of its name before it", () => {
    const text = `network:
  bonds:
    bond0: {interfaces: [eth0], parameters: &how {mode: active-backup}}
    bond1: {interfaces: [eth1], parameters: &how {mode: 802.3ad}}
    bond2: {interfaces: [eth2], parameters: *how}
`;
    const { config } = netplan.parse(new Map([["/etc/netplan/a.yaml", text]]));
    expect(config.bonds.map(({ options }) => options.mode)).toEqual(["active-backup", "802.3ad", "802.3ad"]);
  });
});

describe("the link that reaches a router", () => {
  const ownerOf = (...commands: string[]) => {
    const { config } = iproute2.parse(new Map([["/x.sh", `${commands.join("\n")}\n`]]));
    return config.interfaces
      .filter(({ ipv4, ipv6 }) => (ipv4.routes ?? ipv6.routes) !== undefined)
      .map(({ name }) => name);
  };

  it.each([
    [["ip addr add 10.0.0.1/24 dev e0", "ip addr add 10.0.1.1/24 dev e1", "ip route add default via 10.0.1.9"], ["e1"]],
    [["ip addr add 10.0.0.1/8 dev e0", "ip addr add 10.0.1.1/24 dev e1", "ip route add default via 10.0.1.9"], ["e0"]],
    [["ip addr add 10.0.0.1/24 dev e0", "ip addr del 10.0.0.1/24 dev e0", "ip route add default via 10.0.0.9"], []],
    [["ip addr add 10.0.0.1/24 dev e0", "ip addr flush dev e0", "ip route add default via 10.0.0.9"], []],
    [
      [
        "ip addr add 10.0.0.1/24 dev e0",
        "ip addr add 10.0.0.2/24 dev e0",
        "ip addr del 10.0.0.1/24 dev e0",
        "ip route add default via 10.0.0.9",
      ],
      ["e0"],
    ],
    [["ip addr add 2001:db8::1/64 dev e0", "ip -6 route add default via 2001:db8::9"], ["e0"]],
  ])("%j", (commands, owners) => {
    expect(ownerOf(...commands)).toEqual(owners);
  });
});
