import { hostConfig } from "../../../test/arbitrary/host-config.ts";
import { readingLaws, writingLaws } from "../../../test/dialects/laws.ts";
import { plainHost } from "../../../test/dialects/plain-host.ts";
import type { Config, IpSettings } from "../../model/config.ts";
import { optionNames } from "../../model/options.ts";
import { iproute2 } from "./iproute2.ts";

readingLaws(iproute2, {
  paths: ["/usr/local/sbin/network-up.sh", "/etc/rc.local"],
  lines: [
    "#!/bin/sh",
    "ip link add bond0 type bond mode active-backup miimon 100",
    "sudo ip link set dev eth0 down",
    "ip link set eth0 master bond0",
    "ip link set bond0 type bond primary eth0",
    "ip link set dev bond0 up mtu 9000",
    "ip addr add 10.0.0.1/24 dev bond0",
    "ip -6 route add default via 2001:db8::1 dev bond0",
    "ip route replace 10.0.0.0/8 via 10.0.0.254",
    "ip link add link bond0 name bond0.10 type vlan id 10",
    "ip link add br0 type bridge stp_state 1",
    "ip link del bond0",
    "modprobe bonding mode=1 max_bonds=2",
    "ifenslave bond0 eth0 eth1",
    "echo +bond1 > /sys/class/net/bonding_masters",
    "echo 100 > /sys/class/net/bond0/bonding/miimon",
    "echo +10.0.0.1 > /sys/class/net/bond0/bonding/arp_ip_target",
    "for i in eth0 eth1; do",
    "ip link set $i master $BOND",
    "done",
    "BOND=bond0",
    "if true; then",
    "fi",
    "f() {",
    "}",
    "ifconfig bond0 10.0.0.1 netmask 255.0.0.0 up",
    "brctl addif br0 bond0",
    "sysctl -w net.ipv6.conf.bond0.accept_ra=0",
    "dhclient bond0",
  ],
  repeated: [
    "ip link add b type bond\n",
    "for i in 1 2 3 4 5 6 7 8; do\n",
    "for i in a b; do :; done; ",
    "A=$A$A\n",
    "ip link set e master bond0\n",
    "ip route add 10.0.0.0/8 via 10.0.0.1\n",
    "ip addr add 10.0.0.1/8 dev e\n",
    "f() {\n",
    "\0",
    "$(",
  ],
});

const sayable = optionNames.filter((option) => option !== "active_slave");

writingLaws(
  iproute2,
  hostConfig(sayable, ["hooks", "dns", "match", "optional", "start", "wifi", "dhcp", "metric"]).map((config) =>
    withoutDhcp(plainHost(config)),
  ),
);

/** No address that somebody else must give, and no two routes for one place in the kernel's table. */
function withoutDhcp(config: Config): Config {
  const none: IpSettings = { method: "none", addresses: [] };
  const taken = new Set<string>();
  const alone = (settings: IpSettings): IpSettings => {
    if (settings.method === "dhcp") return none;
    const { gateway, routes = [], ...rest } = settings;
    const isTaken = (to: string, metric: number | undefined): boolean => {
      const key = `${to} ${metric ?? 0} ${settings.addresses[0]?.includes(":")}`;
      const was = taken.has(key);
      taken.add(key);
      return was;
    };
    const kept = routes.filter(({ to, metric }) => !isTaken(to, metric));
    const isFirst = gateway !== undefined && !isTaken("default", undefined);
    return { ...rest, ...(isFirst ? { gateway } : {}), ...(kept.length === 0 ? {} : { routes: kept }) };
  };
  return {
    ...config,
    interfaces: config.interfaces.map((iface) => ({ ...iface, ipv4: alone(iface.ipv4), ipv6: alone(iface.ipv6) })),
  };
}
