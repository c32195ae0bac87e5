import type { IncomingMessage, ServerResponse } from "node:http";
import { apiRoot, type Endpoint, type EndpointName, endpoints } from "../dashboard-endpoints.ts";
import { type Answer, bodyOf, drain, refused, send } from "./answer.ts";
import { type Addressed, askerOf, cookieIn, isForeign, isMeant, isSame, safeHeaders } from "./guards.ts";
import { type Parameters, readQuery } from "./read-query.ts";
import type { Session, Sessions } from "./sessions.ts";
import { fileFor, responseOf, type StaticFile } from "./static-files.ts";

/** A question that may be answered. */
export interface Ask {
  readonly parameters: Parameters;
  /** The port in the path; "" where there is none. */
  readonly port: string;
  /** undefined: nobody is logged in. Then the endpoint needs no login. */
  readonly session: Session | undefined;
  readonly body: string;
  readonly contentType: string;
  /** Who asks, by his address. */
  readonly address: string;
  /** What the stream's last event was, where one comes back. */
  readonly lastEventId: string;
}

export type Handler = (ask: Ask) => Answer | Promise<Answer>;

/** Everything that questions are answered with. */
export interface Desk {
  readonly addressed: Addressed;
  /** The cookie's name. */
  readonly cookie: string;
  readonly sessions: Sessions;
  readonly files: ReadonlyMap<string, StaticFile>;
  readonly handlers: Readonly<Record<Exclude<EndpointName, "stream">, Handler>>;
  /** Takes over the answer. The refusal, where it can't. */
  readonly stream: (ask: Ask & { readonly session: Session }, response: ServerResponse) => Answer | undefined;
  readonly now: () => number;
}

/** Answers one question. Rejects only for a fault of ours, or a connection that broke. */
export async function respond(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", headers } = request;
  const url = readUrl(request.url ?? "");
  if (!isMeant(headers.host, desk.addressed)) {
    const hint = "Ask by an address of this host, or add the name to names under dashboard: in holdfast.yaml.";
    await sendLast(request, response, refused(421, "wrong-host", "this server isn't known by that name", hint));
    return;
  }
  if (url === undefined) await sendLast(request, response, refused(400, "bad-path", "that path can't be read"));
  else if (url.path === apiRoot || url.path.startsWith(`${apiRoot}/`)) {
    const path = url.path.slice(apiRoot.length);
    const answer = await answerOf(desk, request, response, { method, path, query: url.query });
    if (answer !== undefined) await sendLast(request, response, answer);
  } else await sendFile(desk, request, response, url.path);
}

function readUrl(text: string): { readonly path: string; readonly query: URLSearchParams } | undefined {
  // Put together, not resolved: "//etc/passwd" would be a host and its path. A proxy may send the whole address.
  const address = text.startsWith("/") ? `http://holdfast${text}` : text;
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return undefined;
  const { pathname, searchParams } = new URL(address);
  return { path: pathname, query: searchParams };
}

/** Who sent more than was read, or a body where none is wanted, is not listened to any longer. */
async function sendLast(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  if (!request.complete) {
    response.setHeader("Connection", "close");
    drain(request);
  }
  await send(response, answer);
}

interface Asked {
  readonly method: string;
  /** Below the API's root. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** undefined: the stream has it. */
async function answerOf(
  desk: Desk,
  request: IncomingMessage,
  response: ServerResponse,
  asked: Asked,
): Promise<Answer | undefined> {
  const { headers } = request;
  const route = routeOf(asked.path);
  if (route === undefined)
    return refused(404, "not-found", "there is no such endpoint", `The list: ${apiRoot}/openapi.json.`);
  const { name, port } = route;
  const endpoint: Endpoint = endpoints[name];
  if (asked.method !== endpoint.method) {
    return {
      ...refused(405, "wrong-method", `this is asked by ${endpoint.method}`),
      headers: { Allow: endpoint.method },
    };
  }
  if (isForeign(headers, desk.addressed)) return refused(403, "foreign-origin", "another site had this asked");
  const session = desk.sessions.find(cookieIn(headers.cookie, desk.cookie) ?? "", desk.now());
  const denied = deny(endpoint, session, String(headers["x-holdfast-token"] ?? ""));
  if (denied !== undefined) return denied;
  const parameters = readQuery(endpoint, asked.query);
  if (!parameters.ok) return refused(400, "bad-query", parameters.error);
  const body = endpoint.method === "POST" ? await bodyOf(request) : "";
  if (body === undefined) return refused(413, "too-long", "the body is too long");
  const ask: Ask = {
    parameters: parameters.value,
    port,
    session,
    body,
    contentType: headers["content-type"] ?? "",
    address: askerOf(request.socket.remoteAddress, String(headers["x-forwarded-for"] ?? ""), desk.addressed.proxied),
    lastEventId: String(headers["last-event-id"] ?? ""),
  };
  if (name !== "stream") {
    const answer = await desk.handlers[name](ask);
    // What needs no login may tell the session's token, and so do answers to a POST.
    const isOpen = endpoint.role === "nobody" || endpoint.method !== "GET";
    return isOpen ? answer : { ...answer, encodings: String(headers["accept-encoding"] ?? "") };
  }
  return session === undefined ? undefined : desk.stream({ ...ask, session }, response);
}

/** Why a question isn't answered; undefined: it is. */
function deny({ method, role, path }: Endpoint, session: Session | undefined, token: string): Answer | undefined {
  if (role === "nobody") return undefined;
  if (session === undefined) return refused(401, "login-needed", "nobody is logged in", "Log in.");
  if (method === "POST" && !isSame(token, session.token)) {
    return refused(403, "token-wrong", "the token is missing or isn't the session's", "Ask for the session anew.");
  }
  if (role !== "operator" || session.role === "operator" || path === "/logout") return undefined;
  const hint = "Ask for the role: holdfast dashboard --password NAME --role operator.";
  return refused(403, "role-needed", "only an operator may do this", hint);
}

interface Route {
  readonly name: EndpointName;
  readonly port: string;
}

const routes = Object.entries(endpoints).map(([name, { path }]) => ({
  name: name as EndpointName,
  pattern: new RegExp(`^${path.replaceAll(".", "\\.").replace("{port}", "([^/]+)")}$`),
}));

function routeOf(path: string): Route | undefined {
  for (const { name, pattern } of routes) {
    const match = pattern.exec(path);
    if (match === null) continue;
    const port = decoded(match[1] ?? "");
    return port === undefined ? undefined : { name, port };
  }
  return undefined;
}

/** A port's name; undefined: it can't be one. */
function decoded(text: string): string | undefined {
  try {
    const name = decodeURIComponent(text);
    return /^[^\s/\p{C}]{0,64}$/u.test(name) ? name : undefined;
  } catch {
    return undefined;
  }
}

async function sendFile(desk: Desk, request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const { method = "GET", headers } = request;
  const file = fileFor(desk.files, path);
  if (method !== "GET" && method !== "HEAD") {
    await sendLast(request, response, refused(405, "wrong-method", "a file is read, not written"));
    return;
  }
  if (file === undefined) {
    await sendLast(request, response, refused(404, "not-found", "there is no such file"));
    return;
  }
  const asked = { encodings: String(headers["accept-encoding"] ?? ""), known: headers["if-none-match"] ?? "" };
  const { status, headers: own, body } = responseOf(file, asked);
  if (!request.complete) {
    response.setHeader("Connection", "close");
    drain(request);
  }
  response.writeHead(status, { ...safeHeaders, ...own });
  response.end(method === "HEAD" ? undefined : body);
}
