import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { IfaceStanza, Word } from "./document.ts";
import { isFamily, isMethod, methods } from "./methods.ts";

type Report = (code: string, severity: Diagnostic["severity"], message: string, at: Span, hint?: string) => void;

/** Reads `iface NAME [FAMILY METHOD] [inherits OTHER]`. undefined when there is not even a name.
 *  `known` holds "name" and "name family" of the stanzas before this one. Source: read_interfaces_defn() of ifupdown 0.8.41. */
export function readIfaceLine(
  words: readonly Word[],
  span: Span,
  known: ReadonlySet<string>,
  report: Report,
): IfaceStanza | undefined {
  const [name, ...rest] = words;
  if (name === undefined) {
    const hint = "Write iface NAME inet METHOD.";
    report(
      "ifupdown-iface-without-name",
      "error",
      `"iface" names no interface: ifup stops reading ${span.file} here`,
      span,
      hint,
    );
    return undefined;
  }
  const family = rest[0] !== undefined && isFamily(rest[0].text) ? rest[0] : undefined;
  const afterFamily = family === undefined ? rest : rest.slice(1);
  const inheritsNext = afterFamily[0]?.text === "inherits";
  const method = family === undefined || inheritsNext ? undefined : afterFamily[0];
  const tail = method === undefined ? afterFamily : afterFamily.slice(1);
  checkMethod(name, family, method, tail, span, report);
  const inherits = readInherits(name, family, tail, span, known, report);
  return { kind: "iface", name, family, method, inherits, options: [], span };
}

function checkMethod(
  name: Word,
  family: Word | undefined,
  method: Word | undefined,
  tail: readonly Word[],
  span: Span,
  report: Report,
): void {
  const stops = `ifup stops reading ${span.file} here`;
  if (family === undefined) {
    const next = tail[0];
    if (next?.text === "inherits") return;
    const what = next === undefined ? "no address family and method" : `"${next.text}" for an address family`;
    const hint = `Write iface ${name.text} inet METHOD (ifupdown2 takes the line as it is, ifupdown does not).`;
    report(
      "ifupdown-stanza-without-method",
      "error",
      `${name.text}: iface line with ${what}: ${stops}`,
      next?.span ?? span,
      hint,
    );
    return;
  }
  if (method === undefined) {
    if (tail[0]?.text === "inherits") return;
    const message = `${name.text}: iface line without a method: ${stops}`;
    report("ifupdown-stanza-without-method", "error", message, span, `Write iface ${name.text} ${family.text} METHOD.`);
    return;
  }
  if (isMethod(family.text, method.text)) return;
  const known = Object.keys(methods[family.text] ?? {}).join(", ");
  const message = `${name.text}: ${family.text} has no method "${method.text}": ${stops}`;
  report("ifupdown-unknown-method", "error", message, method.span, `Use one of ${known}.`);
}

function readInherits(
  name: Word,
  family: Word | undefined,
  tail: readonly Word[],
  span: Span,
  known: ReadonlySet<string>,
  report: Report,
): readonly Word[] {
  const [keyword, other, ...more] = tail;
  if (keyword === undefined) return [];
  if (keyword.text !== "inherits") {
    // Without a family the odd word was reported already.
    if (family === undefined) return [];
    const message = `${name.text}: "${keyword.text}" at the end of the iface line is ignored`;
    report("ifupdown-extra-word", "warning", message, keyword.span, "Remove it.");
    return [];
  }
  if (other === undefined) {
    const message = `${name.text}: "inherits" names no interface: ifup stops reading ${span.file} here`;
    report("ifupdown-inherits-nothing", "error", message, keyword.span, "Name the stanza to inherit from.");
    return [];
  }
  for (const word of more) {
    report("ifupdown-extra-word", "warning", `${name.text}: "${word.text}" is ignored`, word.span, "Remove it.");
  }
  if (known.has(family === undefined ? other.text : `${other.text} ${family.text}`)) return [other];
  const message = `${name.text}: no stanza "${other.text}" before this one to inherit from: ifup stops reading ${span.file} here`;
  report("ifupdown-inherits-nothing", "error", message, other.span, "Move the stanza it inherits from above this one.");
  return [];
}
