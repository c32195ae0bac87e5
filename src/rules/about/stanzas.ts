import type { Span } from "../../diagnostic/diagnostic.ts";
import type { IfaceStanza, StanzaOption } from "../../dialects/ifupdown/document.ts";
import type { StoryFact } from "../../dialects/ifupdown/story.ts";
import type { Subject } from "../rule.ts";

/** The facts of one kind in the story of an ifupdown source; none for other dialects. */
export function factsOf<F extends StoryFact["fact"]>(
  subject: Subject,
  fact: F,
): readonly Extract<StoryFact, { readonly fact: F }>[] {
  const isWanted = (one: StoryFact): one is Extract<StoryFact, { readonly fact: F }> => one.fact === fact;
  return subject.ifupdown?.story.filter(isWanted) ?? [];
}

/** The iface stanzas of an ifupdown source, all or those of one interface. */
export function ifaceStanzas(subject: Subject, name?: string): readonly IfaceStanza[] {
  return (subject.ifupdown?.document.stanzas ?? []).flatMap((stanza) =>
    stanza.kind === "iface" && (name === undefined || stanza.name.text === name) ? [stanza] : [],
  );
}

/** The options of a stanza with this key; underscores count as dashes, as they do in the hooks' environment. */
export function optionsNamed(stanza: IfaceStanza, key: string): readonly StanzaOption[] {
  return stanza.options.filter((option) => dashed(option.key.text) === key);
}

/** A key as ifenslave means it: dashes for underscores, lower case. */
export function dashed(key: string): string {
  return key.replaceAll("_", "-").toLowerCase();
}

/** A whole option line, key and value. */
export function optionSpan(option: StanzaOption): Span {
  return { file: option.key.span.file, start: option.key.span.start, end: option.value.span.end };
}
