import { expect, test } from "vitest";
import { leftBehind } from "./left-behind.ts";

function told(script: string): readonly string[] {
  return leftBehind(new Map([["/up.sh", script]])).map(({ message }) => message.replace(/ is left out: .*/, ""));
}

test("what a script does beyond links, addresses and routes is told once, by its program or its file", () => {
  const script = `#!/bin/sh
set -e
ip link add bond0 type bond mode active-backup miimon 100
echo 1 > /proc/sys/net/ipv4/ip_forward
sysctl -w net.ipv4.conf.all.rp_filter=2 net.ipv6.conf.bond0.accept_ra=0
sudo /sbin/iptables -A INPUT -i bond0 -j ACCEPT
iptables -A OUTPUT -j ACCEPT
echo "nameserver 192.0.2.1" > /etc/resolv.conf
`;
  expect(told(script)).toEqual([
    'what is written to "/proc/sys/net/ipv4/ip_forward"',
    'sysctl "net.ipv4.conf.all.rp_filter"',
    "iptables",
    'what is written to "/etc/resolv.conf"',
  ]);
});

test("what is played, and what only prints or waits, is none of it", () => {
  const script =
    "modprobe bonding\necho +bond0 > /sys/class/net/bonding_masters\nifenslave bond0 eth0\nsleep 2\necho done\nip a >/dev/null 2>&1\nroot=$(id -u)\ndhclient bond0\n";
  expect(told(script)).toEqual([]);
});

test("rules that choose a table are told with what follows: routes of that table alone lead nobody anywhere", () => {
  const script =
    "ip addr add 10.0.0.2/24 dev eth0\nip -4 ru add from 10.0.0.2 table 100\nip route add default via 10.0.0.9 table 100\n";
  expect(leftBehind(new Map([["/up.sh", script]]))).toMatchObject([
    {
      severity: "warning",
      message: expect.stringMatching(/^ip rule is left out: .*answers may leave by the wrong one/),
    },
  ]);
});

test("ip's other objects are told, and none that only shows or is told elsewhere", () => {
  const script = `ip neigh add 10.0.0.9 lladdr 02:00:00:00:00:09 dev eth0
ip netns add blue
ip -n blue link set lo up
ip tunnel add gre1 mode gre remote 192.0.2.1
ip rule
ip -o rule show
ip n
ip neigh flush dev eth0
ip monitor link
ip a add 10.0.0.2/24 dev eth0
ip l set eth0 up
`;
  expect(told(script)).toEqual(["ip neighbor", "ip netns", "ip tunnel"]);
});

test("links of other kinds, and settings of links, are told", () => {
  const script = `ip link add gre1 type gretap remote 192.0.2.1
ip link add link eth0 name eth0.5 type vlan id 5
ip link add name type type bond
ip link set dev vf up
ip link set eth0 vf 1 vlan 5 txqueuelen 500 mtu 1400
ip link set bond0 type bond miimon 100
`;
  const found = leftBehind(new Map([["/up.sh", script]]));
  expect(found.map(({ severity, message }) => `${severity} ${message.replace(/ is left out: .*/, "")}`)).toEqual([
    'warning ip link add "gre1" type gretap',
    "warning ip link set … vf",
    "advice ip link set … txqueuelen",
  ]);
  expect(found[0]?.message).toContain("nobody makes the link");
});

test.each([
  ["sysctl -p /opt/net.conf", ['warning sysctl -p "/opt/net.conf"']],
  ["sysctl --load=/opt/net.conf", ['warning sysctl --load "/opt/net.conf"']],
  // Read at every boot anyway.
  ["sysctl -q -p", ["advice sysctl -p"]],
  ["sysctl -p /etc/sysctl.d/90-bond.conf", ['advice sysctl -p "/etc/sysctl.d/90-bond.conf"']],
  ["sysctl --system", ["advice sysctl --system"]],
  ["sysctl -p/opt/net.conf", ['warning sysctl -p "/opt/net.conf"']],
  ["sysctl -qp /opt/a.conf", ['warning sysctl -p "/opt/a.conf"']],
  ["sysctl -pq", ['warning sysctl -p "q"']],
  ["sysctl -fq /opt/a.conf", ['warning sysctl -f "/opt/a.conf"']],
  ["sysctl -p - </opt/x", ['warning sysctl -p "-"']],
  // At boot, only files called like that are read, and only there.
  ["sysctl -p /opt/sysctl.d/a.conf", ['warning sysctl -p "/opt/sysctl.d/a.conf"']],
  ["sysctl -p /etc/sysctl.d/a.off", ['warning sysctl -p "/etc/sysctl.d/a.off"']],
])("%s: what is read from files is told", (script, expected) => {
  const found = leftBehind(new Map([["/up.sh", script]]));
  expect(found.map(({ severity, message }) => `${severity} ${message.replace(/ is left out: .*/, "")}`)).toEqual(
    expected,
  );
});

test.each([
  ["ip nexthop add id 10 via 10.0.0.1 dev eth0", "warning", /^ip nexthop .*routes that name it by nhid/],
  ["ip token set ::5 dev eth0", "warning", /^ip token .*another IPv6 address/],
  ["ip link set eth0 vrf blue", "warning", /^ip link set … vrf .*main table/],
  ["ip link set vrf blue dev eth0", "warning", /^ip link set … vrf .*main table/],
  ["ip link set eth0 addrgenmode none", "advice", /^ip link set … addrgenmode .*IPv6 addresses/],
])("%s: what follows is said", (script, severity, message) => {
  expect(leftBehind(new Map([["/up.sh", script]]))).toMatchObject([
    { severity, message: expect.stringMatching(message) },
  ]);
});

test("what a route says beyond its way is told, once, and no name is taken for it", () => {
  const script = `ip addr add 10.0.0.2/24 dev eth0
ip route add default via 10.0.0.1 proto static mtu 1400 initcwnd 20
ip route add 10.9.0.0/16 via 10.0.0.1 mtu 1400
ip route add 10.8.0.0/16 dev window scope link
ip route add unreachable 10.7.0.0/16 advmss 1300
ip route show mtu 1400
`;
  const found = leftBehind(new Map([["/up.sh", script]]));
  expect(found.map(({ severity, message }) => `${severity} ${message.replace(/ is left out: .*/, "")}`)).toEqual([
    "warning ip route … mtu",
    "advice ip route … initcwnd",
  ]);
});

test("the shell's own affairs are none; another file is one that nobody looked into", () => {
  const script =
    "export PATH=/sbin:/bin\nreadonly BOND=bond0\nlocal x=1\nunset x\n: done\nulimit -n 64\n. /etc/default/bonding\n";
  expect(told(script)).toEqual(['. "/etc/default/bonding"']);
});
