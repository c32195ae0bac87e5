import type { FileSet } from "../../diagnostic/diagnostic.ts";
import type { Dialect } from "../dialect.ts";
import { spellingsOf } from "../spellings.ts";
import { folder, parse } from "./parse.ts";
import { render } from "./render.ts";
import { leftBehind } from "./routes.ts";
import { spellingOf } from "./spelling.ts";

/** SUSE's sysconfig files, read by wicked. */
export const wicked: Dialect = {
  name: "wicked",
  title: "wicked on SUSE",
  spellings: spellingsOf((option) => {
    const said = spellingOf(option);
    return said === "cannot-say" ? null : `BONDING_MODULE_OPTS='${said.opts}='`;
  }),
  // wicked sends the kernel what the files say and nothing else; what it won't guess (a monitor) it refuses.
  spellOutDefaults: (config) => config,
  parse,
  leftBehind,
  detect,
  render,
};

/** The folder decides; elsewhere a file called ifcfg-NAME with a key that only SUSE's files have. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    if (path.includes(`${folder}/ifcfg-`)) return 1;
    if (!/(^|\/)ifcfg-[^/]+$/.test(path)) continue;
    // Enough to know; a whole megabyte tells no more.
    const head = text.slice(0, 20_000);
    const isOurs = /^[ \t]*(STARTMODE|BONDING_SLAVE_?\w*|BONDING_MODULE_OPTS|ETHERDEVICE|BRIDGE_PORTS|LLADDR)=/m.test(
      head,
    );
    if (isOurs) best = 0.92;
  }
  return best;
}
