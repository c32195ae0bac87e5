import { type BondOptions, type Mode, type OptionName, optionNames, optionRow, optionsIn } from "./options.ts";

export { formatOption, parseOption, readOption } from "./option-value.ts";

/** Options that can't stand together, or not in this mode: what the kernel would refuse or silently undo. */
export interface OptionConflict {
  readonly kind: "not-in-mode" | "excludes" | "requires";
  readonly option: OptionName;
  /** The other option concerned: mode, the excluded or the required one. */
  readonly other: OptionName;
  readonly message: string;
  readonly hint: string;
}

/** Every conflict in one bond's options, read from the table. Mode: as said, else the given default (the kernel's own
 *  is balance-rr). Values are taken as valid by themselves. */
export function conflictsIn(options: BondOptions, defaultMode: Mode = "balance-rr"): readonly OptionConflict[] {
  const mode = (options.mode ?? defaultMode) as Mode;
  const found: OptionConflict[] = [];
  for (const name of optionsIn(options)) {
    const { modes, excludes, requires } = optionRow(name);
    if (!(modes as readonly string[]).includes(mode)) found.push(modeConflict(name, mode));
    if (excludes !== undefined) found.push(...exclusions(name, options));
    if (requires !== undefined) found.push(...requirements(name, options));
  }
  return found;
}

/** Whether the kernel takes the option in this mode. */
export function allowedIn(name: OptionName, mode: Mode): boolean {
  return (optionRow(name).modes as readonly string[]).includes(mode);
}

/** Whether the option does something in this mode (it may be taken and mean nothing). */
export function effectiveIn(name: OptionName, mode: Mode): boolean {
  const row = optionRow(name);
  return (row.effectiveModes ?? row.modes).includes(mode);
}

function modeConflict(name: OptionName, mode: Mode): OptionConflict {
  return {
    kind: "not-in-mode",
    option: name,
    other: "mode",
    message: `${name} does not work in mode ${mode}, only in ${optionRow(name).modes.join(", ")}`,
    hint: `Remove ${name}, or change the mode.`,
  };
}

function exclusions(name: OptionName, options: BondOptions): readonly OptionConflict[] {
  return (
    (optionRow(name).excludes ?? [])
      .map((other) => other as OptionName)
      .filter((other) => isOn(options, name) && isOn(options, other))
      // miimon and arp_interval name each other; one finding is enough.
      .filter(
        (other) =>
          !(optionRow(other).excludes?.includes(name) && optionNames.indexOf(other) < optionNames.indexOf(name)),
      )
      .map((other) => ({
        kind: "excludes",
        option: name,
        other,
        message: `${name} and ${other} cannot both be on: the kernel refuses the pair, or lets the later one turn the other off`,
        hint: `Keep ${other} or ${name}, and remove the other.`,
      }))
  );
}

function requirements(name: OptionName, options: BondOptions): readonly OptionConflict[] {
  return (optionRow(name).requires ?? [])
    .map((other) => other as OptionName)
    .filter((other) => !isOn(options, other))
    .map((other) => ({
      kind: "requires",
      option: name,
      other,
      message: `${name} needs ${other}: without it the kernel refuses even ${name} 0`,
      hint: `Set ${other}, or remove ${name}.`,
    }));
}

function isOn(options: BondOptions, name: OptionName): boolean {
  const value = options[name];
  return value !== undefined && value !== 0 && value !== "none";
}
