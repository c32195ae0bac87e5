import { hostConfig } from "../../../test/arbitrary/host-config.ts";
import { readingLaws, writingLaws } from "../../../test/dialects/laws.ts";
import { plainHost } from "../../../test/dialects/plain-host.ts";
import { optionNames } from "../../model/options.ts";
import { ifcfgRh } from "./ifcfg-rh.ts";
import { spellingOf } from "./spelling.ts";

const folder = "/etc/sysconfig/network-scripts";

readingLaws(ifcfgRh, {
  paths: [
    `${folder}/ifcfg-bond0`,
    `${folder}/ifcfg-eth0`,
    `${folder}/route-bond0`,
    `${folder}/keys-eth0`,
    "/etc/modprobe.d/bond.conf",
    `${folder}/rule-bond0`,
  ],
  lines: [
    "DEVICE=bond0",
    "DEVICE=eth0",
    "DEVICE=bond0:1",
    "TYPE=Bond",
    "TYPE=Bridge",
    "BONDING_MASTER=yes",
    'BONDING_OPTS="mode=1 miimon=100 primary=eth0 arp_ip_target=+10.0.0.1"',
    "MASTER=bond0",
    "MASTER=eth0",
    "SLAVE=yes",
    "IPADDR=10.0.0.1",
    "IPADDR1=10.0.0.2",
    "PREFIX=24",
    "NETMASK=255.0.255.0",
    "GATEWAY=10.0.0.254",
    "BOOTPROTO=dhcp",
    "IPV6INIT=yes",
    "IPV6ADDR=2001:db8::1/64",
    "VLAN=yes",
    "PHYSDEV=bond0",
    "BRIDGE=br0",
    "ESSID=0x41",
    "DNS1=10.0.0.1",
    "HWADDR=02:00:00:00:00:01",
    "NM_CONTROLLED=no",
    "10.0.0.0/8 via 10.0.0.1 metric 5",
    "ADDRESS0=10.0.0.0",
    "options bonding mode=1",
    "alias bond0 bonding",
    "'",
    '"',
  ],
  repeated: ["A=1\n", 'A="\n', "DEVICE=bond0 \\\n", "BONDING_OPTS='mode=1 ", "IPADDR1=1.1.1.1\n", "\0", "$(", "IPADDR"],
});

const sayable = optionNames.filter((option) => spellingOf(option) !== "cannot-say");

writingLaws(ifcfgRh, hostConfig(sayable, ["hooks", "optional"]).map(plainHost));
