import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { renderPicture } from "../topology/picture.ts";
import { renderDistribution } from "./distribution.ts";
import { renderSights } from "./html-sights.ts";
import { type Markup, markup, nothing, trusted } from "./markup.ts";
import type { ReportInput } from "./report-input.ts";
import { saySsh } from "./sight-words.ts";
import { renderTimeline } from "./timeline.ts";
import {
  isLossy,
  longer,
  outcomeMarks,
  outcomeOf,
  outcomeWords,
  sayCount,
  sayForecast,
  sayGap,
  sayGapWatched,
  sayLoss,
  sayMs,
  sayPromise,
  sayTcp,
  sayUnkept,
  sentence,
  worstOutage,
} from "./words.ts";

const mostEvents = 300;

/** One scenario in full: open when it was missed, folded when it held. Works without JavaScript. */
export function renderScenario(result: ScenarioResult, index: number, input: ReportInput): Markup {
  const outcome = outcomeOf(result);
  const { objectives } = input.rehearsal;
  const open = outcome === "missed" ? trusted(" open") : nothing;
  return markup`<details class="scenario ${outcome}"${open}><summary><span class="mark" aria-hidden="true">${outcomeMarks[outcome]}</span>
<h3>${result.fault}</h3><span class="gist"><span class="unseen">${outcomeWords[outcome]}: </span>${gist(result, objectives)}</span></summary>
<div class="body" id="scenario-${index + 1}">
${reason(result)}${unkept(result)}${notes(result, input)}
${figures(result, objectives)}
${scenarioPicture(result, input)}
<div class="timelines">${renderTimeline(result, `t${index + 1}`)}</div>
${legend(result)}
${renderDistribution(result, objectives, `d${index + 1}`)}
${renderSights(result)}
${flowTable(result)}
${eventTable(result)}
</div></details>`;
}

function gist(result: ScenarioResult, objectives: Rehearsal["objectives"]): string {
  if (outcomeOf(result) === "no-path") return "no path promised";
  if (isLossy(result, objectives)) return sayLoss(result);
  const outage = worstOutage(result);
  const back = longer(result.reselectMs.toHost, result.reselectMs.fromHost);
  const isBackWorse = outage !== null && (back === null || (back > objectives.outageMs && back > outage));
  return isBackWorse ? `${sayGap(back)} going back` : sayGap(outage);
}

function reason(result: ScenarioResult): Markup {
  if (result.reason !== undefined) return markup`<p class="reason">${sentence(result.reason)}</p>`;
  if (outcomeOf(result) !== "no-path") return nothing;
  return markup`<p class="reason">No way to the host is left while this lasts, so none is promised; what counts is that it comes back.</p>`;
}

function unkept(result: ScenarioResult): Markup {
  return result.forecast?.kept === false ? markup`<p class="reason">${sayUnkept(result)}.</p>` : nothing;
}

/** What the numbers are not about: flows that are promised nothing, and faults this one stands for. */
function notes(result: ScenarioResult, input: ReportInput): Markup {
  const part = sayPromise(result);
  const others = input.scenarios.find((each) => each.id === result.id)?.standsFor ?? [];
  const same = `Stands for: ${others.join(", ")}, which ${others.length === 1 ? "looks" : "look"} the same to the host.`;
  return markup`${part === "" ? nothing : markup`<p class="aside">${part}.</p>`}${others.length === 0 ? nothing : markup`<p class="aside">${same}</p>`}`;
}

function figures(result: ScenarioResult, objectives: Rehearsal["objectives"]): Markup {
  const isMissed = outcomeOf(result) === "missed";
  const over = (ms: number | null): boolean => isMissed && (ms === null || ms > objectives.outageMs);
  const { toHost, fromHost } = result.outageMs;
  const back = longer(result.reselectMs.toHost, result.reselectMs.fromHost);
  const moved = result.switchedAfterMs === undefined ? "never" : sayMs(result.switchedAfterMs);
  const isTcpBad = isMissed && !result.tcp.survived && objectives.tcp === "survives";
  const items: readonly Markup[] = [
    figure("Outage to host", sayGapWatched(toHost, result.watchedMs), over(toHost)),
    figure("Outage from host", sayGapWatched(fromHost, result.watchedMs), over(fromHost)),
    figure("Longest TCP stall", sayTcp(result.tcp), isTcpBad),
    ...(result.ssh === undefined
      ? []
      : [figure("SSH stood still", saySsh(result.ssh), isTcpBad && !result.ssh.survived)]),
    ...(result.kind === "healthy"
      ? []
      : [figure("Moved after", moved, false), figure("Gap going back", sayGap(back), over(back))]),
    ...(result.forecast === undefined ? [] : [figure("Rehearsed", sayForecast(result), false)]),
    figure("Packets lost", `${sayCount(result.lost)} of ${sayCount(result.sent)}`, isLossy(result, objectives)),
  ];
  return markup`<dl class="figures">${items}</dl>`;
}

