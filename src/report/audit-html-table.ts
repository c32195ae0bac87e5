import type { AuditedPart } from "../topology/audit/audit.ts";
import { singleParts } from "../topology/audit/single-marks.ts";
import type { AuditInput, ShownOutage } from "./audit-input.ts";
import { sayRate } from "./audit-words.ts";
import { type Markup, markup, nothing } from "./markup.ts";
import { sayGap } from "./words.ts";

/** Every part: what is lost with it, which ways are left, and the rehearsal that shows it. */
export function renderBreaks(input: AuditInput): Markup {
  const { goals, parts } = input.audit;
  const singles = singleParts(input.audit);
  const head = goals.map(({ label }) => markup`<th scope="col">${label}</th>`);
  const rows = parts.map((part) => row(input, part, singles.indexOf(part)));
  return markup`<div class="scroll"><table class="overview breaks">
<thead><tr><th scope="col" class="state"><span class="unseen">single point</span></th><th scope="col">What fails</th>${head}<th scope="col">Ways left</th>
<th scope="col" class="number share">Share</th><th scope="col" class="number shown">Kernel alone</th><th scope="col" class="number shown">With agent</th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="below">Share: what would be saved of the expected downtime if this never failed. The last two: the outage that its rehearsal has shown; – it wasn't rehearsed here.</p>`;
}

function row({ audit, faults }: AuditInput, part: AuditedPart, single: number): Markup {
  const isSingle = single >= 0;
  const name = isSingle ? markup`<a href="#single-${single + 1}">${part.label}</a>` : markup`${part.label}`;
  const goals = audit.goals.map((goal) =>
    part.cuts.includes(goal.name) ? markup`<td class="bad">lost</td>` : markup`<td>stays</td>`,
  );
  const share = Math.round((audit.goals[0]?.share.get(part.id) ?? 0) * 100);
  const shown = part.scenario === undefined ? undefined : faults.find(({ id }) => id === part.scenario);
  const scenario = part.scenario === undefined ? nothing : markup`<small>${part.scenario}</small>`;
  return markup`<tr class="${isSingle ? "missed" : "held"}"><td class="state"><span aria-hidden="true">${isSingle ? "✗" : "✓"}</span><span class="unseen">${isSingle ? "single point of failure" : "no single point"}</span></td>
<th scope="row">${name} <small>${sayRate(part.rate)}</small> ${scenario}</th>${goals}<td>${part.portsLeft.length === 0 ? "none" : part.portsLeft.join(", ")}</td>
<td class="number share">${share} %</td>${outage(shown?.kernel)}${outage(shown?.withAgent)}</tr>`;
}

function outage(shown: ShownOutage | null | undefined): Markup {
  if (shown == null) return markup`<td class="number shown quiet">–</td>`;
  return markup`<td class="${shown.verdict === "missed" ? "number shown bad" : "number shown"}">${sayGap(shown.outageMs)}</td>`;
}
