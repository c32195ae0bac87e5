import type { FileSet } from "../../diagnostic/diagnostic.ts";
import { withPartsStarted } from "../brought-along.ts";
import type { Dialect, Parsed } from "../dialect.ts";
import { spellingsOf } from "../spellings.ts";
import { interpret } from "./meaning.ts";
import { readInterfaces } from "./parse-document.ts";
import { render } from "./render.ts";
import { scanLines } from "./scan.ts";
import { interfacesPath } from "./source-files.ts";
import { spellingOf } from "./spelling.ts";
import { tell } from "./tell.ts";

export { interpret } from "./meaning.ts";
export { readInterfaces } from "./parse-document.ts";
export type { NoBondCause, SaidOption, Story, StoryFact } from "./story.ts";

/** Debian's ifupdown with ifenslave: /etc/network/interfaces. */
export const ifupdown: Dialect = {
  name: "ifupdown",
  title: "Debian's ifupdown with ifenslave",
  spellings: spellingsOf((option) => {
    const said = spellingOf(option);
    return said === "cannot-say" ? null : said.key;
  }),
  // ifenslave writes what the file says and nothing else.
  spellOutDefaults: (config) => withPartsStarted(config, "links"),
  parse(files, facts = { maxBonds: 0 }): Parsed {
    const read = readInterfaces(files);
    const meaning = interpret(read.document, facts);
    const diagnostics = [...read.diagnostics, ...meaning.diagnostics, ...tell(meaning.story)];
    return { config: meaning.config, origins: meaning.origins, diagnostics };
  },
  render,
  detect,
};

/** The same path is ifupdown2's and ifupdown-ng's: their detect() says more where the text has what only they have. */
const named = 0.98;

/** Paths decide; a file of any other name is judged by the share of its lines that begin as ifupdown's do. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    if (path.endsWith(interfacesPath) || path.includes("/etc/network/interfaces.d/")) return named;
    // Enough to know; a whole megabyte tells no more.
    const lines = scanLines(path, text.slice(0, 20_000));
    const stanzas = lines.filter((line) => /^(iface|auto|allow-\S+|mapping)\s+\S/.test(line.text)).length;
    if (lines.some((line) => /^iface\s+\S+(\s+(inet6?|can|ipx)\s+\S+)?/.test(line.text))) {
      best = Math.max(
        best,
        stanzas > 0 ? (path.endsWith(".interfaces") || path.endsWith("/interfaces") ? 0.95 : 0.8) : 0,
      );
    }
  }
  return best;
}
