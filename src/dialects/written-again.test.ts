import { describe, expect, test } from "vitest";
import { dialectNamed } from "./registry.ts";

// Smallest texts that were once written differently the second time, or not at all.
describe("what was read is written the same every time", () => {
  test.each([
    [
      "ifupdown2",
      "/etc/network/interfaces",
      "iface l\nbond-slaves 1\nup ip link set $IFACE type bond arp_interval 9 arp_ip_target 5.6.7.5 arp_all_targets all\ufeff\ns :",
      "a command that ends in a byte order mark",
    ],
    [
      "ifupdown-ng",
      "/etc/network/interfaces",
      "iface l\nbond-members 1\nup ip link set $IFACE type bond arp_interval 9 arp_ip_target 5.6.7.5 arp_all_targets all\ufeff\ns :",
      "a command that ends in a byte order mark",
    ],
    [
      "ifupdown",
      "/etc/network/interfaces",
      "iface l\nbond-slaves 1\nup ip link set $IFACE type bond arp_interval 9 arp_ip_target 5.6.7.5 arp_all_targets all\ufeff\ns :",
      "a command that ends in a byte order mark",
    ],
    [
      "ifupdown",
      "/etc/network/interfaces",
      "allow-h eth0\nallow-bond0 eth1\niface eth1\nallow-bond0 eth0\niface eth0",
      "classes of two interfaces, in another order",
    ],
    ["ifupdown", "/etc/network/interfaces", "iface c\nt n\naddress 1::\naddres[s 2", "two options, one variable"],
    [
      "ifupdown",
      "/etc/network/interfaces",
      "iface 1 inet dhcp\nup ip link set dev $IFACE mtu 2\nup ip link set dev $IFACE mtu 9\nup ip link set dev $IFACE mtu 6",
      "commands for an MTU that no link takes",
    ],
    [
      "ifupdown",
      "/etc/network/interfaces",
      "auto b\niface b\nbond-master c\niface w\nbond-master b\niface c\nslaves 1\niface b\nbond-primary-reselect always",
      "an option in vain, in a stanza beside the one with bond-master",
    ],
    [
      "ifupdown",
      "/etc/network/interfaces",
      "iface n inet dhcp\nup ip link set dev $IFACE mtu 1302\nup ip link set dev $IFACE mtu 1400\nup :",
      "two commands for one setting",
    ],
    [
      "ifupdown",
      "/etc/network/interfaces",
      "iface b inet6 static\naddress c::\naccept_ra 0\niface b\nnetmask 225",
      "a mask that no address takes, in a stanza beside the one with the address",
    ],
    [
      "ifupdown",
      "/etc/network/interfaces",
      "iface b \nmtu 89\niface b\nmtu: 1",
      "another spelling of a variable, in another stanza",
    ],
    [
      "networkd",
      "/etc/systemd/network/10-b.network",
      "[Match]\nName=b\n[Route]\nDestination=7.9.4.0/0\nGateway=0.9.8.9",
      "a default route with bits beyond its prefix",
    ],
    [
      "networkd",
      "/etc/systemd/network/10-b.network",
      "[Match]\nName=b\n[Network]\nConfigureWithoutCarrier=y\nDNS=1.0.6.6\nDNS=_",
      "a key of the model whose value is none, after another key",
    ],
    [
      "ifupdown2",
      "/etc/network/interfaces",
      "auto lo\niface lo inet manual\nbridge-ports none",
      "a bridge that somebody called lo",
    ],
    [
      "ifupdown",
      "/etc/network/interfaces",
      "iface w\nbond_mode p\nbond-master o\niface w\nbond-master d",
      "an option that makes a bond of it once two masters are gone",
    ],
    [
      "netplan",
      "/etc/netplan/b.yaml",
      "network: {bonds: {n: {gateway4: 1.1.6.1, routes: [{to: 0.0.0.0/0, via: 0.1.2.5}]}}}",
      "a second default route, spelled in numbers",
    ],
    [
      "ifupdown-ng",
      "/etc/network/interfaces",
      "iface e\nup ip -6 route replace 2::/1 via 1:: dev $IFACE metric 3 ",
      "a route's command with a blank behind it, and bits beyond its prefix",
    ],
    // Words that objects have by themselves: these were found in our tables, and thrown at.
    ["networkd", "/etc/systemd/network/10-b.network", "[Match]\nName=b\n[Network]\nDHCP=constructor", "a word"],
    ["networkmanager", "/etc/NetworkManager/system-connections/b.nmconnection", "[constructor]\nx=1", "a section"],
    ["ifupdown", "/etc/network/interfaces", "iface b inet manual\nbridge_ports a\nbridge_toString 1", "a setting"],
    [
      "netplan",
      "/etc/netplan/b.yaml",
      "network: {bridges: {b: {parameters: {max-age: 1constructor}}}}",
      "a unit of time",
    ],
    [
      "netplan",
      "/etc/netplan/b.yaml",
      "network: {ethernets: {a: {match: {name: a}, set-name: constructor}}}",
      "an interface's name",
    ],
  ])("%s: %s %j (%s)", (name, path, text) => {
    const dialect = dialectNamed(name);
    if (dialect === undefined) throw new Error(`no dialect ${name}`);
    const { files } = dialect.render(dialect.parse(new Map([[path, text]])).config);
    expect([...dialect.render(dialect.parse(files).config).files]).toEqual([...files]);
  });

  test("ifcfg-rh: a default route with bits beyond its prefix and no router", () => {
    const dialect = dialectNamed("ifcfg-rh");
    if (dialect === undefined) throw new Error("no such dialect");
    const folder = "/etc/sysconfig/network-scripts";
    const said = new Map([
      [`${folder}/ifcfg-br0`, ""],
      [`${folder}/route-br0`, "6.3.0.0/0"],
    ]);
    const once = dialect.render(dialect.parse(said).config).files;
    const twice = dialect.render(dialect.parse(once).config).files;
    expect(Object.fromEntries(twice)).toEqual(Object.fromEntries(once));
  });
});
