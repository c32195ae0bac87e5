import type { TopologyDocument, WhatIfFault } from "../documents.ts";
import type { Message, Model } from "../model.ts";
import { Chains } from "./chains.tsx";
import { Picture } from "./picture.tsx";
import { sceneNow, sceneWith } from "./scene.ts";
import { WhatIf } from "./what-if.tsx";

interface PartProps {
  readonly model: Model;
  readonly send: (message: Message) => void;
}

/** The picture, and what would happen if. */
export function PicturePart({ model, send }: PartProps) {
  const { documents, problems, status, now, chosen } = model;
  const { topology, "what-if": whatIf, rehearsals } = documents;
  const faults = whatIf?.faults ?? [];
  const fault = faults.find(({ id }) => id === model.fault);
  const offered = topology === undefined ? [] : faultsOf(topology, faults, chosen);
  const choose = (thing: string, id: string): void => send({ type: "choose", thing, fault: id });
  const chooseThing = (thing: string): void => {
    if (topology === undefined || thing === chosen) choose("", "");
    else choose(thing, faultsOf(topology, faults, thing)[0]?.id ?? "");
  };
  return (
    <section class="part" id="picture" aria-labelledby="picture-title">
      <header>
        <h2 id="picture-title">{fault === undefined ? "What it hangs on" : `If ${fault.fault}`}</h2>
        {fault !== undefined && (
          <button type="button" class="plain" onClick={() => choose("", "")}>
            show it as it is
          </button>
        )}
      </header>
      {topology === undefined || topology.nodes.length === 0 ? (
        <div class="card empty">
          {problems.topology === undefined && topology === undefined ? (
            "Drawing…"
          ) : (
            <>
              What the host hangs on isn’t declared. Say it under <code>topology:</code> in holdfast.yaml, with every
              switch, router and cable: then this shows the picture, what dies with what, and what the rehearsal has
              shown.
            </>
          )}
        </div>
      ) : (
        <figure class={`card picture ${fault === undefined ? "" : "imagined"}`} aria-label={topology.text}>
          <Shown {...{ model, topology, fault, chooseThing }} />
          <Legend isImagined={fault !== undefined} />
          <WhatIf
            {...{ whatIf, offered, fault, chosen, now, choose }}
            command={rehearsals?.command ?? "holdfast rehearse"}
          />
        </figure>
      )}
      {fault === undefined && status !== undefined && topology !== undefined && topology.notes.length > 0 && (
        <p class="below">{topology.notes.map((note) => `${note}.`).join(" ")}</p>
      )}
    </section>
  );
}

interface ShownProps {
  readonly model: Model;
  readonly topology: TopologyDocument;
  readonly fault: WhatIfFault | undefined;
  readonly chooseThing: (thing: string) => void;
}

function Shown({ model, topology, fault, chooseThing }: ShownProps) {
  const { status, now, chosen } = model;
  const scene =
    fault === undefined ? sceneNow(topology, status, now) : sceneWith(topology, fault, status?.bond?.active ?? "");
  return (
    <>
      <div class="sideways">
        <Picture topology={topology} scene={scene} chosen={chosen} choose={chooseThing} />
      </div>
      <Chains topology={topology} scene={scene} chosen={chosen} choose={chooseThing} />
    </>
  );
}

function faultsOf(topology: TopologyDocument, faults: readonly WhatIfFault[], thing: string): readonly WhatIfFault[] {
  const things = [...topology.nodes, ...topology.edges.map((edge) => ({ ...edge, name: edge.id }))];
  const ids = things.find(({ name }) => name === thing)?.faults ?? [];
  return faults.filter(({ id }) => ids.includes(id));
}

function Legend({ isImagined }: { readonly isImagined: boolean }) {
  const entries = isImagined
    ? [
        ["carries", "the way that is left"] as const,
        ["proven", "would stand by"] as const,
        ["struck", "broken"] as const,
        ["left", "not reached"] as const,
      ]
    : [
        ["carries", "carries traffic"] as const,
        ["proven", "answers, stands by"] as const,
        ["dead", "not reached"] as const,
        ["unknown", "nobody looks"] as const,
      ];
  return (
    <ul class="legend">
      {entries.map(([look, text]) => (
        <li key={look}>
          <svg viewBox="0 0 28 8" aria-hidden="true">
            <g class={`wire ${look}`}>
              <path class="line" d="M1 4H27" />
              {look === "struck" && <circle cx="14" cy="4" r="4" />}
            </g>
          </svg>
          {text}
        </li>
      ))}
    </ul>
  );
}
