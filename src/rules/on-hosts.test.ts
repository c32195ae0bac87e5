import { describe, expect, test } from "vitest";
import { check } from "./check.ts";
import { readHostSample } from "./testing/host-sample.ts";

/* What rules about files say more, or leave unsaid, where the host itself is there to be asked. */

const interfaces = (lines: string) => `files:
  /etc/network/interfaces: |
    auto bond0
    iface bond0 inet ${lines}
        bond-slaves em1 em2
        bond-mode active-backup
        bond-primary em1
        bond-miimon 100
`;
const fixed = interfaces("static\n        address 192.0.2.5/24\n        gateway 192.0.2.1");

const networkd = `files:
  /etc/systemd/network/10-bond0.netdev: |
    [NetDev]
    Name=bond0
    Kind=bond

    [Bond]
    Mode=active-backup
    MIIMonitorSec=100ms
  /etc/systemd/network/20-ports.network: |
    [Match]
    Name=em1 em2

    [Network]
    Bond=bond0
  /etc/systemd/network/30-bond0.network: |
    [Match]
    Name=bond0

    [Network]
    Address=192.0.2.5/24
`;

function codes(...parts: readonly string[]): readonly string[] {
  return check(readHostSample(parts.join(""))).map(({ code }) => code);
}

const bonds = "bonds:\n  bond0: {primary: em1, fail_over_mac: none}\n";
const ports = "links:\n  em1: {master: bond0}\n  em2: {master: bond0}\n";

describe("a radio", () => {
  const radio = (powerSave: boolean) =>
    `links:\n  em1: {master: bond0}\n  em2: {master: bond0, driver: brcmfmac, isRadio: true, powerSave: ${powerSave}}\n`;

  test("that says it sleeps is told, whatever the manager", () => {
    expect(codes("manager: ifupdown\n", bonds, radio(true), fixed)).toContain("wifi-power-save-latency");
    expect(codes("manager: ifupdown\n", bonds, radio(false), fixed)).not.toContain("wifi-power-save-latency");
  });
});

describe("a bond's MAC address", () => {
  const macs = (mac: string) => `links:
  em1: {master: bond0, mac: "${mac}", permanent: "00:16:3e:00:00:01"}
  em2: {master: bond0, mac: "${mac}", permanent: "00:16:3e:00:00:02"}
  bond0: {kind: bond, mac: "${mac}", driver: ""}
`;
  const seen = (mac: string, lines: string) => codes("manager: ifupdown\n", bonds, macs(mac), interfaces(lines));

  test("that is no port's own is told where it asks by DHCP and nobody declared it", () => {
    expect(seen("be:00:8d:e9:8c:ab", "dhcp")).toContain("bond-mac-generated");
    expect(seen("00:16:3e:00:00:02", "dhcp")).not.toContain("bond-mac-generated");
    expect(seen("be:00:8d:e9:8c:ab", "dhcp\n        hwaddress be:00:8d:e9:8c:ab")).not.toContain("bond-mac-generated");
    expect(seen("be:00:8d:e9:8c:ab", "static\n        address 192.0.2.5/24")).not.toContain("bond-mac-generated");
  });
});

describe("the boot", () => {
  const unit = "systemd-networkd-wait-online.service";
  const host = (systemd: number, waits: string, em2 = "carrier: false, isAwaited: true") =>
    codes(
      `manager: networkd\nsystemd: ${systemd}\nwaits: {${waits}}\n`,
      bonds,
      `links:\n  em1: {master: bond0, isAwaited: true}\n  em2: {master: bond0, ${em2}}\n`,
      networkd,
    ).includes("wait-online-hang");

  test("waits for a port without carrier where the service is enabled and systemd is of the kind that does", () => {
    expect(host(252, `${unit}: /lib/systemd/systemd-networkd-wait-online`)).toBe(true);
    expect(host(255, `${unit}: /lib/systemd/systemd-networkd-wait-online`)).toBe(false);
    expect(host(252, "")).toBe(false);
  });

  test("is content with any one link, with named ones, and with what networkd doesn't ask for", () => {
    expect(host(252, `${unit}: /lib/systemd/systemd-networkd-wait-online --any`)).toBe(false);
    expect(host(252, `${unit}: "/lib/systemd/systemd-networkd-wait-online --interface=bond0"`)).toBe(false);
    expect(host(252, `${unit}: /lib/systemd/systemd-networkd-wait-online`, "carrier: false, isAwaited: false")).toBe(
      false,
    );
    expect(host(252, `${unit}: /lib/systemd/systemd-networkd-wait-online`, "isAwaited: true")).toBe(false);
  });
});

describe("what runs beside what is said", () => {
  const running = (bond: string, more: string, lines = fixed) =>
    codes(
      "manager: ifupdown\n",
      bonds,
      `${ports}  bond0: {kind: bond, mac: "00:16:3e:00:00:01", driver: "", ${bond}}\n`,
      more,
      lines,
    );
  const good = "addresses: [192.0.2.5/24]";
  const route = "routes:\n  - default via 192.0.2.1 dev bond0\n";

  test("is silent about a host that is as its files say, and about what they don't say", () => {
    expect(running(good, route)).toEqual([]);
    expect(
      running(
        "addresses: [192.0.2.5/24, 10.0.0.9/8, 2001:db8::5/64], mtu: 1500",
        `${route}  - 10.9.0.0/16 via 192.0.2.7 dev bond0\n`,
      ),
    ).toEqual([]);
  });

  test("is silent about addresses and routes where they were not seen, where nothing is plugged in, and where the agent is away", () => {
    expect(running("addresses: []", "")).toEqual([]);
    expect(running("addresses: [], carrier: false", "routes: []\n")).toEqual([]);
    const away = "agent: true\nroutes: []\n";
    expect(
      codes(
        "manager: ifupdown\n",
        bonds,
        'links:\n  em2: {master: bond0, permanent: "00:16:3e:00:00:01"}\n  em1: {master: bond0, permanent: "00:16:3e:00:00:02"}\n  bond0: {kind: bond, mac: "00:16:3e:00:00:01", driver: "", addresses: []}\n',
        away,
        fixed,
      ),
    ).toEqual([]);
  });

  test("with another spelling, or by several routers, it is there all the same", () => {
    const six = interfaces("static\n        address 192.0.2.5/24\n        gateway 192.0.2.1").replace(
      "        bond-slaves",
      "    iface bond0 inet6 static\n        address 2001:DB8:0:0::5/64\n        gateway fe80::1\n        bond-slaves",
    );
    const routes = "routes:\n  - default via  dev \n  - default via fe80::1 dev bond0 metric 1024\n";
    const found = running("addresses: [192.0.2.5/24, '2001:db8::5/64']", routes, six);
    expect(found.filter((code) => code.endsWith("-in-force"))).toEqual([]);
  });

  test("tells a lost address, a lost route, another MTU", () => {
    expect(running("addresses: [192.0.2.9/24]", route)).toEqual(["address-not-in-force"]);
    expect(running("addresses: [192.0.2.5/16]", route)).toEqual(["address-not-in-force"]);
    expect(running(good, "routes: []\n")).toEqual(["route-not-in-force"]);
    expect(running(good, "routes:\n  - default via 192.0.2.1 dev em9\n")).toEqual(["route-not-in-force"]);
    expect(running(`${good}, mtu: 9000`, route)).toEqual(["mtu-not-in-force"]);
  });
});
