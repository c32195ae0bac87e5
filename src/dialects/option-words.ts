import { parseOption } from "../model/option-value.ts";
import { type BondOptions, type OptionName, optionNamed, optionRow } from "../model/options.ts";

/** One word of a line of options as the kernel module takes them: `miimon=100`. */
export interface OptionWord {
  readonly key: string;
  /** undefined: the word has no "=". */
  readonly value: string | undefined;
  /** Offsets in the line. */
  readonly start: number;
  readonly end: number;
}

/** Splits such a line at blanks. Linear. */
export function optionWords(line: string): readonly OptionWord[] {
  return [...line.matchAll(/[^ \t\r\n]+/g)].map(({ 0: word, index }) => {
    const sign = word.indexOf("=");
    const [key, value] = sign < 0 ? [word, undefined] : [word.slice(0, sign), word.slice(sign + 1)];
    return { key, value, start: index, end: index + word.length };
  });
}

/** What is wrong with a word of such a line, in the order of the checks. */
export type WordProblem =
  | { readonly what: "no-sign" | "unknown"; readonly word: OptionWord }
  | { readonly what: "bad-value"; readonly word: OptionWord; readonly message: string; readonly hint?: string };

/** The options of a bond that the words set, and where each was said. The last one counts; targets with a plus sign add up, as in
 *  sysfs. `reads` is whether the consumer knows the option at all. */
export function readOptionWords(
  words: readonly OptionWord[],
  reads: (option: OptionName) => boolean,
): {
  readonly options: BondOptions;
  readonly said: ReadonlyMap<OptionName, OptionWord>;
  readonly problems: readonly WordProblem[];
} {
  const options: Record<string, unknown> = {};
  const said = new Map<OptionName, OptionWord>();
  const problems: WordProblem[] = [];
  for (const word of words) {
    const option = optionNamed(word.key);
    if (word.value === undefined) problems.push({ what: "no-sign", word });
    else if (option === undefined || optionRow(option).scope === "port" || !reads(option))
      problems.push({ what: "unknown", word });
    else {
      const earlier = word.value.startsWith("+") ? [options[option] ?? []].flat() : [];
      const plain = optionRow(option).kind === "list" ? word.value.replace(/(^|,)\+/g, "$1") : word.value;
      const parsed = parseOption(option, [...new Set([...earlier, plain])].join(","));
      if (parsed.ok) {
        options[option] = parsed.value;
        said.set(option, word);
      } else problems.push({ what: "bad-value", word, ...parsed.error });
    }
  }
  return { options: options as BondOptions, said, problems };
}
