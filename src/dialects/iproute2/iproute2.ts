import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { emptyConfig } from "../../model/config.ts";
import { readCommands } from "../../syntax/shell-words.ts";
import type { Dialect, Parsed } from "../dialect.ts";
import { spellingsOf } from "../spellings.ts";
import { takeCommand } from "./commands.ts";
import { leftBehind } from "./left-behind.ts";
import { configOf, emptyNetwork } from "./network.ts";
import { render, scriptPath } from "./render.ts";
import { followScript } from "./run-script.ts";
import { spellingOf } from "./spelling.ts";

/** Scripts of ip commands, and of what was used before ip. */
export const iproute2: Dialect = {
  name: "iproute2",
  title: "scripts of ip commands",
  spellings: spellingsOf((option) => `ip link … ${spellingOf(option).word}`),
  // The kernel gets what the commands say and nothing else.
  spellOutDefaults: (config) => config,
  parse,
  detect,
  render,
  leftBehind,
};

/** Plays the scripts through, one after the other, and takes what they leave behind. Nothing is run. Never throws. */
function parse(files: FileSet): Parsed {
  const diagnostics: Diagnostic[] = [];
  const network = emptyNetwork();
  for (const [path, text] of files)
    followScript(readCommands(path, text), (command) => takeCommand(network, command, diagnostics), diagnostics);
  return { config: { ...emptyConfig, ...configOf(network) }, origins: network.origins, diagnostics };
}

const command =
  /^[ \t]*(?:sudo[ \t]+)?(?:\/\S*\/)?(?:ip[ \t]+(?:-\S+[ \t]+)*(?:l|link|a|addr|address|r|route)[ \t]|ifenslave[ \t]|modprobe[ \t]+bonding|echo[ \t].*\/sys\/class\/net\/)/gm;

/** A script is known by its commands; what is called like one counts double. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    if (path === scriptPath) return 1;
    // Enough to know; a whole megabyte tells no more.
    const head = text.slice(0, 20_000);
    const count = [...head.matchAll(command)].length + (/^\[ -e \/sys\/class\/net\//m.test(head) ? 1 : 0);
    if (count === 0) continue;
    const isScript = /\.(sh|bash)$/.test(path) || /^#!.*\b(sh|bash|dash)\b/.test(head);
    best = Math.max(best, isScript ? 0.9 : count > 1 || !head.trim().includes("\n") ? 0.6 : 0.4);
  }
  return best;
}
