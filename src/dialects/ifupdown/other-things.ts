import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { Interface } from "../../model/config.ts";
import type { InterfacesDocument, OtherStanza, Word } from "./document.ts";
import type { Machine } from "./machine.ts";

type Extra = Interface["extra"][number];

/** What the text says outside iface stanzas: classes other than auto and hotplug, no-auto-down, no-scripts (kept with the
 *  interface they name), and what the model has no place for (mapping, rename, patterns), which is reported. */
export function otherThings(
  document: InterfacesDocument,
  machine: Machine,
): { readonly marks: ReadonlyMap<string, readonly Extra[]>; readonly diagnostics: readonly Diagnostic[] } {
  const marks = new Map<string, Set<string>>();
  const diagnostics: Diagnostic[] = [];
  const mark = (name: string, key: string) => marks.set(name, (marks.get(name) ?? new Set()).add(key));
  for (const [allow, names] of machine.classes) {
    for (const [name, word] of names) {
      if (!machine.stanzas.has(name)) diagnostics.push(noStanza(allow, word));
      else if (isWorthKeeping(machine, allow, name)) mark(name, `allow-${allow}`);
    }
  }
  for (const stanza of document.stanzas) {
    if (stanza.kind === "mapping") diagnostics.push(notKept("mapping", stanza.patterns[0] ?? undefined, stanza.span));
    if (stanza.kind !== "other") continue;
    for (const word of stanza.words) {
      if (!isMark(stanza)) continue;
      if (machine.stanzas.has(word.text) && stanza.keyword.text !== "rename") mark(word.text, stanza.keyword.text);
      else diagnostics.push(notKept(stanza.keyword.text, word, word.span));
    }
  }
  return { marks: new Map([...marks].map(([name, keys]) => [name, extrasOf(keys)])), diagnostics };
}

/** In one order, however the file has them: that of their words. */
function extrasOf(keys: ReadonlySet<string>): readonly Extra[] {
  return [...keys].toSorted().map((key) => ({ key, value: "yes" }));
}

function isMark(stanza: OtherStanza): boolean {
  return (
    stanza.keyword.text === "no-auto-down" || stanza.keyword.text === "no-scripts" || stanza.keyword.text === "rename"
  );
}

/** auto and hotplug are the interface's start; allow-BOND on a port of that bond is how it belongs together. */
function isWorthKeeping(machine: Machine, allow: string, name: string): boolean {
  if (allow === "auto") return false;
  if (allow === "hotplug") return machine.classes.get("auto")?.has(name) ?? false;
  return machine.portOf.get(name) !== allow;
}

function noStanza(allow: string, word: Word): Diagnostic {
  const line = allow === "auto" ? "auto" : `allow-${allow}`;
  // lo needs no stanza; ifup brings it up by itself.
  const severity = word.text === "lo" ? "advice" : "warning";
  const message = `${line} names "${word.text}", which has no iface stanza: ifup can't bring it up`;
  return {
    code: "ifupdown-no-stanza",
    severity,
    message,
    hint: `Add iface ${word.text} inet manual, or remove the name.`,
    at: word.span,
  };
}

function notKept(keyword: string, word: Word | undefined, at: Diagnostic["at"]): Diagnostic {
  const what =
    keyword === "mapping"
      ? "what its script answers is known only on the host"
      : "it stands for interfaces known only on the host";
  const name = word === undefined ? "" : ` ${word.text}`;
  const message = `${keyword}${name} is not taken over: ${what}`;
  return { code: "ifupdown-not-kept", severity: "warning", message, ...(at === undefined ? {} : { at }) };
}
