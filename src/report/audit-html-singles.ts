import type { AuditedPart } from "../topology/audit/audit.ts";
import { singleParts } from "../topology/audit/single-marks.ts";
import { renderPicture } from "../topology/picture.ts";
import { allScenarios } from "../topology/scenarios.ts";
import type { AuditInput } from "./audit-input.ts";
import { rehearsing, sayRate, sayShown } from "./audit-words.ts";
import { type Markup, markup, nothing, trusted } from "./markup.ts";
import { sentence } from "./words.ts";

/** Each single point of failure: what goes with it, the picture of it, what its rehearsal has shown or how to run it. */
export function renderSingles(input: AuditInput): Markup {
  const singles = singleParts(input.audit);
  if (singles.length === 0) return nothing;
  const scenarios = new Map(allScenarios(input.config).map((scenario) => [scenario.id, scenario] as const));
  const shown = singles.map((part, index) => {
    const scenario = scenarios.get(part.scenario ?? "");
    const picture =
      scenario === undefined
        ? nothing
        : markup`<div class="picture" tabindex="0">${trusted(renderPicture(input.config, { fault: scenario }))}</div>`;
    return markup`<details class="scenario missed" id="single-${index + 1}"${index === 0 ? trusted(" open") : nothing}><summary><span class="mark" aria-hidden="true">!</span><h3>${sentence(part.label).replace(/\.$/, "")}</h3><span class="gist">${gist(input, part)}</span></summary>
<div class="body"><p class="reason">${loss(input, part)}</p>${picture}${proof(input, part)}</div></details>`;
  });
  return markup`<section aria-labelledby="singles"><h2 id="singles">Single points of failure</h2><p class="quiet">Each by itself takes the host off.</p>${shown}</section>`;
}

function gist({ audit }: AuditInput, part: AuditedPart): string {
  const share = audit.goals[0]?.share.get(part.id) ?? 0;
  return `${Math.round(share * 100)} % of the downtime`;
}

function loss({ audit }: AuditInput, part: AuditedPart): string {
  const lost = audit.goals.filter(({ name }) => part.cuts.includes(name)).map(({ label }) => label);
  const left = part.portsLeft.length === 0 ? "no port leads there any more" : `left: ${part.portsLeft.join(", ")}`;
  return `When it fails, ${lost.join(" and ")} ${lost.length > 1 ? "are" : "is"} lost: ${left}. It fails ${sayRate(part.rate)}.`;
}

/** The rehearsal that shows it. */
function proof({ subject, faults }: AuditInput, { scenario }: AuditedPart): Markup {
  if (scenario === undefined) {
    return markup`<p class="aside">No scenario shows it: it isn't declared. Under topology it is rehearsed like all else.</p>`;
  }
  const shown = sayShown(faults.find(({ id }) => id === scenario));
  const result = shown === "" ? "Not rehearsed here yet." : `Rehearsed: ${shown}.`;
  return markup`<p class="aside">${result} The scenario that shows it is <b>${scenario}</b>:</p><pre>${rehearsing(subject, [scenario])}</pre>`;
}
