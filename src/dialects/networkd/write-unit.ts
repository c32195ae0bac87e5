import type { UnitKind } from "./keys.ts";

/** A file on its way to text: sections in order, each with its lines; a section may come several times. */
export interface Page {
  readonly kind: UnitKind;
  readonly sections: { readonly name: string; readonly lines: string[] }[];
}

/** Adds a line to the section of that name that stands once. */
export function addLine(page: Page, section: string, line: string): void {
  let found = page.sections.find(({ name }) => name === section);
  if (found === undefined) {
    found = { name: section, lines: [] };
    page.sections.push(found);
  }
  found.lines.push(line);
}

/** Adds a section of its own. */
export function addSection(page: Page, name: string, lines: readonly string[]): void {
  page.sections.push({ name, lines: [...lines] });
}

const order: Readonly<Record<UnitKind, readonly string[]>> = {
  netdev: ["Match", "NetDev"],
  network: ["Match", "Link", "Network"],
  link: ["Match", "Link"],
};

/** The file's text: the sections everybody looks for first, then the others as they came. */
export function pageText({ kind, sections }: Page): string {
  const rank = (name: string) => {
    const at = order[kind].indexOf(name);
    return at === -1 ? order[kind].length : at;
  };
  return sections
    .toSorted((one, other) => rank(one.name) - rank(other.name))
    .map(({ name, lines }) => `${[`[${name}]`, ...lines].join("\n")}\n`)
    .join("\n");
}

/** Whether a value can stand behind an equals sign as it is, and nothing else come of it. */
export function isValue(text: string): boolean {
  return (
    /^[!-~\u00a1-\ud7ff\ue000-\ufefe\uff00-\uffff]([ -~\u00a1-\ud7ff\ue000-\ufefe\uff00-\uffff]*[!-~\u00a1-\ud7ff\ue000-\ufefe\uff00-\uffff])?$/.test(
      text,
    ) && !text.endsWith("\\")
  );
}
