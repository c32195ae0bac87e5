import type { FileSet } from "../../diagnostic/diagnostic.ts";
import { withPartsStarted } from "../brought-along.ts";
import type { Dialect, Parsed } from "../dialect.ts";
import { spellingsOf } from "../spellings.ts";
import { interpret } from "./meaning.ts";
import { interfacesPath, readFiles } from "./read-file.ts";
import { render } from "./render.ts";
import { spellingOf } from "./spelling.ts";

/** ifupdown2, as on Proxmox and Cumulus: /etc/network/interfaces. */
export const ifupdown2: Dialect = {
  name: "ifupdown2",
  title: "ifupdown2 on Proxmox and Cumulus",
  spellings: spellingsOf((option) => {
    const said = spellingOf(option);
    return "lack" in said ? null : said.key;
  }),
  // The addons send the kernel what the file says and nothing else.
  // Whatever it brings up, it brings up with its parts.
  spellOutDefaults: (config) => withPartsStarted(config, "all"),
  parse(files): Parsed {
    return interpret(readFiles(files), files);
  },
  render,
  detect,
};

/** What only ifupdown2 has: its own attributes, and lists of ports that are none to anybody else. */
const own =
  /^[ \t]*(bridge[-_](vlan[-_]aware|vids|pvid|access|learning|arp-nd-suppress)|bond[-_]ports|bond[-_](slaves|ports)[ \t]+(glob|regex)\b|vxlan[-_]\w+|vrf([-_]table)?|mstpctl[-_]\w+|clagd[-_]\w+|vlan-protocol|address-purge|es-sys-mac)[ \t]/m;

/** The same file is ifupdown's; only what nobody else understands tells. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    if (path.endsWith("/etc/network/ifupdown2/ifupdown2.conf")) best = Math.max(best, 0.99);
    // Enough to know; a whole megabyte tells no more.
    const head = text.slice(0, 20_000);
    if (!/^[ \t]*iface[ \t]+\S/m.test(head)) continue;
    const isNamed = /^#.*\bifupdown2\b/m.test(head);
    const isShort = /^[ \t]*iface[ \t]+\S+[ \t]*$/m.test(head) && /^[ \t]*bond[-_]slaves[ \t]/m.test(head);
    if (!isNamed && !isShort && !own.test(head)) continue;
    best = Math.max(best, path.endsWith(interfacesPath) || path.includes("/etc/network/interfaces.d/") ? 0.99 : 0.97);
  }
  return best;
}
