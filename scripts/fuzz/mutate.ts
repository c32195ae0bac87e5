import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import { oneOf, type Random, upTo } from "./random.ts";

/** What cases are made of: whole configurations, and the lines of all of them. */
export interface Material {
  readonly seeds: readonly FileSet[];
  readonly lines: readonly string[];
}

/* What has led parsers astray: quotes that stay open, numbers too large, names that objects have by themselves, text that
 * other programs would run. */
const oddities = [
  '"',
  "'",
  "`",
  "\\",
  "\\\n",
  "\r\n",
  "\r",
  "\0",
  "\u2028",
  "\ufeff",
  "\ud800",
  "é",
  "#",
  ";",
  ":",
  "=",
  "-",
  "- ",
  "[",
  "]",
  "{",
  "}",
  "&a ",
  "*a",
  "<<: ",
  "!!binary ",
  "|",
  ">",
  "%",
  "$(",
  // What a shell would put something in place of.
  `$${"{x}"}`,
  "$",
  "\t",
  " ",
  "/",
  "..",
  "../../x",
  "*",
  "?",
  "0",
  "-1",
  "1e9",
  "99999999999999999999",
  "4294967296",
  "0x10",
  "1.2.3.4",
  "::",
  "::ffff:1.2.3.4/129",
  "__proto__",
  "constructor",
  "toString",
  "bond0",
  "eth0",
  "lo",
  "null",
  "~",
  "true",
  "no",
  "[]",
  "{}",
  "[NoSuch]",
  "---\n",
  "...\n",
  "EOF",
  "<<EOF\n",
  "&&",
  "||",
  "\n\n",
];

/** Bytes a case may have. */
const longest = 150_000;

/** A configuration, changed in one to six places. */
export function caseFrom(random: Random, { seeds, lines }: Material): FileSet {
  const files = [...oneOf(random, seeds, new Map<string, string>())];
  if (random() < 0.1) files.push(...oneOf(random, seeds, new Map<string, string>()));
  const texts = new Map(files);
  const isBig = random() < 0.03;
  for (let left = 1 + upTo(random, 6); left > 0; left--) {
    const path = oneOf(random, [...texts.keys()], "/etc/network/interfaces");
    texts.set(path, changed(random, texts.get(path) ?? "", lines, isBig && left === 1).slice(0, longest));
  }
  return texts;
}

function changed(random: Random, text: string, pool: readonly string[], isBig: boolean): string {
  const at = upTo(random, text.length + 1);
  const to = Math.min(text.length, at + 1 + upTo(random, 40));
  const odd = oneOf(random, oddities, "x");
  if (isBig && random() < 0.3) return `${text}\n${counted(random, oneOf(random, pool, odd))}`;
  if (isBig) return text.slice(0, at) + repeated(random, text.slice(at, to) || odd) + text.slice(at);
  const lines = text.split("\n");
  const line = upTo(random, lines.length);
  const other = upTo(random, lines.length);
  switch (upTo(random, 11)) {
    case 0:
      return text.slice(0, at) + odd + text.slice(at);
    case 1:
      return text.slice(0, at) + odd + text.slice(to);
    case 2:
      return text.slice(0, at) + text.slice(to);
    case 3:
      return text.slice(0, at);
    case 4:
      return lines.toSpliced(line, 1).join("\n");
    case 5:
      return lines.toSpliced(line, 0, lines[other] ?? "").join("\n");
    case 6:
      return lines
        .with(line, lines[other] ?? "")
        .with(other, lines[line] ?? "")
        .join("\n");
    case 7:
      return lines.with(line, `${" ".repeat(upTo(random, 9))}${(lines[line] ?? "").trimStart()}`).join("\n");
    case 8:
      return lines.with(line, (lines[line] ?? "").replace(/[^\s:=]+$/, odd)).join("\n");
    case 9: {
      const words = [...(lines[line] ?? "").matchAll(/[\w.-]+/g)];
      const word = words[upTo(random, words.length)];
      if (word === undefined) return text;
      const from = lines.slice(0, line).join("\n").length + (line === 0 ? 0 : 1) + word.index;
      return text.slice(0, from) + odd + text.slice(from + word[0].length);
    }
    default:
      return lines.toSpliced(line, 0, oneOf(random, pool, odd)).join("\n");
  }
}

/** A line over and over, its last number another each time, from as many as there are lines or from a few hundred: what is
 *  looked for among all that came before (routes, addresses, ports) shows whether it costs more than its length. */
function counted(random: Random, line: string): string {
  const last = /\d{1,3}(?=\D*$)/.exec(line);
  const kinds = random() < 0.5 ? 65_536 : 700;
  const count = Math.ceil(100_000 / (line.length + 3));
  const numbered = (index: number): string => {
    const number = index % kinds;
    if (last === null) return `${line}${number}`;
    const text = line.slice(0, last.index).endsWith(".") ? `${number >> 8}.${number & 255}` : String(number);
    return line.slice(0, last.index) + text + line.slice(last.index + last[0].length);
  };
  return Array.from({ length: count }, (_, index) => numbered(index)).join("\n");
}

function repeated(random: Random, unit: string): string {
  const piece = random() < 0.5 ? unit : `${unit}\n`;
  return piece.repeat(Math.ceil(100_000 / piece.length));
}
