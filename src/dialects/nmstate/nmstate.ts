import type { FileSet } from "../../diagnostic/diagnostic.ts";
import type { Dialect } from "../dialect.ts";
import { spellOutDefaults } from "../networkmanager/defaults.ts";
import { spellingsOf } from "../spellings.ts";
import { parse } from "./meaning.ts";
import { ourName } from "./read-ip.ts";
import { render } from "./render.ts";
import { spellingOf } from "./spelling.ts";

const places = {
  bond: "link-aggregation.",
  options: "link-aggregation.options.",
  port: "link-aggregation.ports-config[].",
};

/** nmstate's declared states, which NetworkManager carries out. */
export const nmstate: Dialect = {
  name: ourName,
  title: "nmstate",
  spellings: spellingsOf((option) => {
    const said = spellingOf(option);
    return said === "cannot-say" ? null : `${places[said.place]}${said.key}`;
  }),
  // What it doesn't say NetworkManager does as ever.
  spellOutDefaults,
  parse,
  render,
  detect,
};

/** By the folder; else by what only a state has at its outermost level: a list of interfaces that are maps. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    if (/\/etc\/nmstate\/[^/]+$/.test(path)) return 1;
    const start = text.slice(0, 20_000);
    const isPolicy = /^kind:\s*["']?NodeNetwork\w+/m.test(start) || /^desiredState:/m.test(start);
    const isState =
      /^interfaces:[ \t]*(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*[ \t]*-[ \t]*[\w"'{]/m.test(start) && !/^network:/m.test(start);
    const hasWords =
      /^[ \t{-]*["']?(?:link-aggregation|ipv4|ipv6|state|type)["']?[ \t]*:/m.test(start) || /\bname:/.test(start);
    if ((isPolicy || isState) && hasWords) best = Math.max(best, 0.9);
  }
  return best;
}