function figure(name: string, value: string, isBad: boolean): Markup {
  const [, lead = value, aside = ""] = /^(.*?)( \(.*\)| of .*)?$/.exec(value) ?? [];
  const rest = aside === "" ? nothing : markup` <small>${aside.trim()}</small>`;
  return markup`<div><dt>${name}</dt><dd class="${isBad ? "bad" : "fine"}">${lead}${rest}</dd></div>`;
}

function scenarioPicture(result: ScenarioResult, input: ReportInput): Markup {
  const scenario = input.scenarios.find((each) => each.id === result.id);
  if (scenario === undefined || result.kind === "healthy") return nothing;
  const picture = renderPicture(input.config, {
    fault: { ...scenario, fault: result.fault },
    up: input.rehearsal.bringUp.bonds,
    ...activePort(result, input),
  });
  return markup`<div class="picture" tabindex="0">${trusted(picture)}</div>`;
}

/** The kernel that never moved still sends into the fault: the picture must not show a way it didn't take. */
function activePort(result: ScenarioResult, { rehearsal }: ReportInput): { readonly activePort?: string } {
  const active = rehearsal.bringUp.bonds[0]?.activePort ?? "";
  return result.switchedAfterMs === undefined && active !== "" ? { activePort: active } : {};
}

function legend(result: ScenarioResult): Markup {
  const bad = outcomeOf(result) === "missed" ? "lost bad" : "lost";
  const band = result.kind === "healthy" ? nothing : markup`<span><i class="key band"></i>fault in place</span>`;
  return markup`<p class="legend"><span><i class="key sent"></i>packets arrive</span><span><i class="key ${bad}"></i>packets lost, as high as the share lost</span>${band}</p>`;
}

function flowTable(result: ScenarioResult): Markup {
  if (result.flows.length === 0) return nothing;
  const rows = result.flows.map((flow) => {
    const name = flow.direction === "toHost" ? `${flow.flow} → host` : `host → ${flow.flow}`;
    const outage = flow.expected === "no-path" ? "no path promised" : sayGap(flow.outageMs);
    return markup`<tr><th scope="row">${name}</th><td class="number">${outage}</td><td class="number">${sayGap(flow.reselectMs)}</td><td class="number">${sayCount(flow.lost)}</td><td class="number">${sayCount(flow.lostBefore)}</td><td class="number">${sayCount(flow.sent)}</td></tr>`;
  });
  return markup`<details class="more"><summary>Numbers of each flow</summary><div class="scroll"><table><thead><tr><th scope="col">Flow</th><th scope="col" class="number">Outage</th><th scope="col" class="number">Gap going back</th><th scope="col" class="number">Lost</th><th scope="col" class="number">before the fault</th><th scope="col" class="number">Sent</th></tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

function eventTable(result: ScenarioResult): Markup {
  if (result.events.length === 0) return nothing;
  const rows = result.events
    .slice(0, mostEvents)
    .map(
      (each) => markup`<tr><td class="number">${sayAt(each.atMs)}</td><td>${each.what}</td><td>${each.text}</td></tr>`,
    );
  const left = result.events.length - rows.length;
  const more = left > 0 ? markup`<p class="quiet">${left} more are in the JSON.</p>` : nothing;
  return markup`<details class="more"><summary>What happened, in order</summary><div class="scroll"><table class="events"><thead><tr><th scope="col" class="number">After the fault</th><th scope="col">What</th><th scope="col">Text</th></tr></thead><tbody>${rows}</tbody></table></div>${more}</details>`;
}

function sayAt(ms: number): string {
  return ms < 0 ? `−${sayMs(-ms)}` : sayMs(ms);
}
