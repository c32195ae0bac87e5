import { chmodSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { failed, ok, type Result } from "../model/result.ts";
import type { EventQuery, EventStore } from "../store/events.ts";
import type { ChangeSaid, DrillSaid } from "../watch/chronicle.ts";
import type { Order } from "./agent.ts";
import type { PathsQuery, PathsRemembered } from "./path-history.ts";

/** What the socket gives out and takes in. */
export interface ControlHooks {
  /** The document, or a promise of it. */
  readonly status: () => unknown;
  readonly store: Pick<EventStore, "read" | "follow">;
  readonly metrics: () => string;
  /** An operator's order; the text says why it can't be one. */
  readonly order: (order: Order) => string | undefined;
  /** Round trips and losses, for charts. Absent: nobody remembers them. */
  readonly paths?: (query: PathsQuery) => PathsRemembered;
  /** What a drill or a change says of itself. Absent: nobody keeps it. */
  readonly note?: (said: DrillSaid | ChangeSaid) => void;
}

export interface Control {
  readonly close: () => Promise<void>;
}

/** One who follows events is kept alive by an empty line this often, ms. */
const ALIVE_MS = 20_000;
/** Lines for one who doesn't read them; beyond, the connection is ended and asks anew from where it was. */
const MOST_BEHIND = 1 << 20;
const MOST_EVENTS = 10_000;

/** HTTP on a Unix socket, for those who may open it (0660: root and the group). The error is an errno. */
export function serveControl(path: string, hooks: ControlHooks): Promise<Result<Control, string>> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, answer) => {
    respond(request, answer, hooks).catch(() => {
      if (!answer.headersSent) answer.writeHead(500);
      answer.end();
    });
  });
  server.maxConnections = 64;
  // What an agent that was killed has left. A living one holds the journal's lock, so there is none.
  rmSync(path, { force: true });
  return new Promise((resolve) => {
    server.once("error", (problem: NodeJS.ErrnoException) => resolve(failed(problem.code ?? "failed")));
    server.listen(path, () => {
      chmodSync(path, 0o660);
      server.on("error", () => {});
      resolve(ok({ close: () => closed(server, path) }));
    });
  });
}

function closed(server: ReturnType<typeof createServer>, path: string): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
    rmSync(path, { force: true });
  });
}

