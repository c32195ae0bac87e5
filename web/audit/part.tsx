import type { AuditAnswer } from "../documents.ts";
import { yearly } from "../glance-words.ts";
import type { Message, Model } from "../model.ts";
import { capital, counted, percent } from "../words.ts";

interface PartProps {
  readonly model: Model;
  readonly send: (message: Message) => void;
}

const yearMs = 8766 * 3_600_000;

/** What else dies with it: single points of failure, what to change, what breaks with what. */
export function AuditPart({ model, send }: PartProps) {
  const { audit } = model.documents;
  const goal = audit?.goals[0];
  if (audit === undefined || goal === undefined) return null;
  const singles = goal.cutSets.filter((set) => set.length === 1).flat();
  const down = goal.downMs;
  return (
    <section class="part" id="audit" aria-labelledby="audit-title">
      <header>
        <h2 id="audit-title">What would take it down</h2>
      </header>
      <div class="audit">
        <div class="card verdicts">
          <p class="result">
            <b class={singles.length === 0 ? "good" : "bad"}>
              {singles.length === 0
                ? "No single point of failure"
                : counted(singles.length, "single point").concat(" of failure")}
            </b>
          </p>
          <ul class="singles">
            {singles.map((id) => (
              <li key={id}>
                <Part audit={audit} id={id} send={send} />
              </li>
            ))}
          </ul>
          <p class="quiet">
            About <b>{yearly(down.expected)}</b> a year without {goal.label} (between {yearly(down.low)} and{" "}
            {yearly(down.high)}), there {percent(Math.max(0, 1 - down.expected / yearMs))} of the time. {ratesOf(audit)}
          </p>
          {audit.withoutUpsMs !== undefined && audit.withoutUpsMs > down.expected * 1.01 && (
            <p class="quiet">Without the UPS it would be {yearly(audit.withoutUpsMs)}.</p>
          )}
        </div>
        {audit.advice.length > 0 && (
          <div class="card verdicts">
            <h3>What to change, each by itself</h3>
            <ol class="advice">
              {audit.advice.slice(0, 4).map(({ text, downMs, removes }) => (
                <li key={text}>
                  {text}
                  <small>
                    {`${yearly(down.expected)} → ${yearly(downMs)} a year${removes.length > 0 ? `, ${counted(removes.length, "single point")} less` : ""}`}
                  </small>
                </li>
              ))}
            </ol>
          </div>
        )}
      </div>
      <details class="more">
        <summary>What breaks with what</summary>
        <Breaks audit={audit} send={send} />
      </details>
    </section>
  );
}

function ratesOf({ parts }: AuditAnswer): string {
  const stated = parts.filter(({ rate }) => rate.from === "stated").length;
  if (stated === 0) return "Rates of failure are assumed, each to a factor of four.";
  return `Rates of failure: ${stated} of ${parts.length} stated, the others assumed.`;
}

/** A part by its name; where a rehearsal shows it, a button that shows that. */
function Part({
  audit,
  id,
  send,
}: {
  readonly audit: AuditAnswer;
  readonly id: string;
  readonly send: PartProps["send"];
}) {
  const part = audit.parts.find((one) => one.id === id);
  if (part?.scenario === undefined) return <>{capital(part?.label ?? id)}</>;
  const { scenario, label } = part;
  const show = (): void => {
    send({ type: "choose", thing: "", fault: scenario });
    document.getElementById("picture")?.scrollIntoView({ behavior: "smooth" });
  };
  return (
    <button type="button" class="plain part-name" onClick={show}>
      {capital(label)}
      <span class="unseen">: what would happen?</span>
    </button>
  );
}

function Breaks({ audit, send }: { readonly audit: AuditAnswer; readonly send: PartProps["send"] }) {
  const { goals, parts } = audit;
  const [first] = goals;
  return (
    <div class="card scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">What fails</th>
            {goals.map(({ name, label }) => (
              <th scope="col" key={name}>
                {label}
              </th>
            ))}
            <th scope="col">Ways left</th>
            <th scope="col" class="number">
              Share of the downtime
            </th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part.id}>
              <th scope="row">
                <Part audit={audit} id={part.id} send={send} />
              </th>
              {goals.map(({ name }) => (
                <td key={name}>{part.cuts.includes(name) ? <b class="bad">lost</b> : "stays"}</td>
              ))}
              <td>{part.portsLeft.length === 0 ? "none" : part.portsLeft.join(", ")}</td>
              <td class="number">{Math.round((part.share[first?.name ?? ""] ?? 0) * 100)} %</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
