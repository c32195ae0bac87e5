import type { WhatIfDocument, WhatIfFault, WhatIfShown } from "../documents.ts";
import { ago, capital, span } from "../words.ts";

interface WhatIfProps {
  readonly whatIf: WhatIfDocument | undefined;
  /** Faults of what was chosen in the picture; all, where nothing is. */
  readonly offered: readonly WhatIfFault[];
  readonly fault: WhatIfFault | undefined;
  readonly chosen: string;
  readonly now: number;
  readonly command: string;
  readonly choose: (thing: string, fault: string) => void;
}

/** "What would happen if…": a list of faults, and what the rehearsal has shown of the one that is looked at. */
export function WhatIf({ whatIf, offered, fault, chosen, now, command, choose }: WhatIfProps) {
  if (whatIf === undefined || whatIf.faults.length === 0) return null;
  return (
    <div class={`what-if ${fault === undefined ? "" : `${toneOf(fault)}-tone`}`}>
      <label for="fault">What would happen if…</label>
      <select id="fault" value={fault?.id ?? ""} onChange={(event) => choose("", event.currentTarget.value)}>
        <option value="">nothing fails: show it as it is</option>
        {whatIf.faults.map(({ id, fault: text }) => (
          <option key={id} value={id}>
            {text}
          </option>
        ))}
      </select>
      {fault !== undefined && offered.length > 1 && chosen !== "" && (
        <fieldset class="offered">
          <legend class="unseen">Ways it can fail</legend>
          {offered.map((one) => (
            <button
              key={one.id}
              type="button"
              aria-pressed={one.id === fault.id}
              onClick={() => choose(chosen, one.id)}
            >
              {one.fault}
            </button>
          ))}
        </fieldset>
      )}
      <div class="outcome" aria-live="polite">
        {fault === undefined ? (
          <p class="quiet">Choose a device in the picture, or a fault from the list.</p>
        ) : (
          <Outcome fault={fault} now={now} command={command} />
        )}
      </div>
    </div>
  );
}

/** green: it was rehearsed and held. red: it cuts the host off, or was missed. */
export function toneOf({ survives, kernel, withAgent }: WhatIfFault): "good" | "warn" | "bad" {
  if (survives === "none") return "bad";
  const shown = withAgent ?? kernel;
  if (shown === null) return "warn";
  return shown.verdict === "held" ? (survives === "all" ? "good" : "warn") : "bad";
}

function Outcome({
  fault,
  now,
  command,
}: {
  readonly fault: WhatIfFault;
  readonly now: number;
  readonly command: string;
}) {
  const { withAgent, kernel, survives, carrierTells } = fault;
  return (
    <>
      <p class="verdict">
        <b class={toneOf(fault)}>{verdictOf(fault)}</b>
      </p>
      <dl>
        {withAgent !== null && <Shown title="With the agent" shown={withAgent} now={now} />}
        {kernel !== null && <Shown title="The kernel alone" shown={kernel} now={now} />}
      </dl>
      {kernel === null && withAgent === null && survives !== "none" && (
        <p class="quiet">
          Not rehearsed yet: <code>{command}</code>
        </p>
      )}
      {!carrierTells && survives !== "none" && (
        <p class="quiet">The host’s own carrier stays up: the kernel’s monitor can’t see it, a probe can.</p>
      )}
    </>
  );
}

/** "plc-b goes off. The host stays reachable, after 340 ms." */
export function verdictOf({ fault, survives, withAgent, kernel }: WhatIfFault): string {
  const what = capital(fault);
  if (survives === "none") return `${what}. The host is cut off: no way is left.`;
  const shown = withAgent ?? kernel;
  const some = survives === "some" ? ", though not everything has a way" : "";
  if (shown === null) return `${what}. A way is left${some}.`;
  if (shown.outageMs === null) return `${what}. A way is left, but it wasn’t taken while that was watched.`;
  const cost = shown.outageMs < 1 ? "without an interruption" : `after ${span(shown.outageMs)}`;
  return `${what}. The host stays reachable, ${cost}${some}.`;
}

function Shown({ title, shown, now }: { readonly title: string; readonly shown: WhatIfShown; readonly now: number }) {
  const { outageMs, backMs, verdict, at, uncertaintyMs } = shown;
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <b class={`number ${verdict === "held" ? "" : "bad"}`}>
          {outageMs === null ? "never came back" : span(outageMs)}
        </b>
        <small>
          {outageMs === null ? "" : ` ± ${span(uncertaintyMs)}`}
          {backMs === null ? "; it didn’t return when mended" : backMs < 1 ? "" : `; ${span(backMs)} when mended`}
          {` · rehearsed ${ago(now - at)}`}
        </small>
      </dd>
    </div>
  );
}
