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
