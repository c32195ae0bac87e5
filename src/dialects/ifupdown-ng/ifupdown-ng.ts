import type { FileSet } from "../../diagnostic/diagnostic.ts";
import type { Config } from "../../model/config.ts";
import { withPartsStarted } from "../brought-along.ts";
import type { Dialect, Parsed } from "../dialect.ts";
import { spellingsOf } from "../spellings.ts";
import { interpret } from "./meaning.ts";
import { interfacesPath, readFiles } from "./read-file.ts";
import { render } from "./render.ts";
import { spellingOf } from "./spelling.ts";

/** ifupdown-ng, as on Alpine Linux: /etc/network/interfaces. */
export const ifupdownNg: Dialect = {
  name: "ifupdown-ng",
  title: "ifupdown-ng on Alpine Linux",
  spellings: spellingsOf((option) => {
    const said = spellingOf(option);
    return "lack" in said ? null : said.key;
  }),
  spellOutDefaults,
  parse(files): Parsed {
    const read = readFiles(files);
    const meaning = interpret(read.found, files);
    return { ...meaning, diagnostics: [...read.diagnostics, ...meaning.diagnostics] };
  },
  render,
  detect,
};

/** Gateways without a metric get 1, where the kernel's own is 0. Source: executor-scripts/linux/static. */
function spellOutDefaults(config: Config): Config {
  return {
    ...config,
    interfaces: withPartsStarted(config, "all").interfaces.map((iface) => ({
      ...iface,
      ipv4: iface.ipv4.gateway === undefined ? iface.ipv4 : { metric: 1, ...iface.ipv4 },
      ipv6: iface.ipv6.gateway === undefined ? iface.ipv6 : { metric: 1, ...iface.ipv6 },
    })),
  };
}

const own = /^[ \t]*(bond-members|use[ \t]+\w|template[ \t]|requires[ \t]|wifi-(config-path|ssid)|inherit[ \t])/m;

/** The same file is ifupdown's; only what nobody else understands tells. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    // Enough to know; a whole megabyte tells no more.
    const head = text.slice(0, 20_000);
    if (!/^[ \t]*iface[ \t]+\S/m.test(head)) continue;
    if (!own.test(head) && !/^#.*\bifupdown-ng\b/m.test(head)) continue;
    best = Math.max(best, path.endsWith(interfacesPath) ? 0.995 : 0.975);
  }
  return best;
}
