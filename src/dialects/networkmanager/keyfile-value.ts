import { utf8 } from "./uuid.ts";

/** A value as GLib's g_key_file_get_string() understands it: \s \n \t \r and \\; other backslashes stand for themselves, as
 *  NetworkManager reads them. */
export function unescapeValue(raw: string): string {
  if (!raw.includes("\\")) return raw;
  return raw.replace(/\\([sntr\\])/g, (_, letter: string) => unescaped[letter] ?? letter);
}

const unescaped: Readonly<Record<string, string>> = { s: " ", n: "\n", t: "\t", r: "\r", "\\": "\\" };

/** Whether a text can stand in a keyfile at all: no control characters but those that have an escape, no halves of characters. */
export function isWritable(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what GLib has no escape for.
  return !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\uFEFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(
    text,
  );
}

/** The value that unescapeValue() reads back as this text, on one line; the text must be writable. */
export function escapeValue(text: string): string {
  return text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replace(/^ +|(?<! ) +$/g, (blanks) => "\\s".repeat(blanks.length));
}

/** The items of a list such as `dns=`: parted by semicolons, with \; for one in an item. */
export function listItems(raw: string): readonly string[] {
  return raw
    .split(/(?<!\\);/)
    .map((item) => unescapeValue(item.replaceAll("\\;", ";").trim()))
    .filter((item) => item !== "");
}

/** A network's name from `ssid=`: bytes as "98;98;" or a text, in which "\;" is a semicolon. Bytes that are no UTF-8 are undefined. */
export function readSsid(raw: string): string | undefined {
  if (/^\s*\d[\d;\s]*;\s*$/.test(raw)) {
    const bytes = raw.split(";").map((item) => item.trim());
    const values = bytes.filter((item) => item !== "").map(Number);
    if (values.every((value) => value <= 255)) return fromUtf8(values);
  }
  return unescapeValue(raw).replaceAll("\\;", ";");
}

function fromUtf8(bytes: readonly number[]): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch {
    return undefined;
  }
}

/** The value of `ssid=` for a name: as text where that is plain, else as bytes; undefined where it is no name (1 to 32 bytes). */
export function writeSsid(ssid: string): string | undefined {
  const bytes = utf8(ssid);
  if (
    bytes.length === 0 ||
    bytes.length > 32 ||
    /[\uD800-\uDFFF]/.test(ssid.replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, ""))
  )
    return undefined;
  return /^[!-:<-[\]-~]([ -:<-[\]-~]*[!-:<-[\]-~])?$/.test(ssid) ? ssid : `${bytes.join(";")};`;
}
