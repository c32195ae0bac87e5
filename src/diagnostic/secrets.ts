import type { FileSet } from "./diagnostic.ts";

/** What stands where a secret was. Always the same length, so that it doesn't tell the secret's. */
export const mask = "********";

/* Keys whose value is a secret, in any dialect's spelling: ifupdown (wpa-psk, wireless-key), keyfile (psk, wep-key0),
 * netplan and holdfast.yaml (psk, password), wpa_supplicant (psk, sae_password, private_key_passwd). Too many masked
 * words cost a look at the file; one too few publishes a key in a CI log. */
const ownKey =
  "(?:wpa|wifi|wireless)[-_](?:psk|password|passphrase|passwd|sae[-_]password|private[-_]key[-_]passwd|wep[-_]key[0-3]|pin)" +
  "|wireless[-_]key[0-4]?|wep[-_]key[0-3]?|private[-_]key[-_]passwd|sae[-_]password|leap[-_]password|psk";
/* Words of everyday language are keys only before "=" or ":". */
const plainWord = "password|passphrase|passwd|secret|token|pin";

/* After the key: "=" or ":" (a YAML block value may follow on the next line), or white space with continuation lines. */
const sign = "[\"']?[ \\t]*[:=][ \\t]*(?:[|>][-+0-9]*[ \\t]*)?(?:\\r?\\n[ \\t]+)?";
const gap = "(?:[ \\t]|\\\\\\r?\\n)+";
const value = "(?<value>\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\n]|'')*'|[^\\s{[#](?:\\\\\\r?\\n|[^\\n])*)";
const secretOption = new RegExp(
  `(?<![\\w.-])(?:(?:${ownKey})(?:${sign}|${gap})|(?:${plainWord})${sign})${value}`,
  "dgi",
);

/** Where secret values stand in a text, in order: offsets in UTF-16 units. A reference such as `{file: …}` is none. */
export function secretRanges(text: string): readonly { readonly start: number; readonly end: number }[] {
  const ranges = [];
  for (const match of text.matchAll(secretOption)) {
    const range = match.indices?.groups?.["value"];
    if (range === undefined) continue;
    const [start, rawEnd] = range;
    const end = start + valueLength(text, match.index, start, rawEnd);
    if (end > start) ranges.push({ start, end });
  }
  return ranges;
}

/** Inside a YAML flow map or a shell word list an unquoted value ends earlier than its line. */
function valueLength(text: string, keyStart: number, start: number, end: number): number {
  const found = text.slice(start, end).trimEnd();
  const lineStart = text.lastIndexOf("\n", keyStart) + 1;
  const isFlow = /[{,][^}]*$/.test(text.slice(lineStart, keyStart)) && !/^["']/.test(found);
  const flowEnd = isFlow ? found.search(/[,}]/) : -1;
  return flowEnd === -1 ? found.length : flowEnd;
}

/** Takes every secret value of these files out of a message, whoever wrote it there. Values under 8 characters (no WPA
 *  key is so short) are left alone: they would strike innocent words. */
export function redactor(files: FileSet): (text: string) => string {
  const values = new Set<string>();
  for (const text of files.values()) {
    for (const range of secretRanges(text)) {
      const bare = text.slice(range.start, range.end).replace(/^(["'])(.*)\1$/s, "$2");
      if (bare.length >= 8) values.add(bare);
    }
  }
  const longestFirst = [...values].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((result, secret) => result.replaceAll(secret, mask), text);
}
