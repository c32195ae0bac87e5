import { render } from "preact";
import { App } from "./app.tsx";
import { ask, askSession, follow } from "./client.ts";
import type { StreamDocuments } from "./documents.ts";
import { type DocumentName, emptyModel, type Message, update } from "./model.ts";
import { staleAfter } from "./places.ts";

/** The page's own loop: a message makes the next model, the model is drawn. What is asked for and followed is decided here, and nowhere else. */
function start(root: HTMLElement): void {
  let model = emptyModel(Date.now());
  let reason = "";
  let isDrawing = false;
  let unfollow: (() => void) | undefined;
  const draw = (): void => {
    isDrawing = false;
    render(<App model={model} send={send} reason={reason} />, root);
  };
  const send = (message: Message): void => {
    const before = model;
    model = update(model, message);
    if (message.type === "session") onSession();
    // However many messages a moment brings, it is drawn once.
    if (!isDrawing && model !== before) requestAnimationFrame(draw);
    isDrawing ||= model !== before;
  };
  const onSession = (): void => {
    unfollow?.();
    unfollow = undefined;
    if (model.session?.user === null || model.session === undefined) return;
    reason = "";
    unfollow = watch(send, (why) => {
      reason = why;
      void enter();
    });
  };
  const enter = async (): Promise<void> => {
    const answer = await askSession();
    if (answer.ok) send({ type: "session", session: answer.document });
    else setTimeout(() => void enter(), 2_000);
  };
  setInterval(() => send({ type: "tick", byMs: tickMs }), tickMs);
  void enter();
}

/** The stream brings the time every second; this is for when it doesn't. */
const tickMs = 5_000;

/** All documents of the page, the most wanted first. */
const all: readonly DocumentName[] = [
  "topology",
  "outages",
  "audit",
  "what-if",
  "day",
  "minute",
  "second",
  "events",
  "drills",
  "rehearsals",
  "month",
  "year",
];

/** How often charts are asked for anew while the page can be seen, ms. */
const everyMs: readonly (readonly [DocumentName, number])[] = [
  ["second", 15_000],
  ["minute", 60_000],
  ["day", 300_000],
];

/** Follows the host and asks for documents when they are another. Returns how to end it. */
function watch(send: (message: Message) => void, onBye: (reason: string) => void): () => void {
  const load = async (name: DocumentName): Promise<void> => {
    const answer = await ask(name);
    if (answer.ok) send({ type: "document", name, document: answer.document });
    else if (answer.status === 401) onBye("The login is over.");
    else send({ type: "problem", name, problem: answer.problem });
  };
  const loadSoon = gathered((names) => {
    for (const name of names) void load(name);
  });
  const askWhy = async (): Promise<void> => {
    const answer = await askSession();
    if (answer.ok && answer.document.user === null) onBye("The login is over.");
  };
  const unfollow = follow({
    opened: () => {
      send({ type: "link", link: "live" });
      loadSoon(all);
    },
    lost: (why) => {
      send({ type: "link", link: "lost" });
      if (why === "refused") void askWhy();
    },
    status: (status) => send({ type: "status", status }),
    delta: (delta) => {
      send({ type: "delta", delta });
      if (changesPicture(delta)) loadSoon(["topology"]);
    },
    event: (event) => {
      send({ type: "event", event });
      loadSoon(staleAfter(event.event.what));
    },
    agent: (agent) => send({ type: "agent", agent }),
    changed: ({ what }) => loadSoon(what),
    bye: ({ reason }) => onBye(reason === "expired" ? "The login is over: nothing was asked for a while." : ""),
  });
  const timers = everyMs.map(([name, ms]) =>
    setInterval(() => {
      if (document.visibilityState === "visible") loadSoon([name]);
    }, ms),
  );
  return () => {
    unfollow();
    for (const timer of timers) clearInterval(timer);
  };
}

/** Whether what changed stands in the picture. */
function changesPicture(delta: StreamDocuments["delta"]): boolean {
  return ["bond", "ports", "redundancy", "internet", "ups", "order"].some((key) => key in delta);
}

/** Calls with the names of a short while together, each once. */
function gathered(call: (names: readonly DocumentName[]) => void): (names: readonly DocumentName[]) => void {
  const wanted = new Set<DocumentName>();
  let isWaiting = false;
  return (names) => {
    for (const name of names) wanted.add(name);
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      const now = [...wanted];
      wanted.clear();
      call(now);
    }, 150);
  };
}

const root = document.getElementById("page");
if (root !== null) {
  // What stood there until now was for who waits.
  root.replaceChildren();
  start(root);
}
