import type { Span } from "../../diagnostic/diagnostic.ts";

/** A word of the source with its place. */
export interface Word {
  readonly text: string;
  readonly span: Span;
}

/** One option line of an iface stanza (continuation lines joined), key as written. */
export interface StanzaOption {
  readonly key: Word;
  /** Joined and trimmed, inner white space as ifupdown keeps it. */
  readonly value: Word;
}

export interface IfaceStanza {
  readonly kind: "iface";
  readonly name: Word;
  readonly family: Word | undefined;
  readonly method: Word | undefined;
  readonly inherits: readonly Word[];
  readonly options: readonly StanzaOption[];
  /** From `iface` to the end of its last option. */
  readonly span: Span;
}

export interface AutoStanza {
  readonly kind: "auto";
  /** "auto", or the class of `allow-CLASS` ("hotplug", "auto", a bond's name, …). */
  readonly allow: string;
  readonly names: readonly Word[];
  readonly span: Span;
}

export interface MappingStanza {
  readonly kind: "mapping";
  readonly patterns: readonly Word[];
  readonly script: Word | undefined;
  readonly options: readonly StanzaOption[];
  readonly span: Span;
}

/** source, source-directory, no-auto-down, no-scripts, rename, template and whatever else a line may begin with. */
export interface OtherStanza {
  readonly kind: "other";
  readonly keyword: Word;
  readonly words: readonly Word[];
  readonly span: Span;
}

export type Stanza = IfaceStanza | AutoStanza | MappingStanza | OtherStanza;

/** Everything that was read, `source`d files in the place where they are sourced. */
export interface InterfacesDocument {
  readonly stanzas: readonly Stanza[];
}
