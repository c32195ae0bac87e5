import { singleMarks, singleParts } from "../topology/audit/single-marks.ts";
import { renderPicture } from "../topology/picture.ts";
import { renderAdvice, renderCutSets, renderSightings } from "./audit-html-lists.ts";
import { renderSingles } from "./audit-html-singles.ts";
import { renderBreaks } from "./audit-html-table.ts";
import type { AuditInput } from "./audit-input.ts";
import { auditHeadline, sayAvailability, sayRange, sayRates, saySpan, sayUps } from "./audit-words.ts";
import { type Markup, markup, nothing, trusted } from "./markup.ts";
import { pagePolicy, sayMaker } from "./page.ts";
import { auditStyle, styleSheet } from "./style.ts";
import { sentence } from "./words.ts";

/** The audit as one HTML page: no request leaves it, no script runs in it, every text is escaped. */
export function renderAuditHtml(input: AuditInput): string {
  const { audit, subject } = input;
  const { title, lede } = auditHeadline(audit);
  const isSafe = audit.goals.length > 0 && singleParts(audit).length === 0;
  const page = markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${pagePolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${title} · ${subject}</title><style>${trusted(styleSheet)}${trusted(auditStyle)}</style></head>
<body><header class="${isSafe ? "held" : "missed"}"><p class="eyebrow">Audit of <b>${subject}</b></p>
<h1>${title}</h1><p class="lede">${lede}</p>${factRow(input)}</header>
<main><section aria-labelledby="network"><h2 id="network">What hangs on what</h2><div class="picture" tabindex="0">${trusted(renderAuditPicture(input))}</div></section>
${renderSingles(input)}
<section aria-labelledby="breaks"><h2 id="breaks">What breaks if it dies</h2>${renderBreaks(input)}</section>
${renderCutSets(audit)}
${renderAdvice(audit)}
${renderSightings(audit)}
<section aria-labelledby="figures"><h2 id="figures">How the figures come about</h2>${basis(input)}</section></main>
<footer>${sayMaker(input)}.</footer></body></html>
`;
  return page.markup;
}

/** The picture alone, as one SVG document: what is declared, single points of failure in red. */
export function renderAuditPicture({ config, audit }: Pick<AuditInput, "config" | "audit">): string {
  return renderPicture(config, { singles: singleMarks(config, audit) });
}

function factRow({ audit }: AuditInput): Markup {
  const [first] = audit.goals;
  const facts: readonly (readonly [string, string])[] = [
    ...audit.goals.map(({ label, downMs }): readonly [string, string] => [
      `Without ${label}`,
      `about ${saySpan(downMs.expected)} a year; ${sayRange(downMs)}`,
    ]),
    ...(first === undefined ? [] : [["There", `${sayAvailability(first.downMs.expected)} of the time`] as const]),
    ...sayUps(audit).map((text): readonly [string, string] => ["The UPS", text]),
  ];
  return markup`<dl class="facts">${facts.map(([name, text]) => markup`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`;
}

function basis({ audit }: AuditInput): Markup {
  const notes = audit.notes.map((note) => markup`<li>${sentence(note)}</li>`);
  return markup`<p class="prose">${sayRates(audit)} Which sets of failures cut the host off is exact; a part's share is what would be saved of the expected downtime if it never failed.</p>${notes.length === 0 ? nothing : markup`<ul class="limits">${notes}</ul>`}`;
}
