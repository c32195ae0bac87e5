import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { readCommands } from "../../syntax/shell-words.ts";
import { isPlayed } from "./commands.ts";
import { followScript, type PlainCommand } from "./run-script.ts";
import { isOfTheNetwork } from "./sysfs.ts";

/** What of a script is carried over to no other language, because it makes no link, address or route: filters, name servers, other
 *  settings of the kernel. `check` has nothing against it. One diagnostic for each program, and for each file that is written. */
export function leftBehind(files: FileSet): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const add = (what: string, { at }: PlainCommand): void => {
    if (found.has(what) || found.size >= mostTold) return;
    found.set(what, {
      code: "script-left-behind",
      severity: "warning",
      message: `${what} is left out: it makes no link, address or route`,
      hint: "See to it that something else does it, or that it isn't needed any more.",
      at,
    });
  };
  for (const [path, text] of files) followScript(readCommands(path, text), (command) => look(command, add), []);
  return [...found.values()];
}

/* More would be read by nobody. */
const mostTold = 50;

function look(command: PlainCommand, add: (what: string, command: PlainCommand) => void): void {
  const [path = "", ...words] = command.words;
  const name = path.slice(path.lastIndexOf("/") + 1);
  for (const { operator, target } of command.redirects)
    if (operator.endsWith(">") && target.startsWith("/") && !isOfTheNetwork(target) && !target.startsWith("/dev/"))
      add(`what is written to ${JSON.stringify(target.slice(0, 80))}`, command);
  if (name === "sysctl") {
    for (const word of words) {
      const [key = "", value] = word.split("=");
      const file = `/proc/sys/${key.includes("/") ? key : key.replaceAll(".", "/")}`;
      if (value !== undefined && !isOfTheNetwork(file)) add(`sysctl ${JSON.stringify(key.slice(0, 80))}`, command);
    }
  } else if (!isPlayed(name) && /^[\w.+-]{1,40}$/.test(name) && !/^(echo|printf|cat|tee)$/.test(name))
    add(name, command);
}
