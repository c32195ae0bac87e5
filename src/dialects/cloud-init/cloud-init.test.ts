import { describe, expect, test } from "vitest";
import { cloudInit } from "./cloud-init.ts";

function read(text: string) {
  return cloudInit.parse(new Map([["/seed/network-config", text]]));
}

const bond = `version: 1
config:
  - {type: physical, name: eth0, mac_address: "02:AA:00:00:00:01", mtu: 9000}
  - {type: physical, name: eth1}
  - type: bond
    name: bond0
    mac_address: 02:aa:00:00:00:0f
    bond_interfaces: [eth0, eth1]
    params:
      bond-mode: 1
      bond_miimon: 100
      bond-arp_ip_target: [10.0.0.1]
      bond-xmit-hash-policy: layer3+4
    subnets:
      - {type: static, address: 10.0.0.5, netmask: 255.255.255.0, gateway: 10.0.0.1}
      - {type: static6, address: "2001:db8::5/64"}
  - {type: vlan, name: bond0.7, vlan_link: bond0, vlan_id: 7, subnets: [{type: dhcp4, control: manual}]}
  - {type: nameserver, address: 9.9.9.9, search: [lan]}
`;

describe("cloud-init", () => {
  test("version 1: a bond with its ports, options and addresses", () => {
    const { config, origins, diagnostics } = read(bond);
    expect(diagnostics).toEqual([]);
    expect(config.bonds).toEqual([
      {
        name: "bond0",
        ports: ["eth0", "eth1"],
        options: { mode: "active-backup", miimon: 100, arp_ip_target: ["10.0.0.1"], xmit_hash_policy: "layer3+4" },
      },
    ]);
    const byName = new Map(config.interfaces.map((iface) => [iface.name, iface]));
    expect(byName.get("eth0")).toMatchObject({ match: { mac: "02:aa:00:00:00:01" }, mtu: 9000 });
    expect(byName.get("bond0")).toMatchObject({
      mac: "02:aa:00:00:00:0f",
      ipv4: { method: "static", addresses: ["10.0.0.5/24"], gateway: "10.0.0.1" },
      ipv6: { method: "static", addresses: ["2001:db8::5/64"] },
      dns: { servers: ["9.9.9.9"], search: ["lan"] },
    });
    expect(byName.get("bond0.7")).toMatchObject({
      vlan: { parent: "bond0", id: 7 },
      start: "manual",
      ipv4: { method: "dhcp" },
    });
    const at = origins.get("bond/bond0/option/miimon");
    expect(bond.slice(at?.start, at?.end)).toBe("bond_miimon");
  });

  test("version 2 is netplan's, with or without network: above, and ports need no definition", () => {
    const two =
      "version: 2\nbonds: {bond0: {interfaces: [eth0, eth1], parameters: {mode: active-backup, primary: eth0}}}\n";
    for (const text of [two, `network:\n  ${two.replaceAll("\n", "\n  ")}`]) {
      const { config, diagnostics } = read(text);
      expect(diagnostics).toEqual([]);
      expect(config.bonds).toEqual([
        { name: "bond0", ports: ["eth0", "eth1"], options: { mode: "active-backup", primary: "eth0" } },
      ]);
    }
  });

  test("an option the kernel refuses is told and left out", () => {
    const { config, diagnostics } = read(bond.replace("bond-mode: 1", "bond-mode: fastest"));
    expect(config.bonds[0]?.options.mode).toBeUndefined();
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([["bad-option-value", "warning"]]);
  });

  test("is told from netplan by its version and its root", () => {
    const one = (path: string, text: string) => cloudInit.detect(new Map([[path, text]]));
    expect(one("x.yaml", bond)).toBeGreaterThan(0.9);
    expect(one("x.yaml", "version: 2\nethernets: {}\n")).toBeGreaterThan(0.9);
    expect(one("x.yaml", "network:\n  version: 2\n  ethernets: {}\n")).toBe(0);
  });
});
