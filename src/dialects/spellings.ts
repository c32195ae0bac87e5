import { type OptionName, optionNames } from "../model/options.ts";

/** A dialect's words for the bonding options, as a table over all of them. */
export function spellingsOf(
  wordFor: (option: OptionName) => string | null,
): Readonly<Record<OptionName, string | null>> {
  return Object.fromEntries(optionNames.map((option) => [option, wordFor(option)])) as Record<
    OptionName,
    string | null
  >;
}
