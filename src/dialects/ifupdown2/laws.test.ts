import { expect, test } from "vitest";
import { hostConfig } from "../../../test/arbitrary/host-config.ts";
import { readingLaws, writingLaws } from "../../../test/dialects/laws.ts";
import { plainHost } from "../../../test/dialects/plain-host.ts";
import { ifupdown2 } from "./ifupdown2.ts";
import { readOptionNames } from "./read-bond.ts";

const delays = ["updelay", "downdelay"];

readingLaws(ifupdown2, {
  paths: ["/etc/network/interfaces", "/etc/network/interfaces.d/x", "/etc/wpa_supplicant/wpa_supplicant-eth1.conf"],
  lines: [
    "auto bond0 eth1",
    "iface bond0 inet static",
    "iface bond0",
    "iface br0 inet6 auto",
    "iface swp[1-9].10 inet manual",
    "auto swp[1-900000]",
    "  address 192.0.2.1/24",
    "  netmask 255.255.255.0",
    "  gateway 192.0.2.254",
    "  metric 10",
    "  bond-slaves eth0 eth1",
    "  bond_ports glob swp1-40 regex (a|b)",
    "  bond-mode active-backup",
    "  bond-miimon 100",
    "  bond-updelay 200",
    "  bond-master bond0",
    "  bridge-ports bond0 none",
    "  bridge-vlan-aware yes",
    "  vlan-raw-device bond0",
    "  up ip route replace 10.0.0.0/8 via 192.0.2.254 dev $IFACE",
    "  pre-up wpa_supplicant -B -i $IFACE -c /etc/wpa_supplicant/wpa_supplicant-eth1.conf",
    "source /etc/network/interfaces.d/*",
    "% for i in range(3):",
    "\\",
    "network={",
    'ssid="x"',
    "}",
  ],
  repeated: [
    "auto a\niface a inet static\naddress 192.0.2.1/24\n",
    "iface a[0-4095] inet manual\nx y\n",
    "auto a[0-4095]\n",
    "\\",
    "\\\n",
    "source /etc/network/interfaces\n",
    "bond-slaves a b c d e f g h\n",
    "iface a\nbond-slaves a b c\nbond-mode 1\n",
    "dns-nameservers 192.0.2.1 192.0.2.2\n",
    "allow-x y\n",
    "bridge-ports a b\n",
  ],
});

writingLaws(
  ifupdown2,
  hostConfig(
    readOptionNames.filter((name) => !delays.includes(name)),
    ["match", "optional", "metric", "dhcp", "portOptions", "wifi", "hooks"],
  ).map(plainHost),
);

test("a command that makes the bond stands in the same place whether it is read as a command or as the bond's options", () => {
  const lines = [
    "iface eth0",
    "\tpre-up ip link add bond0 type bond mode balance-alb ad_select count || true",
    "\tu 2",
    "iface bond0",
    "\tbond-slaves eth0",
    "\tbond-mode balance-alb",
    "\tbond-primary eth9",
  ];
  const once = ifupdown2.render(ifupdown2.parse(new Map([["/etc/network/interfaces", lines.join("\n")]])).config).files;
  expect(ifupdown2.render(ifupdown2.parse(once).config).files).toEqual(once);
});
