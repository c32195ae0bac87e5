import { useState } from "preact/hooks";
import type { PathHistoryDocument, StatusDocument, StatusPath, StatusPort } from "../documents.ts";
import type { Message, Model } from "../model.ts";
import { ago, lossOf, roundTrip } from "../words.ts";
import { Chart } from "./chart.tsx";

interface PartProps {
  readonly model: Model;
  readonly send: (message: Message) => void;
}

/** Every port with its paths, their charts, and what an operator can do with it. */
export function PathsPart({ model, send }: PartProps) {
  const [chosen, setStep] = useState<"second" | "minute">();
  const { status, documents, session } = model;
  if (status === undefined) return null;
  const step = chosen ?? (isYoung(documents.minute) ? "second" : "minute");
  const history = documents[step];
  return (
    <section class="part" id="paths" aria-labelledby="paths-title">
      <header>
        <h2 id="paths-title">Paths</h2>
        <p>Round trips through each port. Red: probes without an answer. Dashed: traffic moved.</p>
        <div class="choice">
          {(["minute", "second"] as const).map((each) => (
            <button key={each} type="button" aria-pressed={step === each} onClick={() => setStep(each)}>
              {each === "minute" ? "24 hours" : "10 minutes"}
            </button>
          ))}
        </div>
      </header>
      <div class="ports">
        {status.ports.map((port) => (
          <PortCard
            key={port.name}
            {...{ port, status, history, send }}
            isOperator={session?.role === "operator"}
            model={model}
          />
        ))}
      </div>
    </section>
  );
}

/** So little is remembered that ten minutes show it better than a day. */
function isYoung(day: PathHistoryDocument | undefined): boolean {
  return day?.paths.every(({ sent }) => sent.length * day.stepMs < youngMs) ?? false;
}

const youngMs = 20 * 60_000;

interface PortProps extends PartProps {
  readonly port: StatusPort;
  readonly status: StatusDocument;
  readonly history: PathHistoryDocument | undefined;
  readonly isOperator: boolean;
}

function PortCard({ port, status, history, isOperator, model, send }: PortProps) {
  const paths = status.paths.filter((path) => path.port === port.name);
  const [tone, words] = standingOf(port);
  const sinceStatus = Math.max(0, model.now - status.at);
  return (
    <article class={`card port ${port.active ? "on" : ""}`} aria-label={`${port.name}, ${words}`}>
      <header>
        <h3>
          <i class={tone} aria-hidden="true" />
          {port.name}
        </h3>
        <span class={`${tone} standing`}>{words}</span>
        <small>{factsOf(port)}</small>
        {isOperator && <Orders port={port} status={status} send={send} />}
      </header>
      {paths.length === 0 && <p class="quiet none">No path is probed through it.</p>}
      {paths.map((path) => (
        <PathRow key={path.target} path={path} history={history} sinceStatus={sinceStatus} />
      ))}
    </article>
  );
}

function Orders({ port, status, send }: Pick<PortProps, "port" | "status" | "send">) {
  const isPinned = status.order !== "auto" && status.order.pinned === port.name;
  const order = port.drained ? "undrain" : "drain";
  return (
    <div class="orders">
      {isPinned ? (
        <button type="button" onClick={() => send({ type: "ask", question: { order: "auto" } })}>
          Unpin<span class="unseen"> {port.name}</span>…
        </button>
      ) : (
        <button type="button" onClick={() => send({ type: "ask", question: { order: "pin", port: port.name } })}>
          Pin<span class="unseen"> {port.name}</span>…
        </button>
      )}
      <button type="button" onClick={() => send({ type: "ask", question: { order, port: port.name } })}>
        {port.drained ? "Undrain" : "Drain"}
        <span class="unseen"> {port.name}</span>…
      </button>
    </div>
  );
}

function standingOf(port: StatusPort): readonly [string, string] {
  if (!port.present) return ["bad", "gone"];
  if (port.active) return port.usable ? ["good", "active"] : ["bad", "active, and nothing gets through"];
  if (!port.usable) return ["bad", port.carrier ? "carrier, no path" : "no carrier"];
  return port.drained ? ["warn", "drained"] : ["good", "standby"];
}

function factsOf({ medium, metered, speedMbps, failures, note, usable }: StatusPort): string {
  const speed = speedMbps === null ? "" : speedMbps >= 1000 ? `${speedMbps / 1000} Gbit/s` : `${speedMbps} Mbit/s`;
  const lost = failures === null ? "" : failures === 0 ? "never lost its carrier" : `carrier lost ${failures} times`;
  const parts = [
    medium === "radio" ? "radio" : "",
    speed,
    metered ? "metered" : "",
    lost.replace(" 1 times", " once"),
    usable || note !== "no carrier" ? note : "",
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

const stateWords: Readonly<Record<StatusPath["state"], readonly [tone: string, words: string]>> = {
  alive: ["good", "answers"],
  dead: ["bad", "dead"],
  silent: ["quiet", "never answered"],
  untried: ["quiet", "not tried yet"],
};

interface RowProps {
  readonly path: StatusPath;
  readonly history: PathHistoryDocument | undefined;
  readonly sinceStatus: number;
}

function PathRow({ path, history, sinceStatus }: RowProps) {
  const [tone, words] = stateWords[path.state];
  const past = history?.paths.find((one) => one.port === path.port && one.target === path.target);
  return (
    <div class="path">
      <p>
        <b>{path.target}</b> <span class={tone}>{words}</span>
        <span class="figures">
          <span class="number">{path.rttMs === null || path.state === "dead" ? "–" : roundTrip(path.rttMs)}</span>
          {path.loss !== null && (
            <span class={`number ${path.loss >= 0.05 ? "bad" : "quiet"}`}>{lossOf(path.loss)} lost</span>
          )}
          {path.answeredAgoMs !== null && path.state !== "alive" && (
            <span class="quiet">last answer {ago(path.answeredAgoMs + sinceStatus)}</span>
          )}
        </span>
      </p>
      {history !== undefined && past !== undefined && past.sent.length > 1 && <Chart document={history} path={past} />}
    </div>
  );
}
