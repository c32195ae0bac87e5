import type { LoginRequest, ProblemDocument, SessionDocument, StreamDocuments } from "./documents.ts";
import type { DocumentName, Documents, Question } from "./model.ts";
import { places } from "./places.ts";

/** What came of a question. */
export type Answer<T> =
  | { readonly ok: true; readonly document: T }
  | { readonly ok: false; readonly status: number; readonly problem: ProblemDocument };

const root = "/api/v1";

/** Asks for a document. Never throws. */
export function ask<N extends DocumentName>(name: N): Promise<Answer<Documents[N]>> {
  return question<Documents[N]>(places[name], {});
}

/** Events older than one. */
export function askOlder(before: number): Promise<Answer<Documents["events"]>> {
  return question(`/events?limit=200&before=${before}`, {});
}

/** Troubles that began before a time, ms. */
export async function askOlderOutages(before: number): Promise<Answer<Documents["outages"]>> {
  return question(`/outages?limit=200&before=${before}`, {});
}

/** Who is logged in. */
export function askSession(): Promise<Answer<SessionDocument>> {
  return question("/session", {});
}

export function login(request: LoginRequest): Promise<Answer<SessionDocument>> {
  return question("/login", post(request, ""));
}

export function logout(token: string): Promise<Answer<SessionDocument>> {
  return question("/logout", post({}, token));
}

/** Gives an order. */
export function give(order: Question, token: string): Promise<Answer<unknown>> {
  const path = "port" in order ? `/ports/${encodeURIComponent(order.port)}/${order.order}` : `/${order.order}`;
  return question(path, post({}, token));
}

function post(body: unknown, token: string): RequestInit {
  const headers = { "Content-Type": "application/json", ...(token === "" ? {} : { "X-Holdfast-Token": token }) };
  return { method: "POST", headers, body: JSON.stringify(body) };
}

async function question<T>(path: string, init: RequestInit): Promise<Answer<T>> {
  try {
    const answer = await fetch(`${root}${path}`, { ...init, credentials: "same-origin", cache: "no-store" });
    const document: unknown = await answer.json();
    if (answer.ok) return { ok: true, document: document as T };
    return { ok: false, status: answer.status, problem: problemIn(document) };
  } catch {
    return { ok: false, status: 0, problem: { code: "unreachable", message: "the host doesn't answer" } };
  }
}

function problemIn(document: unknown): ProblemDocument {
  const { message } = document as Partial<ProblemDocument>;
  if (typeof message === "string") return document as ProblemDocument;
  return { code: "unknown", message: "the host answered something this page doesn't understand" };
}

/** What the stream tells, by name. */
export type StreamHooks = {
  readonly [N in keyof StreamDocuments]: (document: StreamDocuments[N]) => void;
} & {
  readonly opened: () => void;
  /** The line broke. refused: the server answers, and doesn't give the stream; the login may be over. */
  readonly lost: (why: "broken" | "refused") => void;
};

/** Longest wait before the stream is tried again, ms; it begins with a second and doubles. */
const longestWaitMs = 15_000;

/** Follows the host. A browser takes a stream up again by itself when the line breaks, and gives up for ever when it is told an error: then
 *  it is opened anew here. Returns how to end it. */
export function follow(hooks: StreamHooks): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = 1_000;
  const open = (): void => {
    const stream = new EventSource(`${root}/stream`);
    source = stream;
    stream.onopen = () => {
      waitMs = 1_000;
      hooks.opened();
    };
    stream.onerror = () => {
      const isClosed = stream.readyState === EventSource.CLOSED;
      hooks.lost(isClosed ? "refused" : "broken");
      if (!isClosed) return;
      timer = setTimeout(open, waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    };
    for (const name of ["status", "delta", "event", "agent", "changed", "bye"] as const) {
      stream.addEventListener(name, (message: MessageEvent<string>) => hooks[name](JSON.parse(message.data) as never));
    }
  };
  open();
  return () => {
    clearTimeout(timer);
    source?.close();
  };
}
