/** Words that begin a stanza: as the key of an option they would end the one they stand in. */
const keywords: ReadonlySet<string> = new Set([
  "iface",
  "mapping",
  "auto",
  "source",
  "no-auto-down",
  "no-scripts",
  "rename",
]);

/** Whether text can stand as one word on a line: no white space, no NUL, and short enough for ifupdown's buffer of 80. */
export function isWord(text: string): boolean {
  return text !== "" && text.length < 80 && !/[\s\0]/.test(text);
}

/** Whether text can be the key of an option line without being read as anything else. */
export function isOptionKey(text: string): boolean {
  const stanza = keywords.has(text) || text.startsWith("allow-") || text.startsWith("source-dir");
  return isWord(text) && !stanza && !text.startsWith("#") && !text.endsWith("\\") && !text.endsWith("?");
}

/** Whether text can be the name of an interface: a word that is neither a pattern nor a mapping, all of it to be seen. */
export function isInterfaceName(text: string): boolean {
  return isWord(text) && !/[/=#\\\p{C}\p{Z}]/u.test(text);
}

/** Whether text survives as the value of one line: something, one line, no white space at its ends, no NUL. */
export function isValue(text: string): boolean {
  return text !== "" && !/[\n\0]/.test(text) && !/^[ \t\v\f\r]|[ \t\v\f\r]$/.test(text);
}

/** An option as lines. A line feed in the value becomes a second line of the same key, which is what ifupdown reads it from.
 *  undefined: there is no way to write it. */
export function optionLines(key: string, value: string): readonly string[] | undefined {
  const values = value.split("\n");
  if (!isOptionKey(key) || !values.every(isValue)) return undefined;
  return values.map((one) => optionLine(key, one));
}

/** One line. A backslash at the end would pull the next line in; a space behind it keeps it a character, and ifupdown drops the space. */
export function optionLine(key: string, value: string): string {
  return `    ${key} ${value}${value.endsWith("\\") ? " " : ""}`;
}
