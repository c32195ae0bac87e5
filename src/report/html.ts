import type { Rehearsal } from "../measure/rehearsal.ts";
import { renderPicture } from "../topology/picture.ts";
import { headlineOf } from "./headline.ts";
import { renderConfiguration } from "./html-config.ts";
import { renderMethod } from "./html-method.ts";
import { renderOverview } from "./html-overview.ts";
import { renderScenario } from "./html-scenario.ts";
import { type Markup, markup, nothing, trusted } from "./markup.ts";
import { occasionOf } from "./occasion.ts";
import { pagePolicy, sayMaker } from "./page.ts";
import { redactRehearsal } from "./redact-rehearsal.ts";
import { redaction } from "./redaction.ts";
import type { ReportInput } from "./report-input.ts";
import { styleSheet } from "./style.ts";
import { count, outcomeOf, repeatsOf, sayBond, sayMs, sayObjectives, sayUncertainty } from "./words.ts";

/** The report as one HTML page: no request leaves it, no script runs in it, every text is escaped and free of secrets. */
export function renderHtml(input: ReportInput): string {
  const redact = redaction(input.config, input.files);
  const safe: ReportInput = {
    ...input,
    rehearsal: redactRehearsal(input.rehearsal, redact),
    ...(input.alone === undefined ? {} : { alone: redactRehearsal(input.alone, redact) }),
  };
  const { rehearsal } = safe;
  const { title, sentence } = headlineOf(rehearsal);
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${pagePolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${title} · ${rehearsal.subject}</title><style>${trusted(styleSheet)}</style></head>
<body><header class="${rehearsal.verdict}"><p class="eyebrow">${occasionOf(rehearsal).name} of <b>${rehearsal.subject}</b></p>
<h1>${title}</h1><p class="lede">${sentence}</p>${factRow(safe)}</header>
<main>${topology(safe)}
<section aria-labelledby="glance"><h2 id="glance">Every fault at a glance</h2>${rehearsal.scenarios.length === 0 ? markup`<p>No scenario was run.</p>` : renderOverview(rehearsal, safe.alone)}</section>
<section aria-labelledby="faults"><h2 id="faults">Fault by fault</h2>${rehearsal.scenarios.map((each, index) => renderScenario(each, index, safe))}</section>
${rehearsal.engine === "live" ? nothing : markup`<section aria-labelledby="config"><h2 id="config">The configuration as rehearsed</h2>${findingCount(safe)}${renderConfiguration(safe, redact)}</section>`}
<section aria-labelledby="method"><h2 id="method">How this was measured</h2>${renderMethod(safe, redact)}</section></main>
<footer>${footer(safe)}</footer></body></html>
`;
  return page.markup;
}

/** Who watched the bond, where it wasn't the kernel alone. */
function watcher(rehearsal: Rehearsal, alone: Rehearsal | undefined): readonly (readonly [string, string])[] {
  if (rehearsal.agent === undefined) return [];
  const missed = alone?.scenarios.filter((each) => outcomeOf(each) === "missed").length ?? 0;
  const beside = missed === 0 ? "" : `; the kernel alone missed ${missed}`;
  return [["Watched by", `Holdfast's agent${beside}`]];
}

function factRow({ rehearsal, alone }: ReportInput): Markup {
  const outcomes = rehearsal.scenarios.map(outcomeOf);
  const many = (outcome: string): number => outcomes.filter((each) => each === outcome).length;
  const tally = [`${many("held")} held`, `${many("missed")} missed`];
  if (many("no-path") > 0) tally.push(`${many("no-path")} without a path`);
  const repeats = repeatsOf(rehearsal);
  const [bond] = rehearsal.bringUp.bonds;
  const facts: readonly (readonly [string, string])[] = [
    ["Objective", sayObjectives(rehearsal.objectives)],
    ["Scenarios", `${tally.join(", ")}${repeats > 1 ? `; ${repeats} times each` : ""}`],
    ...watcher(rehearsal, alone),
    [rehearsal.engine === "live" ? "The bond" : "What came up", bond === undefined ? "no bond" : sayBond(bond)],
    [
      "Measured with",
      `${rehearsal.engine === "live" ? "the live host" : rehearsal.engine}, ${rehearsal.clock} clock, ${sayUncertainty(rehearsal.scenarios) || "nothing measured"}`,
    ],
  ];
  return markup`<dl class="facts">${facts.map(([name, text]) => markup`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`;
}

function topology({ config, rehearsal }: ReportInput): Markup {
  return markup`<section aria-labelledby="network"><h2 id="network">The network as ${occasionOf(rehearsal).done}</h2><div class="picture" tabindex="0">${trusted(renderPicture(config, { up: rehearsal.bringUp.bonds }))}</div></section>`;
}

function findingCount({ findings }: ReportInput): Markup {
  if (findings.length === 0) return markup`<p class="quiet">The check found nothing to say about it.</p>`;
  const many = (severity: string): number => findings.filter((each) => each.severity === severity).length;
  const parts = [count(many("error"), "error"), count(many("warning"), "warning"), `${many("advice")} advice`];
  return markup`<p class="quiet">The check found ${parts.join(", ")}.</p>`;
}

function footer(input: ReportInput): string {
  const { rehearsal } = input;
  return `${sayMaker(input)}; ${occasionOf(rehearsal).it} took ${sayMs(rehearsal.tookMs)}.`;
}
