import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import type { BondOptions } from "../../model/options.ts";
import { readCommands, type ShellWord } from "../../syntax/shell-words.ts";
import { type OptionWord, readOptionWords } from "../option-words.ts";

/** What the module loader's files say of bonds: `alias bond0 bonding` makes one when bond0 is asked for, `options bonding …` sets
 *  the defaults of every bond, `options bond0 …` those of one, in releases that load the module once for each bond. */
export interface ModuleFiles {
  readonly aliases: ReadonlySet<string>;
  readonly ofAll: BondOptions;
  readonly ofOne: ReadonlyMap<string, BondOptions>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Whether a path is one of the module loader's. */
export function isModulePath(path: string): boolean {
  return /(^|\/)(modprobe\.conf|modules\.conf|conf\.modules)$|(^|\/)modprobe\.d\/[^/]+$/.test(path);
}

/** Module parameters that are no options of a bond. */
const moduleOnly: ReadonlySet<string> = new Set(["max_bonds", "tx_queues"]);

/** Reads modprobe.conf and modprobe.d. Options that no bond has are reported; everything that isn't about bonding is passed over. */
export function readModuleFiles(files: FileSet): ModuleFiles {
  const aliases = new Set<string>();
  const ofOne = new Map<string, BondOptions>();
  const diagnostics: Diagnostic[] = [];
  let ofAll: BondOptions = {};
  for (const [path, text] of files) {
    if (!isModulePath(path)) continue;
    for (const { words } of readCommands(path, text)) {
      const [verb, name, ...rest] = words;
      if (verb === undefined || name === undefined) continue;
      if (verb.text === "alias" && rest[0]?.text === "bonding") aliases.add(name.text);
      if (verb.text !== "options") continue;
      if (name.text === "bonding") ofAll = { ...ofAll, ...optionsIn(rest, diagnostics) };
      else if (/^bond/.test(name.text))
        ofOne.set(name.text, { ...ofOne.get(name.text), ...optionsIn(rest, diagnostics) });
    }
  }
  return { aliases, ofAll, ofOne, diagnostics };
}

function optionsIn(shellWords: readonly ShellWord[], diagnostics: Diagnostic[]): BondOptions {
  const placed = new Map<OptionWord, ShellWord>();
  const words = shellWords.flatMap((word): OptionWord[] => {
    const sign = word.text.indexOf("=");
    const key = sign < 0 ? word.text : word.text.slice(0, sign);
    if (moduleOnly.has(key)) return [];
    const one = { key, value: sign < 0 ? undefined : word.text.slice(sign + 1), start: 0, end: word.text.length };
    placed.set(one, word);
    return [one];
  });
  const { options, problems } = readOptionWords(words, () => true);
  for (const { what, word } of problems) {
    const at = placed.get(word)?.at;
    diagnostics.push({
      code: "bonding-module-option",
      severity: "error",
      message: `the bonding module has no parameter like ${JSON.stringify(word.key)}${what === "bad-value" ? " with this value" : ""}: it refuses to load, or ignores it`,
      hint: "Remove it, or write it as NAME=VALUE.",
      ...(at === undefined ? {} : { at }),
    });
  }
  return options;
}
