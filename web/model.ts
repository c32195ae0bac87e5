import type {
  AuditAnswer,
  AvailabilityDocument,
  DrillsDocument,
  EventsPage,
  OutagesDocument,
  PathHistoryDocument,
  ProblemDocument,
  RehearsalsDocument,
  SessionDocument,
  StatusDocument,
  StreamDocuments,
  ToldEvent,
  TopologyDocument,
  WhatIfDocument,
} from "./documents.ts";

/** What the page asks for, by the name it keeps it under. */
export interface Documents {
  readonly topology: TopologyDocument;
  readonly "what-if": WhatIfDocument;
  readonly audit: AuditAnswer;
  readonly drills: DrillsDocument;
  readonly rehearsals: RehearsalsDocument;
  readonly outages: OutagesDocument;
  readonly events: EventsPage;
  readonly day: AvailabilityDocument;
  readonly month: AvailabilityDocument;
  readonly year: AvailabilityDocument;
  readonly second: PathHistoryDocument;
  readonly minute: PathHistoryDocument;
}

export type DocumentName = keyof Documents;

/** Everything the page shows. */
export interface Model {
  /** By the host's clock as far as it was heard of, ms since 1970: ages are right even where the browser's clock is wrong. */
  readonly now: number;
  /** undefined: not asked yet. */
  readonly session: SessionDocument | undefined;
  /** live: the stream is open. */
  readonly link: "opening" | "live" | "lost";
  /** When the stream was last heard, by `now`. */
  readonly heardAt: number;
  readonly agent: StreamDocuments["agent"];
  readonly status: StatusDocument | undefined;
  readonly documents: { readonly [N in DocumentName]?: Documents[N] };
  /** Why a document isn't there. */
  readonly problems: { readonly [N in DocumentName]?: ProblemDocument };
  /** The fault that is looked at; "" none. */
  readonly fault: string;
  /** What was chosen in the picture, as the page calls it: a device, a wire, a power domain; "" nothing. */
  readonly chosen: string;
  /** What is being asked before it is done. */
  readonly asking: Question | undefined;
  /** The latest thing worth saying aloud. */
  readonly said: string;
}

/** An order, before it is given. */
export type Question =
  | { readonly order: "pin" | "drain" | "undrain"; readonly port: string }
  | { readonly order: "auto" }
  | { readonly order: "drill" };

export type Message =
  | { readonly type: "session"; readonly session: SessionDocument }
  | { readonly type: "tick"; readonly byMs: number }
  | { readonly type: "link"; readonly link: Model["link"] }
  | { readonly type: "agent"; readonly agent: StreamDocuments["agent"] }
  | { readonly type: "status"; readonly status: StatusDocument }
  | { readonly type: "delta"; readonly delta: StreamDocuments["delta"] }
  | { readonly type: "event"; readonly event: ToldEvent }
  | { readonly type: "document"; readonly name: DocumentName; readonly document: Documents[DocumentName] }
  | { readonly type: "problem"; readonly name: DocumentName; readonly problem: ProblemDocument }
  | { readonly type: "older"; readonly page: EventsPage }
  | { readonly type: "older-outages"; readonly page: OutagesDocument }
  | { readonly type: "choose"; readonly thing: string; readonly fault: string }
  | { readonly type: "ask"; readonly question: Question | undefined }
  | { readonly type: "say"; readonly text: string };

/** The page before anything is known. `now`: the browser's clock. */
export function emptyModel(now: number): Model {
  return {
    now,
    session: undefined,
    link: "opening",
    heardAt: now,
    agent: { answers: true, message: "" },
    status: undefined,
    documents: {},
    problems: {},
    fault: "",
    chosen: "",
    asking: undefined,
    said: "",
  };
}

/** The page after a message. */
export function update(model: Model, message: Message): Model {
  switch (message.type) {
    case "session":
      return { ...emptyModel(model.now), session: message.session };
    case "tick":
      return { ...model, now: model.now + message.byMs };
    case "link":
      return { ...model, link: message.link };
    case "agent":
      return { ...model, ...heard(model), agent: message.agent };
    case "status":
      return { ...model, ...heard(model, message.status.at), status: message.status };
    case "delta":
      return onDelta(model, message.delta);
    case "event":
      return onEvent(model, message.event);
    case "document":
      return onDocument(model, message.name, message.document);
    case "problem":
      return { ...model, problems: { ...model.problems, [message.name]: message.problem } };
    case "older":
      return onOlder(model, message.page);
    case "older-outages":
      return onOlderOutages(model, message.page);
    case "choose":
      return { ...model, chosen: message.thing, fault: message.fault };
    case "ask":
      return { ...model, asking: message.question };
    case "say":
      return { ...model, said: message.text };
  }
}

function heard(model: Model, at = model.now): Pick<Model, "now" | "heardAt" | "link"> {
  return { now: at, heardAt: at, link: "live" };
}

/** Keys of the status that changed; what is null where the whole has no null is no longer there. */
function onDelta(model: Model, delta: StreamDocuments["delta"]): Model {
  if (model.status === undefined) return model;
  const entries = Object.entries({ ...model.status, ...delta }).filter(
    ([key, value]) => value !== null || nullable.has(key),
  );
  const status = Object.fromEntries(entries) as unknown as StatusDocument;
  return { ...model, ...heard(model, status.at), status };
}

/** Keys of a status whose null says something. */
const nullable: ReadonlySet<string> = new Set(["bond", "redundancy", "since", "lastOutage"]);

/** Events kept on the page while it is open. */
const mostEvents = 1_000;

function onEvent(model: Model, event: ToldEvent): Model {
  const { events } = model.documents;
  const known = events?.events ?? [];
  if (known.some((one) => one.id === event.id)) return model;
  const page: EventsPage = {
    next: events?.next ?? null,
    damaged: events?.damaged ?? 0,
    events: [event, ...known].toSorted((one, other) => other.id - one.id).slice(0, mostEvents),
  };
  const said = event.severity === "notice" ? model.said : event.title;
  return { ...model, documents: { ...model.documents, events: page }, said };
}

function onOlder(model: Model, page: EventsPage): Model {
  const known = model.documents.events?.events ?? [];
  const oldest = known.at(-1)?.id ?? Number.POSITIVE_INFINITY;
  const events = [...known, ...page.events.filter((one) => one.id < oldest)];
  return { ...model, documents: { ...model.documents, events: { ...page, events } } };
}

function onOlderOutages(model: Model, page: OutagesDocument): Model {
  const known = model.documents.outages;
  if (known === undefined || known.next === null) return model;
  const { next } = known;
  const outages = [...known.outages, ...page.outages.filter(({ at }) => at < next)];
  return { ...model, documents: { ...model.documents, outages: { ...known, outages, next: page.next } } };
}

function onDocument(model: Model, name: DocumentName, document: Documents[DocumentName]): Model {
  const { [name]: _, ...problems } = model.problems;
  return { ...model, documents: { ...model.documents, [name]: document }, problems };
}
