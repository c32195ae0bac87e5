import type { FileSet } from "../../diagnostic/diagnostic.ts";
import type { Dialect } from "../dialect.ts";
import { spellingsOf } from "../spellings.ts";
import { spellOutDefaults } from "./defaults.ts";
import { ourName } from "./extras.ts";
import { parse } from "./meaning.ts";
import { render } from "./render.ts";
import { spellingOf } from "./spelling.ts";

/** NetworkManager's profiles in its keyfile format. */
export const networkmanager: Dialect = {
  name: ourName,
  title: "NetworkManager keyfiles",
  spellings: spellingsOf((option) => {
    const said = spellingOf(option);
    return said === "cannot-say" ? null : `[${said.section}] ${said.key}`;
  }),
  spellOutDefaults,
  parse,
  render,
  detect,
};

/** By the folder or the ending; else by a [connection] section with what only a profile has. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    if (path.includes("/NetworkManager/system-connections/") || path.endsWith(".nmconnection")) return 1;
    const start = text.slice(0, 20_000);
    if (!/^[ \t]*\[connection\][ \t\r]*$/m.test(start)) continue;
    best = Math.max(best, /^[ \t]*(?:type|uuid|interface-name)[ \t]*=/m.test(start) ? 0.9 : 0.5);
  }
  return best;
}
