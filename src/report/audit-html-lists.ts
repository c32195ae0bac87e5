import type { Audit } from "../topology/audit/audit.ts";
import { listedParts, sayGain, saySighting } from "./audit-words.ts";
import { type Markup, markup, nothing } from "./markup.ts";
import { count } from "./words.ts";

/** Sets beyond these fill a page and change nobody's mind. */
const setsShown = 40;

/** What cuts the host off together, though none of it does alone: pairs, then triples. */
export function renderCutSets(audit: Audit): Markup {
  const sets = audit.goals[0]?.cutSets ?? [];
  const groups = [2, 3].flatMap((size) => {
    const all = sets.filter((set) => set.length === size);
    return all.length === 0 ? [] : [renderGroup(audit, all, size)];
  });
  if (groups.length === 0) return nothing;
  return markup`<section aria-labelledby="together"><h2 id="together">What cuts it off together</h2><p class="quiet">None of these does so alone; both, or all three, do.</p>${groups}</section>`;
}

function renderGroup(audit: Audit, sets: readonly (readonly string[])[], size: number): Markup {
  const items = sets.slice(0, setsShown).map((set) => markup`<li>${listedParts(audit, set)}</li>`);
  const rest = sets.length > setsShown ? markup`<p class="below">and ${sets.length - setsShown} more</p>` : nothing;
  const title = `${count(sets.length, size === 2 ? "pair" : "set")}${size === 2 ? "" : " of three"}`;
  return markup`<details class="more"${size === 2 ? openMark : nothing}><summary>${title}</summary><ul class="sets">${items}</ul>${rest}</details>`;
}

const openMark: Markup = { markup: " open" };

/** What to change, best first. */
export function renderAdvice(audit: Audit): Markup {
  if (audit.advice.length === 0) return nothing;
  const items = audit.advice.map(
    (advice) => markup`<li><b>${advice.text}</b> <small>${sayGain(audit, advice)}</small></li>`,
  );
  return markup`<section aria-labelledby="advice"><h2 id="advice">What to change</h2><p class="quiet">Each tried by itself, the best first.</p><ol class="changes">${items}</ol></section>`;
}

/** What the network itself says hangs together. */
export function renderSightings(audit: Audit): Markup {
  if (audit.sightings.length === 0) return nothing;
  const items = audit.sightings.map((one) => {
    const tone = one.declared === "unlike" ? "bad" : "fine";
    const mark = one.certainty === "certain" ? "said" : "likely";
    return markup`<li class="${tone}"><span class="kind">${mark}</span> ${saySighting(audit, one)}</li>`;
  });
  return markup`<section aria-labelledby="seen"><h2 id="seen">What the network says itself</h2><ul class="seen">${items}</ul></section>`;
}
