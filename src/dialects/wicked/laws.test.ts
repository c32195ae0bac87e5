import { hostConfig } from "../../../test/arbitrary/host-config.ts";
import { readingLaws, writingLaws } from "../../../test/dialects/laws.ts";
import { plainHost } from "../../../test/dialects/plain-host.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config } from "../../model/config.ts";
import { optionNames } from "../../model/options.ts";
import { isWatched, refusals, spellingOf } from "./spelling.ts";
import { wicked } from "./wicked.ts";

const folder = "/etc/sysconfig/network";

readingLaws(wicked, {
  paths: [
    `${folder}/ifcfg-bond0`,
    `${folder}/ifcfg-eth0`,
    `${folder}/ifroute-bond0`,
    `${folder}/routes`,
    `${folder}/config`,
    `${folder}/ifsysctl-bond0`,
  ],
  lines: [
    "STARTMODE='auto'",
    "BOOTPROTO='static'",
    "BOOTPROTO='dhcp4+auto6'",
    "BONDING_MASTER='yes'",
    "BONDING_SLAVE_0='eth0'",
    "BONDING_SLAVE1=eth1",
    "BONDING_MODULE_OPTS='mode=active-backup miimon=100'",
    "BONDING_MODULE_OPTS='mode=1 arp_interval=60 arp_ip_target=10.0.0.1'",
    "IPADDR='10.0.0.1/24'",
    "IPADDR6='2001:db8::1/64'",
    "NETMASK_1=255.255.0.0",
    "IPADDR_1=10.1.0.1",
    "ETHERDEVICE=bond0",
    "BRIDGE=yes",
    "BRIDGE_PORTS='bond0 eth0'",
    "default 10.0.0.254 - -",
    "10.0.0.0 - 255.0.0.0 eth0 metric 5 \\",
    "NETCONFIG_DNS_STATIC_SERVERS='9.9.9.9'",
    "net.ipv6.conf.bond0.accept_ra=0",
    "'",
    '"',
  ],
  repeated: [
    "A=1\n",
    'A="\n',
    "IPADDR_1='1.1.1.1/8'\n",
    "BONDING_MODULE_OPTS='mode=1 ",
    "\0",
    "1.2.3.4 \\\n",
    "net.ipv6.conf.",
  ],
});

const sayable = optionNames.filter((option) => spellingOf(option) !== "cannot-say");

/** Bonds that wicked accepts: what it refuses is tested where it is refused. */
function accepted(config: Config): Config {
  return { ...config, bonds: config.bonds.map(acceptedBond) };
}

function acceptedBond(bond: Bond): Bond {
  const options: Record<string, unknown> = { ...bond.options };
  for (let refused = refusals(options); refused.length > 0; refused = refusals(options))
    for (const { option } of refused) delete options[option];
  if (!isWatched(options)) options["miimon"] = 100;
  if (Number(options["miimon"]) > 0) delete options["arp_validate"];
  return { ...bond, options };
}

writingLaws(
  wicked,
  hostConfig(sayable, ["hooks", "dns", "match", "metric", "dhcp", "portOptions"]).map((config) =>
    accepted(plainHost(config)),
  ),
);
