import { useState } from "preact/hooks";
import { askOlder, askOlderOutages } from "../client.ts";
import type { Availability, OutageEntry, OutagesDocument } from "../documents.ts";
import type { Message, Model } from "../model.ts";
import { counted, momentOf, span } from "../words.ts";
import { EventList } from "./events.tsx";
import type { Unit } from "./periods.ts";
import { percentOf, Strip } from "./strip.tsx";

interface PartProps {
  readonly model: Model;
  readonly send: (message: Message) => void;
}

const spans: Readonly<Record<Unit, string>> = { day: "30 days", month: "12 months", year: "5 years" };

/** What happened: how each day, month or year went, the troubles with their causes, all events. */
export function HappenedPart({ model, send }: PartProps) {
  const [unit, setUnit] = useState<Unit>("day");
  const { documents, problems, now } = model;
  const availability = documents[unit];
  const { outages, events } = documents;
  return (
    <section class="part" id="happened" aria-labelledby="happened-title">
      <header>
        <h2 id="happened-title">What happened</h2>
        {availability !== undefined && <Figure total={availability.total} unit={unit} />}
        <div class="choice">
          {(["day", "month", "year"] as const).map((each) => (
            <button key={each} type="button" aria-pressed={unit === each} onClick={() => setUnit(each)}>
              {spans[each]}
            </button>
          ))}
        </div>
      </header>
      <div class="card happened">
        {availability !== undefined && <Strip document={availability} unit={unit} />}
        {problems.outages !== undefined && <p class="empty">The history can’t be read: {problems.outages.message}.</p>}
        {outages !== undefined && <Outages document={outages} now={now} send={send} />}
        {events !== undefined && (
          <details class="more all">
            <summary>All events</summary>
            <EventList events={events.events} />
            {events.damaged > 0 && <p class="warn">{counted(events.damaged, "place")} of the journal can’t be read.</p>}
            {events.next !== null && <Older next={events.next} send={send} />}
          </details>
        )}
      </div>
    </section>
  );
}

function Figure({ total, unit }: { readonly total: Availability; readonly unit: Unit }) {
  if (total.availability === null) return <p>Nobody has watched in these {spans[unit]}.</p>;
  return (
    <p>
      <b class="figure">{percentOf(total)}</b>
      {` of ${span(total.watchedMs)} watched`}
    </p>
  );
}

function Older({ next, send }: { readonly next: number; readonly send: PartProps["send"] }) {
  const older = async (): Promise<void> => {
    const answer = await askOlder(next);
    if (answer.ok) send({ type: "older", page: answer.document });
    else send({ type: "say", text: answer.problem.message });
  };
  return (
    <button type="button" onClick={() => void older()}>
      Older events
    </button>
  );
}

const fewest = 5;

interface OutagesProps {
  readonly document: OutagesDocument;
  readonly now: number;
  readonly send: PartProps["send"];
}

function Outages({ document, now, send }: OutagesProps) {
  const [all, setAll] = useState(false);
  const { outages, next } = document;
  const older = async (before: number): Promise<void> => {
    const answer = await askOlderOutages(before);
    if (answer.ok) send({ type: "older-outages", page: answer.document });
    else send({ type: "say", text: answer.problem.message });
  };
  if (outages.length === 0) return <p class="empty">No trouble is known.</p>;
  const shown = all ? outages : outages.slice(0, fewest);
  return (
    <div class="troubles">
      <h3>Troubles, the latest first</h3>
      <ol>
        {shown.map((one) => (
          <Trouble key={`${one.at} ${one.kind}`} one={one} now={now} />
        ))}
      </ol>
      {outages.length > fewest && (
        <button type="button" class="plain" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "only the latest" : `${next === null ? "all" : "the latest"} ${outages.length} of the last year`}
        </button>
      )}
      {all && next !== null && (
        <button type="button" onClick={() => void older(next)}>
          Older troubles
        </button>
      )}
    </div>
  );
}

function Trouble({ one, now }: { readonly one: OutageEntry; readonly now: number }) {
  const { at, endedAt, title, evidence, outageMs, moves, isCutOff, isDrill } = one;
  const [tone, cost] = costOf(one);
  return (
    <li>
      <details class="trouble">
        <summary>
          <span class={`mark ${tone}`} aria-hidden="true" />
          <time dateTime={new Date(at).toISOString()}>{momentOf(at, now)}</time>
          <span class="what">
            {title}
            {isDrill && <small> · by a drill</small>}
          </span>
          <span class={`cost number ${tone}`}>{cost}</span>
        </summary>
        <ul class="told">
          {evidence !== "" && <li>{evidence}</li>}
          {moves.map((move) => (
            <li key={move.at}>
              Traffic moved from {move.from} to {move.to}
              {move.noticedAfterMs === null ? "" : `, ${span(move.noticedAfterMs)} after the first sign`}
              {move.cause === null ? ", by the kernel" : ""}.
            </li>
          ))}
          <li>
            {endedAt === null
              ? `It goes on, for ${span(now - at)} now.`
              : `${isCutOff ? "Watched for" : "All was whole again after"} ${span(endedAt - at)}${isCutOff ? ", then the watch ended" : ""}.`}
            {outageMs === null && endedAt !== null ? " How long nothing got through isn’t known." : ""}
          </li>
        </ul>
      </details>
    </li>
  );
}

function costOf({ outageMs, endedAt, isDrill }: OutageEntry): readonly [string, string] {
  if (endedAt === null) return [outageMs === 0 ? "warn" : "bad", "goes on"];
  if (outageMs === null) return ["bad", "not known"];
  if (outageMs === 0) return [isDrill ? "quiet" : "warn", "no outage"];
  return [isDrill ? "quiet" : "bad", span(outageMs)];
}
