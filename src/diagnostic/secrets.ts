import type { FileSet } from "./diagnostic.ts";
import { isSlipOfSecretKey, mayNameSecret, secretKeyOf } from "./secret-keys.ts";

/** What stands where a secret was. Always the same length, so that it doesn't tell the secret's. */
export const mask = "********";

/** Where a secret stands in a text: offsets in UTF-16 units, end exclusive. */
export interface SecretRange {
  readonly start: number;
  readonly end: number;
}

/* What stands between words that could be keys. */
const separator = /[\s"'`=:,;{}()[\]<>|&$\\]/;
const separates = Uint8Array.from({ length: 128 }, (_, code) => Number(separator.test(String.fromCharCode(code))));
/* The beginning of a URL with a password in it: scheme://user:password@host. */
const login = /:\/\/[^\s/?#@:"'<>]*:(?=[^\s/?#"'<>]*@)([^\s/?#"'<>]*)@/y;
/* After the key: "=" or ":" (a YAML block value may follow on the next line), or white space with continuation lines. */
const sign = /["']?[ \t]*[:=][ \t]*(?:[|>][-+0-9]*[ \t]*)?(?:(?<below>\r?\n[ \t]+))?/y;
const gap = /(?:[ \t]|\\\r?\n)+/y;
const value = /(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')(?=$|[\s,;:}\])])|[^\s](?:\\\r?\n|[^\n])*/y;
const wholeLine = /[^\s](?:\\\r?\n|[^\n])*/y;
const flowValue = /(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')|[^\s,}][^,}\n]*/y;
const radioKey = /[ \t]+(?<value>(?:s|d?:?\d):\S+)/y;

/** Where secret values stand in a text, in order. A reference such as `{file: …}` is none. Linear in the text's length. */
export function secretRanges(text: string): readonly SecretRange[] {
  const ranges: SecretRange[] = [];
  let from = 0;
  let end = 0;
  // Every word of every file is looked at: by its letters, which takes a third of what a pattern takes.
  for (let at = 0; at < text.length; at = end) {
    end = at;
    while (end < text.length && !isSeparator(text, end)) end++;
    const url = end === at ? passwordAt(text, at) : undefined;
    const range = end > at && at >= from ? valueAfter(text, at, text.slice(at, end)) : url;
    if (end === at) end = url === undefined ? at + 1 : url.end + 1;
    if (range === undefined || at < from || range.end <= range.start) continue;
    ranges.push(range);
    from = range.end;
  }
  return ranges;
}

function isSeparator(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < separates.length ? separates[code] === 1 : separator.test(text[at] ?? "");
}

/** The password of a URL whose "://" stands here. */
function passwordAt(text: string, at: number): SecretRange | undefined {
  if (!text.startsWith("://", at)) return undefined;
  login.lastIndex = at;
  const password = login.exec(text)?.[1];
  const end = login.lastIndex - 1;
  return password === undefined ? undefined : { start: end - password.length, end };
}

/** No option of any program is longer. */
const longestKey = 100;

function valueAfter(text: string, at: number, word: string): SecretRange | undefined {
  if (word.length > longestKey || !mayNameSecret(word)) return undefined;
  const end = at + word.length;
  if (word === "key" || word === "keys") return radioKeyAfter(text, end);
  const kind = secretKeyOf(word);
  const isSigned = isBeforeSign(text, end);
  const isKey = isSigned || kind === "known" || isOption(text, at, word);
  if (!isKey || (kind === undefined && !isSlipOfSecretKey(word))) return undefined;
  sign.lastIndex = end;
  const signed = isSigned ? sign.exec(text) : null;
  const reference = /private[-_]?key$/i.test(word) ? "/" : "{";
  if (signed === null) {
    gap.lastIndex = end;
    // Where white space stands between key and value, quotes are characters like any other.
    return gap.test(text) ? rangeAt(text, gap.lastIndex, reference, wholeLine) : undefined;
  }
  const start = end + signed[0].length;
  // A map below the key: what is in it has keys of its own.
  const isMap =
    signed.groups?.["below"] !== undefined && /^[\w-]+:(?:\s|$)/.test(text.slice(start, start + longestKey));
  return isMap ? undefined : rangeAt(text, start, reference, isInFlowMap(text, at) ? flowValue : value);
}

/** Whether "=" or ":" comes next, less a quote and blanks: asked of every word, so without a pattern. */
function isBeforeSign(text: string, end: number): boolean {
  let at = end;
  if (text[at] === '"' || text[at] === "'") at++;
  while (text[at] === " " || text[at] === "\t") at++;
  return text[at] === "=" || text[at] === ":";
}

/** `iw` and `iwconfig` take a WEP key after a plain "key", in a form of its own. */
function radioKeyAfter(text: string, at: number): SecretRange | undefined {
  radioKey.lastIndex = at;
  const found = radioKey.exec(text);
  const secret = found?.groups?.["value"] ?? "";
  return found === null ? undefined : { start: radioKey.lastIndex - secret.length, end: radioKey.lastIndex };
}

/** First on its line, also in one that is commented out, or written as an option of a command. */
function isOption(text: string, at: number, word: string): boolean {
  if (/^--?[A-Za-z]/.test(word)) return true;
  // Not lastIndexOf: in a line of a megabyte every word would look for its beginning.
  for (let before = at - 1; before >= 0; before--) {
    if (text[before] === "\n") return true;
    if (text[before] !== " " && text[before] !== "\t") return false;
  }
  return true;
}

function rangeAt(text: string, start: number, reference: string, pattern: RegExp): SecretRange | undefined {
  const isQuoted = text[start] === '"' || text[start] === "'";
  if (text[start + (isQuoted ? 1 : 0)] === reference) return undefined;
  pattern.lastIndex = start;
  const found = pattern.exec(text)?.[0];
  return found === undefined ? undefined : { start, end: start + found.trimEnd().length };
}

/** How far back the brace of a flow map is looked for: a line of a megabyte must not be read again for every key in it. */
const longestFlow = 500;

/** Inside a YAML flow map an unquoted value ends earlier than its line. */
function isInFlowMap(text: string, keyStart: number): boolean {
  const before = text.slice(Math.max(0, keyStart - longestFlow), keyStart);
  const line = before.slice(before.lastIndexOf("\n") + 1);
  return line.lastIndexOf("{") > line.lastIndexOf("}");
}

/** Masks the value of every secret option and the password of every URL in a text; its lines stay where they are. */
export function maskText(text: string): string {
  let result = "";
  let at = 0;
  for (const { start, end } of secretRanges(text)) {
    const breaks = text.slice(start, end).replace(/[^\n]/g, "");
    result += text.slice(at, start) + mask + breaks;
    at = end;
  }
  return result + text.slice(at);
}

/* Words of these lengths and more are taken out wherever they stand. No WPA key is shorter. */
const shortestKey = 8;
/* Passwords can be shorter: as whole words they are taken out too. Still shorter ones would strike innocent words. */
const shortestWord = 4;

/** Takes every secret value of these files out of a message, whoever wrote it there: those of 8 characters and more wherever
 *  they stand, those of 4 to 7 as whole words. */
export function redactor(files: FileSet): (text: string) => string {
  return redactorOf(secretValues(files));
}

/** Every secret value of these files, in all the spellings a message could have it in. Never to be printed. */
export function secretValues(files: FileSet): ReadonlySet<string> {
  const values = new Set<string>();
  for (const text of files.values()) {
    for (const range of secretRanges(text)) {
      for (const spelling of spellingsOf(text.slice(range.start, range.end))) values.add(spelling);
    }
  }
  return values;
}

/** A redactor for values that `secretValues` found, of one set of files or of many. Its time grows with the text; with how many
 *  values there are only as far as they begin alike. */
export function redactorOf(values: Iterable<string>): (text: string) => string {
  const all = [...new Set(values)].sort((a, b) => b.length - a.length);
  const short = all.filter((each) => each.length < shortestKey && each.length >= shortestWord);
  const keys = byBeginning(all, shortestKey);
  const words = byBeginning(short, shortestWord);
  const longest = all[0]?.length ?? 0;
  const sorted = all.toSorted();
  return (text) => {
    const long = keys.size === 0 ? text : withoutKeys(text, keys);
    const cut = long.includes("…") ? withoutCut(long, sorted, longest) : long;
    return words.size === 0 ? cut : withoutWords(cut, words);
  };
}

/** A value as it stands, without its quotes, with its lines joined, and as a message in quotes would repeat it. */
function spellingsOf(written: string): readonly string[] {
  const bare = written.replace(/^(["'])(.*)\1$/s, "$2");
  const joined = bare.replace(/\\\r?\n/g, "");
  const trimmed = joined.replace(/[ \t]+/g, " ");
  return [bare, joined, trimmed, JSON.stringify(joined).slice(1, -1)].filter((each) => each.length >= shortestWord);
}

/** Values by their first characters, the longest of each first: thousands of them cost no more than one. */
function byBeginning(values: readonly string[], length: number): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const value of values.filter((each) => each.length >= length)) {
    const start = value.slice(0, length);
    const known = found.get(start);
    if (known === undefined) found.set(start, [value]);
    else known.push(value);
  }
  return found;
}

/** Words as they stand between white space, quotes and punctuation. */
function withoutWords(text: string, words: ReadonlyMap<string, readonly string[]>): string {
  return without(text, shortestWord, words, (at, length) => !isOfWord(text[at - 1]) && !isOfWord(text[at + length]));
}

function isOfWord(character: string | undefined): boolean {
  return character !== undefined && /[\w-]/.test(character);
}

/** A message that was shortened may end in the middle of a secret: the longest end that begins one goes. `sorted` as strings are. */
function withoutCut(text: string, sorted: readonly string[], longest: number): string {
  return text.replace(/(?<![^…])[^…]*…/g, (part) => {
    const before = part.slice(0, -1);
    for (let at = Math.max(0, before.length - longest + 1); at + shortestWord <= before.length; at++) {
      if (isBeginning(before.slice(at), sorted)) return `${before.slice(0, at)}${mask}…`;
    }
    return part;
  });
}

/** Whether one of the values begins so and goes on. */
function isBeginning(text: string, sorted: readonly string[]): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") <= text) low = middle + 1;
    else high = middle;
  }
  return sorted[low]?.startsWith(text) === true;
}

function withoutKeys(text: string, keys: ReadonlyMap<string, readonly string[]>): string {
  return without(text, shortestKey, keys, () => true);
}

/** Masks the first of the values that stands at each place and may be taken out there. */
function without(
  text: string,
  beginning: number,
  values: ReadonlyMap<string, readonly string[]>,
  mayGo: (at: number, length: number) => boolean,
): string {
  let result = "";
  let kept = 0;
  for (let at = 0; at + beginning <= text.length; at++) {
    const secret = values
      .get(text.slice(at, at + beginning))
      ?.find((one) => text.startsWith(one, at) && mayGo(at, one.length));
    if (secret === undefined) continue;
    result += text.slice(kept, at) + mask;
    at += secret.length - 1;
    kept = at + 1;
  }
  return result + text.slice(kept);
}
