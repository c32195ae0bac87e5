import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { type Markup, markup, nothing } from "./markup.ts";
import { logShare, px } from "./scale.ts";
import {
  hasForecasts,
  isLossy,
  longer,
  outcomeMarks,
  outcomeOf,
  outcomeWords,
  sayForecast,
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
<th scope="col" class="strip">${scaleHead(objectives)}</th>${besideHead(rehearsal, alone)}<th scope="col" class="number">Outage</th>
<th scope="col" class="number stall">TCP stall</th><th scope="col" class="number">Back again</th></tr></thead>
<tbody>${rehearsal.scenarios.map((each, index) => overviewRow(each, index, rehearsal, alone))}</tbody></table></div>
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
  rehearsal: Rehearsal,
  alone: Rehearsal | undefined,
): Markup {
  const { objectives } = rehearsal;
  const outcome = outcomeOf(result);
  const back = longer(result.reselectMs.toHost, result.reselectMs.fromHost);
  const isTcpBad = !result.tcp.survived && objectives.tcp === "survives" && outcome === "missed";
  const isBackBad = outcome === "missed" && (back === null || back > objectives.outageMs) && result.kind !== "healthy";
  return markup`<tr class="${outcome}"><td class="state"><span aria-hidden="true">${outcomeMarks[outcome]}</span><span class="unseen">${outcomeWords[outcome]}</span></td>
<th scope="row"><a href="#scenario-${index + 1}">${result.fault}</a>${partly(result)}</th><td class="strip">${bar(result, objectives)}</td>${besideCell(result, rehearsal, alone)}
${outageCell(result, objectives)}<td class="${isTcpBad ? "number stall bad" : "number stall"}">${outcome === "no-path" ? "–" : sayTcp(result.tcp)}</td>
<td class="${isBackBad ? "number bad" : "number"}">${result.kind === "healthy" ? "–" : sayGap(back)}</td></tr>`;
}

function partly(result: ScenarioResult): Markup {
  const part = sayLostInternet(result);
  return part === "" ? nothing : markup` <small>${part}</small>`;
}

function besideHead(rehearsal: Rehearsal, alone: Rehearsal | undefined): Markup {
  const title = alone !== undefined ? "Kernel alone" : hasForecasts(rehearsal) ? "Rehearsed" : undefined;
  return title === undefined ? nothing : markup`<th scope="col" class="number">${title}</th>`;
}

/** What the same fault cost without the agent, or as it was rehearsed. */
function besideCell(result: ScenarioResult, rehearsal: Rehearsal, alone: Rehearsal | undefined): Markup {
  const { id, forecast } = result;
  const { objectives } = rehearsal;
  if (alone === undefined && hasForecasts(rehearsal)) {
    return markup`<td class="${forecast?.kept === false ? "number" : "number quiet"}">${sayForecast(result)}</td>`;
  }
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
