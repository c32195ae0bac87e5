import { describe, expect, test } from "vitest";
import { dialectNamed } from "./registry.ts";

// Smallest texts that were once written differently the second time: what was read from our own file had another order.
describe("what was read is written the same every time", () => {
  test.each([
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
      "networkd",
      "/etc/systemd/network/10-b.network",
      "[Match]\nName=b\n[Network]\nConfigureWithoutCarrier=y\nDNS=1.0.6.6\nDNS=_",
      "a key of the model whose value is none, after another key",
    ],
  ])("%s: %s %j (%s)", (name, path, text) => {
    const dialect = dialectNamed(name);
    if (dialect === undefined) throw new Error(`no dialect ${name}`);
    const { files } = dialect.render(dialect.parse(new Map([[path, text]])).config);
    expect([...dialect.render(dialect.parse(files).config).files]).toEqual([...files]);
  });
});
