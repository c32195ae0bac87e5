import type { FileSet } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import type { Dialect } from "../dialect.ts";
import { spellingsOf } from "../spellings.ts";
import { folder } from "./files.ts";
import { parse } from "./parse.ts";
import { render } from "./render.ts";
import { leftBehind } from "./route-files.ts";
import { spellingOf } from "./spelling.ts";

/** Red Hat's ifcfg files, read by NetworkManager's plugin or by the initscripts. */
export const ifcfgRh: Dialect = {
  name: "ifcfg-rh",
  title: "Red Hat's ifcfg files",
  spellings: spellingsOf((option) => {
    const said = spellingOf(option);
    if (said === "cannot-say") return null;
    return "opts" in said ? `BONDING_OPTS="${said.opts}="` : `${said.port}=`;
  }),
  parse,
  spellOutDefaults,
  isOwnAffair: ({ key, value, from }) =>
    from === "ifcfg-rh" && (labels.has(key) || (Object.hasOwn(byItself, key) && byItself[key] === value.toLowerCase())),
  leftBehind,
  detect,
  render,
};

/** What an installer writes to tell profiles apart. */
const labels: ReadonlySet<string> = new Set(["NAME", "UUID"]);

/** What an installer writes out although it is so anyway. Source: nm-settings-ifcfg-rh(5), initscripts' sysconfig.txt */
const byItself: Readonly<Record<string, string>> = {
  NM_CONTROLLED: "yes",
  USERCTL: "no",
  DEFROUTE: "yes",
  IPV6_DEFROUTE: "yes",
  IPV4_FAILURE_FATAL: "no",
  IPV6_FAILURE_FATAL: "no",
  PROXY_METHOD: "none",
  BROWSER_ONLY: "no",
};

/** NetworkManager watches carrier every 100 ms where nothing is said; the initscripts, in charge where NM_CONTROLLED=no is said,
 *  watch nothing. Both take router advertisements beside an IPv6 address. */
function spellOutDefaults(config: Config): Config {
  const unmanaged = new Set(
    config.interfaces
      .filter(({ extra }) =>
        extra.some(
          ({ key, value, from }) =>
            from === "ifcfg-rh" && key === "NM_CONTROLLED" && /^(no|false|n|f|0|off)$/i.test(value),
        ),
      )
      .map(({ name }) => name),
  );
  return {
    ...config,
    bonds: config.bonds.map((bond) => (unmanaged.has(bond.name) ? bond : watched(bond))),
    interfaces: config.interfaces.map(advertised),
  };
}

function watched(bond: Bond): Bond {
  const { miimon, arp_interval: arp, arp_validate: validate } = bond.options;
  const isSaid = miimon !== undefined || (arp ?? 0) > 0 || validate !== undefined;
  return isSaid ? bond : { ...bond, options: { ...bond.options, miimon: 100 } };
}

function advertised(iface: Interface): Interface {
  const { method, acceptRa } = iface.ipv6;
  return method === "static" && acceptRa === undefined ? { ...iface, ipv6: { ...iface.ipv6, acceptRa: true } } : iface;
}

/** The folder decides; elsewhere a file called ifcfg-NAME with a key that SUSE's files don't have. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    if (path.includes(`${folder}/ifcfg-`)) return 1;
    if (!/(^|\/)ifcfg-[^/]+$/.test(path)) continue;
    // Enough to know; a whole megabyte tells no more.
    const head = text.slice(0, 20_000);
    if (/^[ \t]*(STARTMODE|BONDING_SLAVE_?\w*|BONDING_MODULE_OPTS|ETHERDEVICE|BRIDGE_PORTS)[ \t]*=/m.test(head))
      continue;
    const isOurs =
      /^[ \t]*(DEVICE|ONBOOT|BONDING_OPTS|MASTER|SLAVE|TYPE|NM_CONTROLLED|HWADDR|BOOTPROTO|NAME)[ \t]*=/m.test(head);
    best = Math.max(best, isOurs ? 0.9 : 0.3);
  }
  return best;
}