async function respond(request: IncomingMessage, answer: ServerResponse, hooks: ControlHooks): Promise<void> {
  const url = new URL(request.url ?? "/", "http://agent");
  const route = `${request.method ?? "GET"} ${url.pathname}`;
  switch (route) {
    case "GET /status":
      json(answer, 200, await hooks.status());
      break;
    case "GET /metrics":
      answer.writeHead(200, { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" }).end(hooks.metrics());
      break;
    case "GET /events":
      await giveEvents(url.searchParams, answer, hooks);
      break;
    case "GET /paths":
      givePaths(url.searchParams, answer, hooks);
      break;
    case "POST /drill":
      takeDrill(url.searchParams, answer, hooks);
      break;
    case "POST /change":
      takeChange(url.searchParams, answer, hooks);
      break;
    default:
      takeOrder(route, url.searchParams, answer, hooks);
  }
}

/** POST /pin?port=, /drain?port=, /undrain?port=, /auto, /reselect-now. */
function takeOrder(route: string, query: URLSearchParams, answer: ServerResponse, hooks: ControlHooks): void {
  const [, kind = ""] = /^POST \/(pin|auto|drain|undrain|reselect-now)$/.exec(route) ?? [];
  if (kind === "") {
    json(answer, 404, { message: `there is no ${route}` });
    return;
  }
  const port = query.get("port") ?? "";
  const order = (kind === "auto" || kind === "reselect-now" ? { type: kind } : { type: kind, port }) as Order;
  const refusal = hooks.order(order);
  json(answer, refusal === undefined ? 200 : 422, refusal === undefined ? { ordered: kind } : { message: refusal });
}

/** ?begins=CUTS, ?stopped, or ?verdict=held&outage=84&cut=carrier-em1; without an outage it never ended. */
function takeDrill(query: URLSearchParams, answer: ServerResponse, { note }: ControlHooks): void {
  const cuts = Number(query.get("begins") ?? Number.NaN);
  const verdict = query.get("verdict");
  const outage = query.get("outage");
  const cut = (query.get("cut") ?? "").slice(0, 80);
  const outageMs = outage === null ? null : Number(outage);
  const isNumber = outageMs === null || (Number.isFinite(outageMs) && outageMs >= 0);
  if (Number.isInteger(cuts) && cuts >= 0) note?.({ what: "drill-begins", cuts });
  else if (query.has("stopped")) note?.({ what: "drill-stopped" });
  else if ((verdict === "held" || verdict === "missed") && isNumber)
    note?.({ what: "drilled", verdict, outageMs, cut });
  else {
    json(answer, 422, { message: "that is nothing a drill says" });
    return;
  }
  json(answer, 200, { noted: true });
}

const changeStates = ["applied", "confirmed", "rolled-back", "stuck"] as const;

/** ?state=confirmed&id=000042-k3f9qa&summary=…&who=… */
function takeChange(query: URLSearchParams, answer: ServerResponse, { note }: ControlHooks): void {
  const state = changeStates.find((one) => one === query.get("state"));
  const text = (name: string): string => (query.get(name) ?? "").replaceAll(/\p{Cc}/gu, " ").slice(0, 300);
  const id = text("id");
  if (state === undefined || !/^\d{6,}-[a-z0-9]+$/.test(id)) {
    json(answer, 422, { message: "that is nothing a change says" });
    return;
  }
  note?.({ what: "change", state, transaction: id, summary: text("summary"), who: text("who") });
  json(answer, 200, { noted: true });
}

/** ?step=second|minute&from=&to=&port= */
function givePaths(query: URLSearchParams, answer: ServerResponse, { paths }: ControlHooks): void {
  const [from, to, port] = [numberIn(query, "from"), numberIn(query, "to"), query.get("port")];
  const remembered = paths?.({
    step: query.get("step") === "minute" ? "minute" : "second",
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(port === null ? {} : { port }),
  });
  json(answer, remembered === undefined ? 404 : 200, remembered ?? { message: "nothing is remembered" });
}

async function giveEvents(query: URLSearchParams, answer: ServerResponse, hooks: ControlHooks): Promise<void> {
  const asked = queryOf(query);
  if (query.get("follow") === "1") {
    await follow(asked, answer, hooks);
    return;
  }
  const { events, damage } = await hooks.store.read(asked);
  json(answer, 200, { events, damaged: damage.length });
}

function queryOf(query: URLSearchParams): EventQuery {
  const number = (name: string): number | undefined => numberIn(query, name);
  const [since, until, afterId] = [number("since"), number("until"), number("after")];
  return {
    limit: Math.min(number("limit") ?? MOST_EVENTS, MOST_EVENTS),
    order: query.get("order") === "newest-first" ? "newest-first" : "oldest-first",
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(afterId === undefined ? {} : { afterId }),
  };
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text === null || !/^-?\d{1,16}(\.\d+)?$/.test(text) ? undefined : Number(text);
}

/** What was asked for first, then each event as it happens, a line of JSON each, until the other side has enough. */
async function follow(asked: EventQuery, answer: ServerResponse, hooks: ControlHooks): Promise<void> {
  answer.writeHead(200, { "Content-Type": "application/x-ndjson", "Cache-Control": "no-store" });
  answer.flushHeaders();
  let last = 0;
  const early: (() => void)[] = [];
  let isCaughtUp = false;
  const give = (event: { readonly id: number }): void => {
    if (event.id <= last) return;
    last = event.id;
    answer.write(`${JSON.stringify(event)}\n`);
    if (answer.writableLength > MOST_BEHIND) answer.destroy();
  };
  const end = hooks.store.follow((event) => {
    if (isCaughtUp) give(event);
    else early.push(() => give(event));
  });
  const alive = setInterval(() => answer.write("\n"), ALIVE_MS);
  answer.on("close", () => {
    end();
    clearInterval(alive);
  });
  const { events } = await hooks.store.read({ ...asked, order: "oldest-first" });
  for (const event of events) give(event);
  for (const one of early) one();
  isCaughtUp = true;
}

function json(answer: ServerResponse, status: number, document: unknown): void {
  answer.writeHead(status, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  answer.end(`${JSON.stringify(document)}\n`);
}
