import type { ScenarioResult } from "../measure/rehearsal.ts";
import { type Markup, markup, nothing } from "./markup.ts";
import { momentNames, type SightRow, sightRows } from "./sight-words.ts";

/** Who was known by which address, and who had joined, before, while the fault lasted and after: one table, a column each. */
export function renderSights(result: ScenarioResult): Markup {
  const rows = sightRows(result);
  if (rows.length === 0) return nothing;
  const heads = (result.sights ?? []).map(({ when }) => markup`<th scope="col">${momentNames[when]}</th>`);
  const groups = [...new Set(rows.map(({ group }) => group))];
  return markup`<figure class="sights"><figcaption>Who had joined, and who was known by which address</figcaption>
<table><thead><tr><td></td>${heads}</tr></thead>${groups.map((group) => groupOf(group, rows))}</table></figure>`;
}

function groupOf(group: string, all: readonly SightRow[]): Markup {
  const rows = all.filter((row) => row.group === group);
  return markup`<tbody><tr class="group"><th scope="rowgroup" colspan="4">${group}</th></tr>${rows.map(rowOf)}</tbody>`;
}

function rowOf({ name, cells }: SightRow): Markup {
  const written = cells.map(({ text, aside, isNew }) => {
    const rest = aside === undefined || aside === "" ? nothing : markup`<small>${breakable(aside)}</small>`;
    return markup`<td class="${isNew ? "new" : "same"}"><span>${breakable(text)}</span>${rest}</td>`;
  });
  return markup`<tr><th scope="row">${name}</th>${written}</tr>`;
}

/** A MAC address may be broken in its middle, and nowhere else. */
function breakable(text: string): Markup {
  const [, before, first, second, after] =
    /^(.*?)((?:[0-9a-f]{2}:){3})((?:[0-9a-f]{2}:){2}[0-9a-f]{2})(.*)$/.exec(text) ?? [];
  if (first === undefined) return markup`${text}`;
  return markup`${before}<code>${first}<wbr>${second}</code>${after}`;
}
