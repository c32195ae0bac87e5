import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { readCommands } from "../../syntax/shell-words.ts";
import { isPlayed } from "./commands.ts";
import { aboutIp, type Left } from "./ip-left-behind.ts";
import { followScript, type PlainCommand } from "./run-script.ts";
import { isOfTheNetwork } from "./sysfs.ts";

/** What of a script is carried over to no other language, because it makes no link, address or route: filters, name servers, rules
 *  that choose a table, other settings of the kernel. `check` has nothing against it. One diagnostic for each program, and for each
 *  file that is written. */
export function leftBehind(files: FileSet): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>();
  const add = ({ what, follows, severity, hint }: Left, { at }: PlainCommand): void => {
    if (found.has(what) || found.size >= mostTold) return;
    found.set(what, {
      code: "script-left-behind",
      severity: severity ?? "warning",
      message: `${what} is left out: ${follows ?? "it makes no link, address or route"}`,
      hint: hint ?? "See to it that something else does it, or that it isn't needed any more.",
      at,
    });
  };
  for (const [path, text] of files)
    followScript(
      readCommands(path, text),
      (command) => {
        for (const left of inCommand(command)) add(left, command);
      },
      [],
    );
  return [...found.values()];
}

/* More would be read by nobody. */
const mostTold = 50;

function inCommand({ words, redirects }: PlainCommand): readonly Left[] {
  const [path = "", ...rest] = words;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const written = redirects.flatMap(({ operator, target }) =>
    operator.endsWith(">") && target.startsWith("/") && !isOfTheNetwork(target) && !target.startsWith("/dev/")
      ? [{ what: `what is written to ${shown(target)}` }]
      : [],
  );
  return [...written, ...byProgram(name, rest)];
}

function byProgram(name: string, words: readonly string[]): readonly Left[] {
  if (name === "ip") return aboutIp(words);
  if (name === "sysctl") return aboutSysctl(words);
  if (name === "." || name === "source")
    return [{ what: `${name} ${shown(words[0] ?? "")}`, follows: "Holdfast looks into no other file" }];
  const isQuiet = isPlayed(name) || !/^[\w.+-]{1,40}$/.test(name) || /^(echo|printf|cat|tee)$/.test(name);
  return isQuiet ? [] : [{ what: name }];
}

function aboutSysctl(words: readonly string[]): readonly Left[] {
  const read = filesRead(words);
  if (read !== undefined) {
    const what = ["sysctl", read.option, ...read.files.map(shown)].join(" ");
    return [read.files.every(isReadAtBoot) ? { what, severity: "advice" } : { what }];
  }
  return words.flatMap((word) => {
    const [key = "", value] = word.split("=");
    const file = `/proc/sys/${key.includes("/") ? key : key.replaceAll(".", "/")}`;
    return value === undefined || isOfTheNetwork(file) ? [] : [{ what: `sysctl ${shown(key)}` }];
  });
}

/** The option by which sysctl reads files, and the files; none are its own, and "-" is what it is handed. */
function filesRead(
  words: readonly string[],
): { readonly option: string; readonly files: readonly string[] } | undefined {
  if (words.includes("--system")) return { option: "--system", files: [] };
  const others = words.filter((word) => word === "-" || /^[^-]/.test(word));
  for (const word of words) {
    // A file may stand right behind p, and other letters before it: -p/opt/a.conf, -qp.
    const [, letters = "", joined] = /^-([A-Za-oq-z]*)(?:p(.*))?/s.exec(word) ?? [];
    const long = /^--load(?:=(.*))?$/s.exec(word);
    const option = long !== null ? "--load" : joined !== undefined ? "-p" : letters.includes("f") ? "-f" : undefined;
    const file = long?.[1] ?? joined ?? "";
    if (option !== undefined) return { option, files: file === "" ? others : [file, ...others] };
  }
  return undefined;
}

/** Whether a file is read at every boot, whoever sets up the network. Source: sysctl.conf(5), sysctl.d(5). */
function isReadAtBoot(file: string): boolean {
  return /^\/etc\/sysctl\.conf$|^\/(etc|run|usr\/lib|usr\/local\/lib|lib)\/sysctl\.d\/[^/]+\.conf$/.test(file);
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
