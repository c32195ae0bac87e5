import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { type Markup, markup, nothing } from "./markup.ts";
import { logShare, px } from "./scale.ts";
import {
  isLossy,
  longer,
  outcomeMarks,
  outcomeOf,
  outcomeWords,
  sayGap,
  sayGapWatched,
  sayLoss,
  sayLostInternet,
  sayMs,
  sayTcp,
  worstOutage,
} from "./words.ts";

const barWidth = 240;
const neverAt = 216;

/** All scenarios at a glance: a table with a bar for each outage on one logarithmic scale, so that 50 ms and 40 s compare. */
export function renderOverview(rehearsal: Rehearsal, alone?: Rehearsal): Markup {
  const { objectives } = rehearsal;
  return markup`<div class="scroll"><table class="overview">
<thead><tr><th scope="col" class="state"><span class="unseen">verdict</span></th><th scope="col">Fault</th>
<th scope="col" class="strip">${scaleHead(objectives)}</th>${alone === undefined ? nothing : markup`<th scope="col" class="number">Kernel alone</th>`}<th scope="col" class="number">Outage</th>
<th scope="col" class="number stall">TCP stall</th><th scope="col" class="number">Back again</th></tr></thead>
<tbody>${rehearsal.scenarios.map((each, index) => overviewRow(each, index, objectives, alone))}</tbody></table></div>
<p class="below strip-note">Bars show the longer direction on a logarithmic scale; the dotted line is the objective, ${sayMs(objectives.outageMs)}.</p>`;
}

function scaleHead({ outageMs }: Rehearsal["objectives"]): Markup {
  const marks = [1, 10, 100, 1000, 10_000].map((ms) => {
    const x = px(logShare(ms) * neverAt);
    return markup`<text x="${x}" y="12" text-anchor="${ms === 1 ? "start" : "middle"}">${ms === 1 ? "1 ms" : sayMs(ms).replace(" ms", "")}</text>`;
  });
  return markup`<svg class="bar" viewBox="0 0 ${barWidth} 18" role="img" aria-label="logarithmic scale from 1 ms to never; objective ${sayMs(outageMs)}">${marks}<text x="${barWidth}" y="12" text-anchor="end">never</text></svg>`;
}

function overviewRow(
  result: ScenarioResult,
  index: number,
  objectives: Rehearsal["objectives"],
  alone: Rehearsal | undefined,
): Markup {
  const outcome = outcomeOf(result);
  const back = longer(result.reselectMs.toHost, result.reselectMs.fromHost);
  const isTcpBad = !result.tcp.survived && objectives.tcp === "survives" && outcome === "missed";
  const isBackBad = outcome === "missed" && (back === null || back > objectives.outageMs) && result.kind !== "healthy";
  return markup`<tr class="${outcome}"><td class="state"><span aria-hidden="true">${outcomeMarks[outcome]}</span><span class="unseen">${outcomeWords[outcome]}</span></td>
<th scope="row"><a href="#scenario-${index + 1}">${result.fault}</a>${partly(result)}</th><td class="strip">${bar(result, objectives)}</td>${aloneCell(result, objectives, alone)}
${outageCell(result, objectives)}<td class="${isTcpBad ? "number stall bad" : "number stall"}">${outcome === "no-path" ? "–" : sayTcp(result.tcp)}</td>
<td class="${isBackBad ? "number bad" : "number"}">${result.kind === "healthy" ? "–" : sayGap(back)}</td></tr>`;
}

function partly(result: ScenarioResult): Markup {
  const part = sayLostInternet(result);
  return part === "" ? nothing : markup` <small>${part}</small>`;
}

/** What the same fault cost without the agent. */
function aloneCell({ id }: ScenarioResult, objectives: Rehearsal["objectives"], alone: Rehearsal | undefined): Markup {
  if (alone === undefined) return nothing;
  const without = alone.scenarios.find((each) => each.id === id);
  return without === undefined ? markup`<td class="number quiet">–</td>` : outageCell(without, objectives);
}

function outageCell(result: ScenarioResult, objectives: Rehearsal["objectives"]): Markup {
  if (outcomeOf(result) === "no-path") return markup`<td class="number quiet">no path</td>`;
  if (isLossy(result, objectives)) return markup`<td class="number bad">${sayLoss(result)}</td>`;
  const outage = worstOutage(result);
  const isBad = outage === null || outage > objectives.outageMs;
  return markup`<td class="${isBad ? "number bad" : "number"}" title="${sayGapWatched(outage, result.watchedMs)}">${sayGap(outage)}</td>`;
}

function bar(result: ScenarioResult, objectives: Rehearsal["objectives"]): Markup {
  if (outcomeOf(result) === "no-path" || isLossy(result, objectives)) return nothing;
  const { outageMs } = objectives;
  const outage = worstOutage(result);
  const isBad = outage === null || outage > outageMs;
  const length = outage === null ? barWidth : logShare(outage) * neverAt;
  const limit = px(logShare(outageMs) * neverAt);
  const body =
    length < 3
      ? markup`<circle class="fine" cx="3" cy="10" r="3"/>`
      : markup`<rect class="${isBad ? "bad" : "fine"}" x="0" y="6" width="${px(length)}" height="8" rx="${outage === null ? 0 : 2}"/>`;
  return markup`<svg class="bar" viewBox="0 0 ${barWidth} 20" aria-hidden="true"><path class="rule" d="M0 10H${barWidth}"/>${body}<path class="limit" d="M${limit} 1V19"/></svg>`;
}
