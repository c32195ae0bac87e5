import type { ServerResponse } from "node:http";
import type { StatusDocument } from "../../report/status-input.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";
import type { StreamDocuments } from "../dashboard.ts";
import type { AgentLink, Seen } from "../data/agent-link.ts";
import { told as toldEvent } from "../data/happened.ts";
import { type Answer, refused } from "./answer.ts";
import { safeHeaders } from "./guards.ts";
import type { Session } from "./sessions.ts";

/** What viewers are told from. */
export interface StreamSources {
  readonly agent: AgentLink;
  readonly follow: (listener: (event: StoredEvent) => void) => () => void;
  /** Events after an id, oldest first, no more than `most`: what somebody who comes back has missed. */
  readonly missed: (after: number, most: number) => Promise<readonly StoredEvent[]>;
  /** What else may have changed, by name, each as a text to compare. */
  readonly stamps: () => Readonly<Record<StreamDocuments["changed"]["what"][number], string>>;
}

export interface Stream {
  /** Takes over the answer; the refusal, where there are too many. */
  readonly open: (session: Session, lastEventId: string, response: ServerResponse) => Answer | undefined;
  /** Ends the streams of a session. */
  readonly end: (session: Session, reason: StreamDocuments["bye"]["reason"]) => void;
  readonly viewers: () => number;
  readonly close: () => void;
}

interface Viewer {
  readonly session: Session;
  readonly response: ServerResponse;
  /** Has been given the whole status. */
  isBegun: boolean;
}

/** Together, and of one session: a browser opens no more than six connections to a host. */
const mostViewers = 64;
const mostOfSession = 6;
/** What may lie unread for a viewer: some minutes of deltas. Then the connection is ended, and he comes back by himself. */
const mostBehind = 256 << 10;
const mostMissed = 1_000;
const aliveMs = 15_000;
const stampsMs = 5_000;
/** A session whose page was open lives on so long at least. */
const inUseMs = 3_600_000;

/** What a stream remembers between two texts. */
interface Told {
  /** The status told last, key by key. */
  keys: ReadonlyMap<string, string>;
  /** What was said of the agent last. */
  agent: string;
  stamps: Readonly<Record<string, string>>;
}

/** Tells all viewers the same: every text is made once. While nobody looks on, nothing is asked of the agent. */
export function openStream(sources: StreamSources, now: () => number): Stream {
  const viewers = new Set<Viewer>();
  // Still being told what they missed.
  const coming = new Set<Viewer>();
  const told: Told = { keys: new Map(), agent: "", stamps: sources.stamps() };
  let stop: (() => void) | undefined;
  const leave = (viewer: Viewer): void => {
    coming.delete(viewer);
    viewers.delete(viewer);
    if (viewers.size > 0) return;
    stop?.();
    stop = undefined;
  };
  return {
    open(session, lastEventId, response) {
      const all = [...viewers, ...coming];
      const own = all.filter((one) => one.session === session).length;
      if (all.length >= mostViewers || own >= mostOfSession) {
        const answer = refused(503, "too-many", "too many look on already", "Close a page, or try again later.");
        return { ...answer, headers: { "Retry-After": "30" } };
      }
      const viewer: Viewer = { session, response, isBegun: false };
      start(response);
      coming.add(viewer);
      response.on("close", () => leave(viewer));
      catchUp(sources, viewer, lastEventId)
        .then(() => {
          // Ended meanwhile, by the browser or with the session.
          if (!coming.delete(viewer) || response.writableEnded) return;
          viewers.add(viewer);
          stop ??= watchAll(sources, viewers, told, now);
          sources.agent.hurry();
        })
        .catch(() => response.destroy());
      return undefined;
    },
    end: (session, reason) => endOf([...viewers, ...coming], session, reason),
    viewers: () => viewers.size,
    close() {
      const all = [...viewers, ...coming];
      tell(all, message("bye", { reason: "stopping" }));
      for (const { response } of all) response.end();
    },
  };
}

type Viewers = ReadonlySet<Viewer>;

function tell(viewers: Iterable<Viewer>, text: string): void {
  for (const viewer of [...viewers]) give(viewer, text);
}

