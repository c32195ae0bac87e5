import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { BondOptions } from "../../model/options.ts";
import { booleanOf } from "../assigned-file.ts";
import { optionWords, readOptionWords, type WordProblem } from "../option-words.ts";
import type { IfcfgFile } from "./files.ts";
import type { ModuleFiles } from "./modprobe.ts";
import { isInOpts } from "./spelling.ts";

/** Why a file is a bond's, by reader. */
export interface BondEvidence {
  readonly networkmanager: boolean;
  readonly initscripts: boolean;
  /** The file says that NetworkManager is to leave the interface alone. */
  readonly unmanaged: boolean;
}

/** What makes a bond of a file: TYPE=Bond or BONDING_MASTER=yes for NetworkManager; BONDING_OPTS, or an alias of the module loader,
 *  for the initscripts. */
export function bondEvidence({ said, unknown, device }: IfcfgFile, modules: ModuleFiles): BondEvidence {
  const type = said.get("TYPE")?.value.toLowerCase();
  const isOvs = type?.startsWith("ovs") === true;
  return {
    networkmanager: !isOvs && (type === "bond" || booleanOf(said.get("BONDING_MASTER")) === true),
    initscripts:
      !isOvs &&
      ((said.get("BONDING_OPTS")?.value ?? "") !== "" || unknown.has("BONDING_OPTS") || modules.aliases.has(device)),
    unmanaged: booleanOf(said.get("NM_CONTROLLED")) === false,
  };
}

/** What is told of a bond that only one of the two readers makes. `isNamed`: ports name it as their bond. */
export function aboutEvidence(file: IfcfgFile, evidence: BondEvidence, isNamed: boolean): readonly Diagnostic[] {
  const at = (file.said.get("BONDING_OPTS") ?? file.said.get("DEVICE"))?.at ?? { file: file.path, start: 0, end: 0 };
  const { networkmanager, initscripts, unmanaged } = evidence;
  if (!initscripts && (unmanaged || !networkmanager))
    return [
      {
        code: "ifcfg-rh-no-bond",
        severity: "error",
        message: `${file.device}: ${isNamed ? "its ports name it, but " : ""}nothing in this file makes a bond of it: the initscripts look for BONDING_OPTS, NetworkManager for TYPE=Bond`,
        hint: 'Add TYPE=Bond, BONDING_MASTER=yes and BONDING_OPTS="mode=active-backup miimon=100".',
        at,
      },
    ];
  if (!networkmanager && !unmanaged)
    return [
      {
        code: "ifcfg-rh-readers-differ",
        severity: "warning",
        message: `${file.device}: the initscripts make a bond of this, NetworkManager an Ethernet profile`,
        hint: "Add TYPE=Bond and BONDING_MASTER=yes, or NM_CONTROLLED=no where the initscripts are in charge.",
        at,
      },
    ];
  return [];
}

/** The options in force: the module's, and over them those of BONDING_OPTS, with the place of each. */
export function readBondOptions(
  file: IfcfgFile,
  modules: ModuleFiles,
  note: (option: string, at: Span) => void,
  diagnostics: Diagnostic[],
): BondOptions {
  const line = file.said.get("BONDING_OPTS");
  const inherited = { ...modules.ofAll, ...modules.ofOne.get(file.device) };
  if (line === undefined) return inherited;
  const { options, said, problems } = readOptionWords(optionWords(line.value), isInOpts);
  for (const [option, word] of said) note(option, line.part(word.start, word.end));
  const place = (problem: WordProblem): Span => line.part(problem.word.start, problem.word.end);
  const loose = problems.filter(isLoose);
  const [first, ...more] = loose;
  if (first !== undefined) diagnostics.push(aboutLoose(file.device, place(first), more.map(place)));
  for (const problem of problems)
    if (!isLoose(problem)) diagnostics.push(aboutWord(file.device, problem, place(problem)));
  return { ...inherited, ...options };
}

/** Blanks around a sign tear a word apart; one finding for all the pieces. */
function isLoose({ what, word }: WordProblem): boolean {
  return what === "no-sign" || word.key === "" || word.value === "";
}

function aboutLoose(bond: string, at: Span, more: readonly Span[]): Diagnostic {
  return {
    code: "bonding-opts-word",
    severity: "error",
    message: `${bond}: ${more.length === 0 ? "this word of BONDING_OPTS sets" : `this and ${more.length} more words of BONDING_OPTS set`} nothing: each must be NAME=VALUE without blanks in it`,
    hint: 'Write it as in BONDING_OPTS="mode=active-backup miimon=100".',
    at,
    ...(more.length === 0 ? {} : { also: more.map((one) => ({ at: one, note: "so does this" })) }),
  };
}

function aboutWord(bond: string, problem: WordProblem, at: Span): Diagnostic {
  const { word } = problem;
  if (problem.what === "bad-value")
    return {
      code: "bad-option-value",
      severity: "error",
      message: `${bond}: ${word.key} ${problem.message}: it is not set`,
      ...(problem.hint === undefined ? {} : { hint: problem.hint }),
      at,
    };
  return {
    code: "unknown-bond-option",
    severity: "warning",
    message: `${bond}: ${word.key} cannot be set in BONDING_OPTS: both readers pass over it, with an error line`,
    hint: "Remove it, or mend its name.",
    at,
  };
}
