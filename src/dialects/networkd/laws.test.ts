import type fc from "fast-check";
import { hostConfig } from "../../../test/arbitrary/host-config.ts";
import { readingLaws, writingLaws } from "../../../test/dialects/laws.ts";
import { networkOf, parseCidr } from "../../model/address.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config, IpSettings } from "../../model/config.ts";
import { type BondOptions, type OptionName, optionNames } from "../../model/options.ts";
import { networkd } from "./networkd.ts";
import { sendingOf } from "./sending.ts";
import { spellingOf } from "./spelling.ts";
import { optionText } from "./values.ts";

/** Options that 252 reads. */
const readBy252 = optionNames.filter((option) => {
  const said = spellingOf(option);
  return said !== "cannot-say" && (said.place === "port" || said.since === undefined);
});

/** Without what networkd would keep to itself, the kernel would refuse, or neither has a word for. */
function withSayable(bond: Bond): Bond {
  let options: BondOptions = Object.fromEntries(
    Object.entries(bond.options).filter(([key, value]) => {
      const said = spellingOf(key as OptionName);
      if (said === "cannot-say" || said.place === "port") return true;
      return optionText(key as OptionName, said, value) !== undefined;
    }),
  );
  for (;;) {
    const { kept, refused } = sendingOf(options);
    const gone = new Set([...kept.keys(), ...refused.keys()]);
    if (gone.size === 0) return { ...bond, options };
    options = Object.fromEntries(Object.entries(options).filter(([key]) => !gone.has(key as OptionName)));
  }
}

/** Routes to networks, not to hosts in them. */
function withNetworks(settings: IpSettings): IpSettings {
  const { routes } = settings;
  if (routes === undefined) return settings;
  const networks = routes.map((route) => {
    const cidr = parseCidr(route.to);
    return { ...route, to: cidr.ok ? networkOf(cidr.value) : route.to };
  });
  return { ...settings, routes: networks };
}

function sayable(config: Config): Config {
  const interfaces = config.interfaces.map((iface) => {
    const { wifi, ipv6 } = iface;
    // Routes come by advertisements, whatever DHCP says.
    const { dhcp, ...rest } = ipv6;
    const six = dhcp?.useRoutes === false ? rest : ipv6;
    return {
      ...iface,
      ipv4: withNetworks(iface.ipv4),
      ipv6: withNetworks(six),
      ...(wifi === undefined ? {} : { wifi: { ...wifi, settings: { key_mgmt: "NONE" } } }),
    };
  });
  const bridged = new Set(interfaces.flatMap(({ bridge }) => bridge?.ports ?? []));
  const none = { method: "none", addresses: [] } as const;
  return {
    ...config,
    bonds: config.bonds.map(withSayable),
    // What is in a bridge has no addresses of its own.
    interfaces: interfaces.map(({ dns, ...iface }) =>
      bridged.has(iface.name)
        ? { ...iface, ipv4: none, ipv6: none }
        : { ...iface, ...(dns === undefined ? {} : { dns }) },
    ),
  };
}

readingLaws(networkd, {
  paths: [
    "/etc/systemd/network/10-bond0.netdev",
    "/etc/systemd/network/10-bond0.network",
    "/etc/systemd/network/10-a.link",
    "/run/systemd/network/10-bond0.network",
    "/etc/systemd/network/10-bond0.network.d/a.conf",
    "/etc/wpa_supplicant/wpa_supplicant-eth0.conf",
  ],
  lines: [
    "[Match]",
    "[NetDev]",
    "[Bond]",
    "[Network]",
    "[Link]",
    "[Route]",
    "[Address]",
    "[DHCPv4]",
    "[VLAN]",
    "[Bridge]",
    "Name=bond0",
    "Name=eth0 e*",
    "Name=!eth1",
    "Kind=bond",
    "Kind=vlan",
    "Mode=active-backup",
    "MIIMonitorSec=100",
    "UpDelaySec=1min 2s",
    "ARPIPTargets=192.0.2.1 x",
    "Bond=bond0",
    "Bridge=bond0",
    "VLAN=bond0",
    "PrimarySlave=yes",
    "Address=192.0.2.5",
    "Gateway=192.0.2.1",
    "DHCP=both",
    "Id=7",
    "PermanentMACAddress=02:00:00:00:00:01 020000000002",
    "network={",
    'ssid="x"',
    "}",
    "\\",
    "# x",
  ],
  repeated: [
    "[Match]\nName=eth0\n",
    "[NetDev]\nName=b\nKind=bond\n[Bond]\nMode=1\n",
    "Name=eth0 \\\n",
    "[Route]\nGateway=192.0.2.1\n",
    "[Match]\nName=a*a*a*a*b\n",
    "x",
    "[Network]\nFoo=bar\n",
  ],
});

const everything: fc.Arbitrary<Config> = hostConfig(readBy252, ["start", "hooks", "portOptions"]).map(sayable);
writingLaws(networkd, everything);