function endOf(viewers: Iterable<Viewer>, session: Session, reason: StreamDocuments["bye"]["reason"]): void {
  const own = [...viewers].filter((one) => one.session === session);
  for (const { response } of own) response.end(message("bye", { reason }));
}

/** Begins to look, for as long as somebody looks on. Returns what ends it. */
function watchAll(sources: StreamSources, viewers: Viewers, told: Told, now: () => number): () => void {
  const stamping = setInterval(() => tellStamps(sources, viewers, told), stampsMs);
  const timing = setInterval(() => keepAlive(viewers, now()), aliveMs);
  const unfollow = sources.follow((event) => {
    tell(viewers, message("event", toldEvent(event), event.id));
    sources.agent.hurry();
  });
  const unwatch = sources.agent.watch((seen) => tellSeen(viewers, told, seen));
  return () => {
    clearInterval(stamping);
    clearInterval(timing);
    unfollow();
    unwatch();
  };
}

/** The whole to who is new, what changed to the others. */
function tellSeen(viewers: Viewers, told: Told, seen: Seen): void {
  const agent = message("agent", { answers: seen.answers, message: seen.message });
  const next = keysOf(seen.status);
  const news = [...viewers].filter(({ isBegun }) => !isBegun);
  const others = [...viewers].filter(({ isBegun }) => isBegun);
  const delta = message("delta", deltaOf(told.keys, next, seen.status));
  tell(others, agent === told.agent ? delta : agent + delta);
  if (news.length > 0) tell(news, agent + message("status", seen.status));
  for (const viewer of news) viewer.isBegun = true;
  told.keys = next;
  told.agent = agent;
}

function tellStamps(sources: StreamSources, viewers: Viewers, told: Told): void {
  const next = sources.stamps();
  const names = Object.keys(next) as (keyof typeof next)[];
  const what = names.filter((name) => next[name] !== told.stamps[name]);
  told.stamps = next;
  if (what.length > 0) tell(viewers, message("changed", { what }));
}

function keepAlive(viewers: Viewers, at: number): void {
  tell(viewers, ": alive\n\n");
  for (const { session } of [...viewers]) {
    // A page that is open is in use.
    if (session.endsAt > at) session.expiresAt = Math.min(session.endsAt, Math.max(session.expiresAt, at + inUseMs));
    else endOf(viewers, session, "expired");
  }
}

function start(response: ServerResponse): void {
  response.writeHead(200, {
    ...safeHeaders,
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    // A proxy that collects would keep what is live.
    "X-Accel-Buffering": "no",
  });
  // Each text is a packet of its own: nothing waits for company.
  response.socket?.setNoDelay(true);
  response.write("retry: 3000\n\n");
}

async function catchUp({ missed }: StreamSources, viewer: Viewer, lastEventId: string): Promise<void> {
  if (!/^\d{1,16}$/.test(lastEventId)) return;
  for (const event of await missed(Number(lastEventId), mostMissed)) {
    give(viewer, message("event", toldEvent(event), event.id));
  }
}

/** A viewer who doesn't read is let go: nobody is waited for, and nothing is kept for him. */
function give({ response }: Viewer, text: string): void {
  if (text === "" || response.destroyed || response.writableEnded) return;
  if (response.writableLength > mostBehind) response.destroy();
  else response.write(text);
}

function message<Name extends keyof StreamDocuments>(name: Name, document: StreamDocuments[Name], id?: number): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(document)}\n\n`;
}

function keysOf(status: StatusDocument): Map<string, string> {
  return new Map(Object.entries(status).map(([key, value]) => [key, JSON.stringify(value)]));
}

/** Keys whose text is another one; null: no longer there. */
function deltaOf(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  status: StatusDocument,
): Partial<StatusDocument> {
  const changed = Object.entries(status).filter(([key]) => before.get(key) !== after.get(key));
  const gone = [...before.keys()].filter((key) => !after.has(key)).map((key) => [key, null] as const);
  return Object.fromEntries([...changed, ...gone]) as Partial<StatusDocument>;
}
