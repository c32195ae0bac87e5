import type { FileSet } from "../../diagnostic/diagnostic.ts";
import type { Dialect } from "../dialect.ts";
import { spellingsOf } from "../spellings.ts";
import { spellOutDefaults } from "./defaults.ts";
import { isNetplanPath } from "./files.ts";
import { parse } from "./parse.ts";
import { render } from "./render.ts";
import { spellingOf } from "./spelling.ts";

/** Ubuntu's netplan, with systemd-networkd or NetworkManager behind it: /etc/netplan. */
export const netplan: Dialect = {
  name: "netplan",
  title: "netplan (Ubuntu), with systemd-networkd or NetworkManager behind it",
  spellings: spellingsOf((option) => {
    const said = spellingOf(option);
    return said === "cannot-say" ? null : `parameters: ${said.key}:`;
  }),
  spellOutDefaults,
  // Who carries it out is another's question once another language is chosen.
  isOwnAffair: ({ key, from }) => key === "renderer" && from === "netplan",
  parse,
  render,
  detect,
};

/** Paths decide; a YAML file of any other name is known by `network:` with netplan's sections and no `version: 1`. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    if (isNetplanPath(path)) return 1;
    if (!/\.ya?ml$/.test(path) && files.size > 1) continue;
    // Enough to know; a whole megabyte tells no more.
    const start = text.slice(0, 20_000);
    const isNetwork = /^["']?network["']?\s*:/m.test(start);
    const hasSection = /\b(ethernets|wifis|bonds|bridges|vlans|tunnels|dummy-devices|renderer)["']?\s*:/.test(start);
    const isOther = /^[ \t\ufeff]*version[ \t]*:\s*1\b/m.test(start) || /^#cloud-config/.test(start);
    if (isNetwork && hasSection && !isOther) best = Math.max(best, /\.ya?ml$/.test(path) ? 0.9 : 0.7);
  }
  return best;
}
