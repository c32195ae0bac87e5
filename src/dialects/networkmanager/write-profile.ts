import { escapeValue } from "./keyfile-value.ts";
import { profileUuid } from "./uuid.ts";

/** A profile in the making: sections in the order they are first spoken of, keys in the order they are set. */
export interface Draft {
  readonly sections: Map<string, Map<string, string>>;
}

export function newDraft(): Draft {
  return { sections: new Map() };
}

/** Opens a section that may stay empty: NetworkManager writes those too. */
export function open(draft: Draft, section: string): Map<string, string> {
  const found = draft.sections.get(section);
  if (found !== undefined) return found;
  const made = new Map<string, string>();
  draft.sections.set(section, made);
  return made;
}

/** Sets a key to a text, escaped; the text must be writable. */
export function set(draft: Draft, section: string, key: string, text: string): void {
  open(draft, section).set(key, escapeValue(text));
}

/** Sets a key to a value that stands as it is: one line, in the form of a keyfile. */
export function setRaw(draft: Draft, section: string, key: string, value: string): void {
  open(draft, section).set(key, value);
}

const heading = "# Written by Holdfast; see nm-settings-keyfile(5).";

/** The profile's text. */
export function textOf(draft: Draft): string {
  const blocks = [...draft.sections].map(([name, entries]) =>
    [`[${name}]`, ...[...entries].map(([key, value]) => `${key}=${value}`)].join("\n"),
  );
  return `${heading}\n\n${blocks.join("\n\n")}\n`;
}

const directory = "/etc/NetworkManager/system-connections";

/** Where the profile of an interface is kept: its name, and part of its uuid where that could be no file's name everywhere. */
export function pathFor(name: string): string {
  const isPlain = /^[A-Za-z0-9][\w.@+-]*$/.test(name);
  const stem = isPlain ? name : `${name.replace(/[^A-Za-z0-9]+/g, "_")}-${profileUuid(name).slice(0, 8)}`;
  return `${directory}/${stem}.nmconnection`;
}
