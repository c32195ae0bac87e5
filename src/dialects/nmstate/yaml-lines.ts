/** A value of a state: plain data, written in block style. Undefined entries are not there. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value | undefined };

/** The lines of a value as a block, each with this many blanks before it. */
export function yamlLines(value: Value, indent: number): readonly string[] {
  const before = " ".repeat(indent);
  if (isScalar(value)) return [`${before}${scalar(value)}`];
  if (isList(value)) return value.flatMap((item) => itemLines(item, indent));
  const lines: string[] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const said = `${before}${word(key)}:`;
    if (isScalar(inner)) lines.push(`${said} ${scalar(inner)}`);
    else if (isEmpty(inner)) lines.push(`${said} ${isList(inner) ? "[]" : "{}"}`);
    else lines.push(said, ...yamlLines(inner, isList(inner) ? indent : indent + 2));
  }
  return lines;
}

/** An item of a list: its first line behind the dash. */
function itemLines(item: Value, indent: number): readonly string[] {
  const before = " ".repeat(indent);
  if (isScalar(item)) return [`${before}- ${scalar(item)}`];
  if (isEmpty(item)) return [`${before}- ${isList(item) ? "[]" : "{}"}`];
  const [first = "", ...rest] = yamlLines(item, indent + 2);
  return [`${before}- ${first.slice(indent + 2)}`, ...rest];
}

function isScalar(value: Value): value is string | number | boolean | null {
  return value === null || typeof value !== "object";
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isEmpty(value: Value): boolean {
  if (isScalar(value)) return false;
  return isList(value) ? value.length === 0 : Object.values(value).every((inner) => inner === undefined);
}

function scalar(value: string | number | boolean | null): string {
  return typeof value === "string" ? word(value) : String(value);
}

/** A text, in quotes unless every YAML reader, of version 1.1 too, takes it for a text as it stands. Double quotes of JSON are
 *  YAML's as well, and keep every text on its line. */
function word(text: string): string {
  const isPlain =
    /^[A-Za-z][A-Za-z0-9_.+/-]*$/.test(text) && !/^(?:y|yes|n|no|on|off|true|false|null|inf|nan)$/i.test(text);
  return isPlain ? text : quoted(text);
}

/** JSON leaves these three as they are, and YAML readers break lines at them. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\uFEFF]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
