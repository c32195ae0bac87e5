import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import { formatOption, isInterfaceName } from "../../model/option-value.ts";
import type { OptionName } from "../../model/options.ts";
import { type AssignedFile, booleanOf } from "../assigned-file.ts";
import { optionWords, readOptionWords } from "../option-words.ts";
import { isWatched, refusals, spellingOf } from "./spelling.ts";

/** Whether a file is a bond's, for wicked. */
export function isBond({ said }: AssignedFile): boolean {
  return booleanOf(said.get("BONDING_MASTER")) === true;
}

/** The bond a file makes; undefined where wicked refuses the file, and then it sets nothing up at all. */
export function readBond(file: AssignedFile, origins: Map<string, Span>, diagnostics: Diagnostic[]): Bond | undefined {
  const name = file.suffix;
  const refuse = (message: string, hint: string, at: Span): void => {
    diagnostics.push({
      code: "wicked-bond-refused",
      severity: "error",
      message: `${name}: ${message}: wicked refuses the file, and there is no bond`,
      hint,
      at,
    });
  };
  const refused = diagnostics.length;
  const ports = readPorts(file, origins, refuse, diagnostics);
  const line = file.said.get("BONDING_MODULE_OPTS");
  const { options, said, problems } = readOptionWords(
    optionWords(line?.value ?? ""),
    (option) => spellingOf(option) !== "cannot-say",
  );
  const place = (option: OptionName): Span | undefined => {
    const word = said.get(option);
    return word === undefined || line === undefined ? undefined : line.part(word.start, word.end);
  };
  const start = file.said.get("BONDING_MASTER")?.at ?? { file: file.path, start: 0, end: 0 };
  for (const problem of problems) {
    const at = line?.part(problem.word.start, problem.word.end) ?? start;
    if (problem.what === "bad-value")
      refuse(`${problem.word.key} ${problem.message}`, problem.hint ?? "Write a value that the kernel takes.", at);
    else
      refuse(
        `it has no option like ${JSON.stringify(problem.word.key)}`,
        "Write NAME=VALUE words without blanks in them.",
        at,
      );
  }
  for (const { option, why } of refusals(options))
    refuse(
      `${option}=${formatOption(option, options[option] as never)}: ${why}`,
      /delay$/.test(option)
        ? `Write at least miimon's value, or remove ${option}.`
        : `Remove ${option}, or change the mode.`,
      place(option) ?? start,
    );
  if (problems.length === 0 && !isWatched(options))
    refuse("no link monitor is set", "Add miimon=100 to BONDING_MODULE_OPTS.", line?.valueAt ?? start);
  const isRefused = diagnostics.slice(refused).some(({ code }) => code === "wicked-bond-refused");
  if (isRefused) return undefined;
  origins.set(`bond/${name}`, start);
  for (const option of said.keys()) {
    const at = place(option);
    if (at !== undefined) origins.set(`bond/${name}/option/${option}`, at);
  }
  return { name, ports, options };
}

function readPorts(
  file: AssignedFile,
  origins: Map<string, Span>,
  refuse: (message: string, hint: string, at: Span) => void,
  diagnostics: Diagnostic[],
): readonly string[] {
  const ports = new Set<string>();
  for (const one of file.said.values()) {
    // Any suffix does: BONDING_SLAVE_0, BONDING_SLAVE0, BONDING_SLAVE.
    if (!one.key.startsWith("BONDING_SLAVE") || one.value === "") continue;
    if (!isInterfaceName(one.value)) {
      refuse(
        `${JSON.stringify(one.value)} is no interface's name`,
        "Name one interface in each BONDING_SLAVE_n.",
        one.valueAt,
      );
      continue;
    }
    if (ports.has(one.value))
      diagnostics.push({
        code: "port-twice",
        severity: "warning",
        message: `${file.suffix}: ${one.value} is listed twice`,
        hint: "Remove one of the two lines.",
        at: one.at,
      });
    else {
      ports.add(one.value);
      origins.set(`bond/${file.suffix}/port/${one.value}`, one.at);
    }
  }
  return [...ports];
}
