import type { Span } from "../../diagnostic/diagnostic.ts";
import type { OptionName } from "../../model/options.ts";
import type { Subject } from "../rule.ts";
import { spelt } from "./spelling.ts";

/** Languages whose places of options are the keys alone. */
const byKey = new Set(["netplan", "nmstate", "cloud-init", "networkmanager", "holdfast"]);

const bareKey = /^["']?[\w.-]+["']?$/;
/* A plain value on the key's own line. What YAML gives a meaning of its own (anchors, tags, flow) is left alone. */
const rest = /[ \t]*[:=][ \t]*(?:"[^"\n\\]*"|'[^'\n]*'|[\w./+-][^\n#"'{}[\],]*)(?=$|[\n,}]|[ \t]#)/my;

/** The whole statement at a place that may be its key alone, or its value; the place itself where it is no lone key or its value is
 *  no plain one. */
export function keyedStatement({ dialect, files }: Subject, at: Span): Span {
  const text = files.get(at.file) ?? "";
  if (dialect === "networkd") {
    const line = text.lastIndexOf("\n", at.start - 1) + 1;
    return /^\w+[ \t]*=[ \t]*$/.test(text.slice(line, at.start)) ? { ...at, start: line } : at;
  }
  if (!byKey.has(dialect) || !bareKey.test(text.slice(at.start, at.end))) return at;
  rest.lastIndex = at.end;
  const found = rest.exec(text)?.[0];
  return found === undefined ? at : { ...at, end: at.end + found.trimEnd().length };
}

/** The two words of an option and its value in a command; undefined where the command doesn't say it exactly once in its own name. */
export function commandWords(subject: Subject, at: Span, option: OptionName): Span | undefined {
  const text = (subject.files.get(at.file) ?? "").slice(at.start, at.end);
  const found = [
    ...text.matchAll(new RegExp(`(?<=[ \\t])${spelt(subject, option)}[ \\t]+[\\w+.-]+(?=[ \\t;&|]|$)`, "g")),
  ];
  const [only] = found;
  if (only === undefined || found.length > 1) return undefined;
  return { file: at.file, start: at.start + only.index, end: at.start + only.index + only[0].length };
}
