import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readEvents } from "../../store/events.ts";
import type { PathHistoryDocument } from "../dashboard.ts";
import type { AgentLink } from "../data/agent-link.ts";
import type { Chronicle } from "../data/chronicle.ts";
import type { Declared } from "../data/declared.ts";
import { fileStamp } from "../data/file-stamp.ts";
import { availabilityAnswer, eventsPage, movesIn, outagesDocument } from "../data/happened.ts";
import { type PathsWish, rememberedPaths } from "../data/remembered-paths.ts";
import { drillStart } from "../data/request-drill.ts";
import { drillsDocument, rehearsalsDocument } from "../data/shown.ts";
import { topologyDocument } from "../data/topology-document.ts";
import { type Answer, found, refused } from "./answer.ts";
import type { Parameters } from "./read-query.ts";
import type { Handler } from "./respond.ts";
import type { StreamSources } from "./stream.ts";

/** Where everything lies that is read. */
export interface DashboardPlaces {
  /** holdfast.yaml; paths in it begin at its directory. */
  readonly config: string;
  readonly socket: string;
  readonly events: string;
  readonly spool: string;
  readonly drills: string;
  readonly rehearsals: readonly string[];
  readonly drillSocket: string;
  /** The root whose /sys says where the ports are plugged in. */
  readonly hardware: string;
  /** What calls this program as root there, in commands that are shown. */
  readonly asRoot: string;
  /** The page as it was built. */
  readonly page: string;
  readonly openApi: string;
}

/** What answers are read from. */
export interface Sources {
  readonly places: DashboardPlaces;
  readonly signal: AbortSignal;
  readonly chronicle: Chronicle;
  readonly agent: AgentLink;
  readonly declared: Declared;
}

/** A drill is under way, by what the history says. */
export function isDrilling({ chronicle }: Pick<Sources, "chronicle">): boolean {
  const now = Date.now();
  return chronicle.drills(now).some(({ from, to }) => from <= now && to >= now);
}

type Reading =
  | "status"
  | "events"
  | "outages"
  | "availability"
  | "path-history"
  | "topology"
  | "audit"
  | "drills"
  | "rehearsals";

/** Every endpoint that only reads. */
export function readersOf(parts: Sources): Readonly<Record<Reading | "what-if" | "openapi", Handler>> {
  const { places, chronicle, agent, declared } = parts;
  const remembered = rememberedPaths(places.socket, parts.signal);
  return {
    status: async () => found((await agent.status()).status),
    events: shared(chronicle, ({ parameters }) => eventsPage(places, parameters)),
    outages: shared(chronicle, ({ parameters }) => found(outagesDocument(chronicle, parameters, Date.now()))),
    availability: shared(chronicle, ({ parameters }) => availabilityAnswer(chronicle, parameters, Date.now())),
    "path-history": shared(chronicle, (ask) => pathHistory(parts, remembered, ask.parameters)),
    topology: () => topology(parts),
    audit: async () => found(await declared.audit()),
    drills: () =>
      found(drillsDocument(places.drills, drillStart(places.drillSocket, places.asRoot, isDrilling(parts)))),
    rehearsals: async () =>
      found(await rehearsalsDocument(declared, places.rehearsals, `${places.asRoot} rehearse ${places.config}`)),
    "what-if": async () => found({ faults: await declared.faults() }),
    openapi: () => openApi(places.openApi),
  };
}

type Drawn = { readonly of: readonly unknown[]; readonly answer: Answer };
/** What was drawn last: of the same picture and status for everybody it is the same. */
const drawn = new WeakMap<AgentLink, Drawn>();

async function topology({ declared, agent }: Sources): Promise<Answer> {
  const [{ picture, problem: unread }, { status }] = await Promise.all([declared.picture(), agent.status()]);
  const of = [picture, status, unread];
  const known = drawn.get(agent);
  if (known?.of.every((part, index) => part === of[index]) === true) return known.answer;
  const document = topologyDocument(picture, status);
  const answer = found(unread === "" ? document : { ...document, notes: [unread, ...document.notes] });
  drawn.set(agent, { of, answer });
  return answer;
}

/** How old an answer may be that somebody else was given, ms. */
const sharedMs = 1_000;
/** Different questions within that time; beyond, each is answered by itself. */
const mostShared = 32;

/** One answer for all who ask the same between two events: when something happens, every page that is open asks at once. */
function shared({ version }: Chronicle, handler: Handler): Handler {
  const given = new Map<string, { readonly until: number; readonly answer: Promise<Answer> }>();
  return (ask) => {
    const now = performance.now();
    const key = `${version()} ${JSON.stringify(ask.parameters)}`;
    const known = given.get(key);
    if (known !== undefined && known.until >= now) return known.answer;
    const answer = Promise.resolve(handler(ask));
    if (given.size >= mostShared) return answer;
    given.set(key, { until: now + sharedMs, answer });
    // Answers are large: nobody need ask again for them to go.
    setTimeout(() => given.delete(key), sharedMs).unref();
    return answer;
  };
}

async function pathHistory(
  { chronicle }: Sources,
  remembered: ReturnType<typeof rememberedPaths>,
  parameters: Parameters,
): Promise<Answer> {
  const told = await remembered({ step: "second", ...(parameters as Partial<PathsWish>) });
  if (!told.ok) return refused(503, `agent-${told.error.code}`, told.error.message, told.error.hint);
  const { from, stepMs, paths } = told.value;
  const to = from + stepMs * Math.max(0, ...paths.map(({ sent }) => sent.length));
  return found({ ...told.value, moves: movesIn(chronicle.history(), { from, to }) } satisfies PathHistoryDocument);
}

function openApi(path: string): Answer {
  try {
    return found(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return refused(404, "not-found", "the document isn't installed");
  }
}

/** What viewers of the stream are told from. */
export function streamSources({ places, chronicle, agent, declared }: Sources): StreamSources {
  return {
    agent,
    follow: chronicle.follow,
    async missed(after, most) {
      const query = { afterId: after, limit: most, order: "newest-first" as const };
      const read = await readEvents(places.events, query, places.spool);
      return read.ok ? read.value.events.toReversed() : [];
    },
    stamps() {
      const [config, drills] = [declared.stamp(), fileStamp(join(places.drills, "history.jsonl"))];
      const rehearsals = places.rehearsals.map((each) => fileStamp(join(each, "history.jsonl"))).join("\n");
      return { topology: config, audit: config, drills, rehearsals, "what-if": `${config}\n${rehearsals}` };
    },
  };
}
