import { AuditPart } from "./audit/part.tsx";
import { logout } from "./client.ts";
import { Glance } from "./glance.tsx";
import { HappenedPart } from "./happened/part.tsx";
import { Login } from "./login.tsx";
import type { Message, Model } from "./model.ts";
import { Confirm } from "./operate/confirm.tsx";
import { PathsPart } from "./paths/part.tsx";
import { Brand } from "./picture/icons.tsx";
import { PicturePart } from "./picture/part.tsx";
import { ProofsPart } from "./proofs/part.tsx";
import { coarse, momentOf } from "./words.ts";

interface AppProps {
  readonly model: Model;
  readonly send: (message: Message) => void;
  /** Why the login is asked for; "" it wasn't done yet. */
  readonly reason: string;
}

/** The page. */
export function App({ model, send, reason }: AppProps) {
  const { session } = model;
  if (session === undefined) return <p class="waiting">Looking at the links…</p>;
  if (session.user === null) return <Login send={send} reason={reason} />;
  const parts = { model, send };
  return (
    <>
      <a class="skip" href="#glance">
        Skip to how it is
      </a>
      <Top {...parts} />
      <main id="glance" tabIndex={-1}>
        <Troubles model={model} />
        <Glance model={model} />
        <PicturePart {...parts} />
        <PathsPart {...parts} />
        <HappenedPart {...parts} />
        <ProofsPart {...parts} />
        <AuditPart {...parts} />
      </main>
      <Foot model={model} />
      <p class="unseen" role="status" aria-live="polite">
        {model.said}
      </p>
      <Confirm {...parts} />
    </>
  );
}

const places = [
  ["picture", "Picture"],
  ["paths", "Paths"],
  ["happened", "History"],
  ["proofs", "Proven"],
  ["audit", "Audit"],
] as const;

function Top({ model, send }: Omit<AppProps, "reason">) {
  const { session } = model;
  const leave = async (): Promise<void> => {
    const answer = await logout(session?.token ?? "");
    if (answer.ok) send({ type: "session", session: answer.document });
  };
  return (
    <header class="top">
      <div class="bar">
        <span class="brand">
          <Brand /> {session?.host === "" ? "Holdfast" : session?.host}{" "}
          <span class="name">{session?.host === "" ? "" : "Holdfast"}</span>
        </span>
        <nav aria-label="Parts of the page">
          <ul>
            {places.map(([id, title]) => (
              <li key={id}>
                <a href={`#${id}`}>{title}</a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="who">
          <Live model={model} />
          <span class="name">
            {session?.user}
            {session?.role === "operator" ? "" : ", viewer"}
          </span>
          <button type="button" class="plain" onClick={() => void leave()}>
            Log out
          </button>
        </div>
      </div>
    </header>
  );
}

/** Beyond this without a word from the stream, ms, what is shown is called old. */
const staleMs = 10_000;

function Live({ model }: { readonly model: Model }) {
  const { link, now, heardAt } = model;
  const isStale = link === "lost" || now - heardAt > staleMs;
  const [tone, words] =
    link === "opening" ? ["waits", "connecting"] : isStale ? ["lost", `${coarse(now - heardAt)} old`] : ["", "live"];
  return (
    <span class={`live ${tone}`}>
      <i aria-hidden="true" />
      {words}
    </span>
  );
}

/** What makes everything else on the page doubtful, said above it. */
function Troubles({ model }: { readonly model: Model }) {
  const { link, now, heardAt, agent, status } = model;
  const store = status?.agent?.store;
  const isUnwatched = status !== undefined && (!agent.answers || status.source === "kernel");
  return (
    <>
      {link === "lost" && (
        <p class="banner bad" role="alert">
          The host doesn’t answer. What you see is how it was {momentOf(heardAt, now)}; this page keeps trying.
        </p>
      )}
      {link !== "lost" && isUnwatched && (
        <p class="banner bad" role="alert">
          The agent doesn’t answer{agent.message === "" ? "" : `: ${agent.message}`}. What you see is what the kernel
          alone knows: carriers, and no paths. Its own failover goes on as it is configured.
        </p>
      )}
      {store?.state === "trouble" && (
        <p class="banner bad">
          Events can’t be kept ({store.reason}): {store.pending} wait in memory
          {store.lost > 0 ? `, ${store.lost} are lost` : ""}.
        </p>
      )}
    </>
  );
}

function Foot({ model }: { readonly model: Model }) {
  const { session, documents } = model;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = documents.day?.zone ?? here;
  return (
    <footer class="foot">
      Holdfast {session?.version}.{" "}
      {zone === here
        ? `Times are those of ${here}.`
        : `Times are those of ${here}; days of the strip begin by the host’s own clock, ${zone}.`}
    </footer>
  );
}
