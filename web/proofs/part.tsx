import type { DrillRecord, DrillsDocument, RehearsalsDocument } from "../documents.ts";
import type { Message, Model } from "../model.ts";
import { ago, counted, momentOf, span } from "../words.ts";
import { Trend } from "./trend.tsx";

interface PartProps {
  readonly model: Model;
  readonly send: (message: Message) => void;
}

/** The last drill and the last rehearsal, and how they went before. */
export function ProofsPart({ model, send }: PartProps) {
  const { documents, now, session } = model;
  const { drills, rehearsals } = documents;
  return (
    <section class="part" id="proofs" aria-labelledby="proofs-title">
      <header>
        <h2 id="proofs-title">Proven</h2>
        <p>A drill cuts this host’s own links; a rehearsal breaks them in the lab.</p>
      </header>
      <div class="ports">
        <article class="card proof" aria-labelledby="drills-title">
          {drills !== undefined && (
            <Drills drills={drills} now={now} isOperator={session?.role === "operator"} send={send} />
          )}
        </article>
        <article class="card proof" aria-labelledby="rehearsals-title">
          {rehearsals !== undefined && <Rehearsals rehearsals={rehearsals} now={now} />}
        </article>
      </div>
    </section>
  );
}

interface DrillsProps {
  readonly drills: DrillsDocument;
  readonly now: number;
  readonly isOperator: boolean;
  readonly send: (message: Message) => void;
}

function Drills({ drills: { drills, start }, now, isOperator, send }: DrillsProps) {
  const last = drills.at(-1);
  return (
    <>
      <h3 id="drills-title">The last drill</h3>
      {last === undefined ? (
        <p class="quiet">None yet: nothing has proved on this host itself that the standby takes over.</p>
      ) : (
        <>
          <p class="result">
            <b class={last.verdict === "held" ? "good" : "bad"}>{last.verdict === "held" ? "Held" : "Missed"}</b>
            {`, ${worstOf(last)}`}
            <small>{` ${momentOf(last.at, now)}, ${ago(now - last.at)}`}</small>
          </p>
          <Cuts drill={last} />
        </>
      )}
      <Trend title="Drills" points={drills.map(pointOf)} />
      {start.state === "running" && <p class="warn">A drill is running.</p>}
      {start.state === "by-hand" && (
        <p class="quiet by-hand">
          It is started on the host: <code>{start.command}</code>
          {start.hint !== "" && isOperator && <small>To start it from here: {start.hint}</small>}
        </p>
      )}
      {start.state === "ready" && isOperator && (
        <button type="button" onClick={() => send({ type: "ask", question: { order: "drill" } })}>
          Start a drill…
        </button>
      )}
    </>
  );
}

function Cuts({ drill }: { readonly drill: DrillRecord }) {
  return (
    <table class="cuts">
      <caption class="unseen">What was cut, and what it cost</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">Cut</th>
          <th scope="col">Outage</th>
          <th scope="col">Back</th>
        </tr>
      </thead>
      <tbody>
        {drill.cuts.map((cut) => (
          <tr key={cut.id}>
            <th scope="row">{cutInWords(cut.id)}</th>
            <td class={`number ${cut.verdict === "held" ? "" : "bad"}`}>{lasted(cut.outageMs)}</td>
            <td class="number quiet">
              {cut.backMs === null ? "never back" : cut.backMs < 1 ? "" : `${span(cut.backMs)} back`}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** "em1 without carrier", "em1 silent": of "carrier-em1", "silent-em1", "uplink-vdsl". */
export function cutInWords(id: string): string {
  const [, kind = "", name = ""] = /^(carrier|silent|uplink)-(.+)$/.exec(id) ?? [];
  if (kind === "carrier") return `${name} without carrier`;
  if (kind === "silent") return `${name} silent, carrier up`;
  return kind === "uplink" ? `the line of ${name} dead` : id;
}

function lasted(ms: number | null): string {
  return ms === null ? "never ended" : ms < 1 ? "0 ms" : span(ms);
}

function worstOf({ cuts }: DrillRecord): string {
  const worst = cuts.reduce<number | null>(
    (most, { outageMs }) => (most === null || outageMs === null ? null : Math.max(most, outageMs)),
    0,
  );
  const what = `${counted(cuts.length, "cut")}, the longest outage`;
  return worst === null ? `${what} never ended while it was watched` : `${what} ${span(worst)}`;
}

function pointOf(drill: DrillRecord) {
  const outages = drill.cuts.map(({ outageMs }) => outageMs);
  const outageMs = outages.includes(null) ? null : Math.max(0, ...outages.map((ms) => ms ?? 0));
  return { at: drill.at, outageMs, isHeld: drill.verdict === "held", what: counted(drill.cuts.length, "cut") };
}

function Rehearsals({ rehearsals, now }: { readonly rehearsals: RehearsalsDocument; readonly now: number }) {
  const { kernel, withAgent, trend, command } = rehearsals;
  const best = withAgent.length > 0 ? withAgent : kernel;
  const missed = best.filter(({ verdict }) => verdict === "missed");
  const latest = Math.max(...best.map(({ at }) => at));
  return (
    <>
      <h3 id="rehearsals-title">The last rehearsal</h3>
      {best.length === 0 ? (
        <p class="quiet">
          {trend.length === 0 ? "Nothing was rehearsed yet. " : "The configuration has changed since: "}
          <code>{command}</code>
        </p>
      ) : (
        <>
          <p class="result">
            <b class={missed.length === 0 ? "good" : "bad"}>
              {missed.length === 0 ? "Held" : `Missed ${missed.length}`}
            </b>
            {`${missed.length === 0 ? "," : " of"} ${counted(best.length, "fault")}${withAgent.length > 0 ? ", with the agent" : ", the kernel alone"}`}
            <small>{` ${momentOf(latest, now)}, ${ago(now - latest)}`}</small>
          </p>
          {missed.length > 0 && (
            <p class="quiet">
              Missed:{" "}
              {missed
                .slice(0, 4)
                .map(({ id }) => id)
                .join(", ")}
              {missed.length > 4 ? ", …" : ""}
            </p>
          )}
        </>
      )}
      <Trend
        title="Rehearsals"
        points={trend
          .filter(({ by }) => (by === "agent") === withAgent.length > 0)
          .map(({ at, outageMs, missed: count, scenarios, worst }) => ({
            at,
            outageMs,
            isHeld: count === 0,
            what: `${count} of ${scenarios} missed${worst === "" ? "" : `, worst ${worst}`}`,
          }))}
      />
    </>
  );
}
