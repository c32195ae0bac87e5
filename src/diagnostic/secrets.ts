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

/* No WPA key is shorter; shorter values would strike innocent words. */
const shortestKey = 8;

/** Takes every secret value of these files out of a message, whoever wrote it there. Values under 8
 *  characters are left alone. */
export function redactor(files: FileSet): (text: string) => string {
  const values = new Set<string>();
  for (const text of files.values()) {
    for (const range of secretRanges(text)) {
      const bare = text.slice(range.start, range.end).replace(/^(["'])(.*)\1$/s, "$2");
      if (bare.length >= shortestKey) values.add(bare);
    }
  }
  // By their first characters, so that thousands of keys cost no more than one.
  const byStart = new Map<string, readonly string[]>();
  for (const secret of [...values].sort((a, b) => b.length - a.length)) {
    const start = secret.slice(0, shortestKey);
    byStart.set(start, [...(byStart.get(start) ?? []), secret]);
  }
  return (text) => (byStart.size === 0 ? text : redacted(text, byStart));
}

function redacted(text: string, byStart: ReadonlyMap<string, readonly string[]>): string {
  let result = "";
  let kept = 0;
  for (let at = 0; at + shortestKey <= text.length; at++) {
    const secret = byStart.get(text.slice(at, at + shortestKey))?.find((one) => text.startsWith(one, at));
    if (secret === undefined) continue;
    result += text.slice(kept, at) + mask;
    at += secret.length - 1;
    kept = at + 1;
  }
  return result + text.slice(kept);
}
