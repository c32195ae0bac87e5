import type { Availability, AvailabilityDocument } from "../documents.ts";
import { percent, span } from "../words.ts";
import { nameOf, shareOf, shortNameOf, toneOf, type Unit, wordsOf } from "./periods.ts";

interface StripProps {
  readonly document: AvailabilityDocument;
  readonly unit: Unit;
}

const toneWords = {
  good: "no trouble",
  reduced: "fewer ports than declared",
  outage: "an outage",
  none: "nobody watched",
};

/** How every day, month or year went: a column each, with the same as a table. */
export function Strip({ document, unit }: StripProps) {
  const { periods, zone, total } = document;
  const label = `${percentOf(total)} over ${periods.length} ${unit}s: ${wordsOf(total)}`;
  return (
    <figure class="strip-figure">
      <div class={`strip by-${unit}`} role="img" aria-label={label}>
        {periods.map((period, index) => (
          <Column
            key={period.from}
            period={period}
            unit={unit}
            zone={zone}
            isNamed={isNamed(index, periods.length, unit)}
          />
        ))}
      </div>
      <ul class="legend">
        {(["good", "reduced", "outage", "none"] as const).map((tone) => (
          <li key={tone}>
            <span class={`swatch ${tone}`} aria-hidden="true" />
            {toneWords[tone]}
          </li>
        ))}
        <li class="scale-note">Height: how much of the time, on a logarithmic scale</li>
      </ul>
      <details class="more">
        <summary>As a table</summary>
        <Table document={document} unit={unit} />
      </details>
    </figure>
  );
}

function isNamed(index: number, count: number, unit: Unit): boolean {
  return unit !== "day" || (count - 1 - index) % 5 === 0;
}

interface ColumnProps {
  readonly period: Availability;
  readonly unit: Unit;
  readonly zone: string;
  readonly isNamed: boolean;
}

function Column({ period, unit, zone, isNamed: named }: ColumnProps) {
  const tone = toneOf(period);
  const lost = shareOf(period.outageMs + period.internetLostMs, period);
  const reduced = shareOf(period.reducedMs, period);
  return (
    <div class="column" title={`${nameOf(period.from, unit, zone)}: ${wordsOf(period)}`}>
      <div class={`cell ${tone}`}>
        {reduced > 0 && <i class="reduced" style={{ height: `${reduced * 100}%` }} />}
        {lost > 0 && <i class="outage" style={{ height: `${lost * 100}%` }} />}
      </div>
      <span>{named ? shortNameOf(period.from, unit, zone) : ""}</span>
    </div>
  );
}

function Table({ document: { periods, zone }, unit }: StripProps) {
  return (
    <div class="scroll">
      <table class="periods">
        <thead>
          <tr>
            <th scope="col">{unit === "day" ? "Day" : unit === "month" ? "Month" : "Year"}</th>
            <th scope="col" class="number">
              Available
            </th>
            <th scope="col" class="number">
              Outages
            </th>
            <th scope="col" class="number">
              One port short
            </th>
          </tr>
        </thead>
        <tbody>
          {periods.toReversed().map((period) => (
            <tr key={period.from}>
              <th scope="row">{nameOf(period.from, unit, zone)}</th>
              <td class="number">{percentOf(period)}</td>
              <td class="number">{outagesOf(period)}</td>
              <td class="number">{period.reducedMs > 0 ? span(period.reducedMs) : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function outagesOf({ availability, outages, outageMs }: Availability): string {
  if (availability === null) return "–";
  return outages === 0 ? "0" : `${outages}: ${span(outageMs)}`;
}

/** "99.9981 %", or that nobody watched. */
export function percentOf({ availability }: Availability): string {
  return availability === null ? "not watched" : percent(availability);
}
