import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { failed, ok, type Result } from "../../model/result.ts";
import type { Delivered, Refusal } from "./delivery.ts";

/** One POST. */
export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Certificates of an own authority, PEM. */
  readonly ca: string | undefined;
  readonly signal: AbortSignal;
}

/** From the look-up of the name to the end of the answer. */
const DEADLINE_MS = 30_000;
/** The second family is tried this long after the first: a slow line must not look like a dead one. */
const FAMILY_MS = 2_500;
const MOST_REDIRECTS = 3;
const MOST_ANSWER_BYTES = 65_536;

/** Posts, and says whether it was taken. Every message has a connection of its own: after a failover the old one leads
 *  nowhere, and says so only after minutes. node:http and not fetch, which costs 20 MB for good. */
export async function post(request: Post): Promise<Result<Delivered, Refusal>> {
  // By hand: what AbortSignal.any and AbortSignal.timeout make stays in memory until the time is up.
  const deadline = new AbortController();
  const end = (): void => deadline.abort();
  const timer = setTimeout(end, DEADLINE_MS);
  request.signal.addEventListener("abort", end, { once: true });
  if (request.signal.aborted) end();
  try {
    return await follow({ ...request, signal: deadline.signal });
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener("abort", end);
  }
}

async function follow(request: Post): Promise<Result<Delivered, Refusal>> {
  let { url } = request;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const answer = await exchange({ ...request, url });
    if (!answer.ok) return answer;
    const next = redirected(url, answer.value);
    if (next === undefined) return judge(answer.value);
    if (!next.ok) return next;
    url = next.value;
  }
  return failed({ reason: `${url.origin} redirects in a circle` });
}

/** Options that node:http hands on to the socket; its types don't know them. */
interface Families {
  readonly autoSelectFamily: boolean;
  readonly autoSelectFamilyAttemptTimeout: number;
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly retryAfter: string | undefined;
}

async function exchange({ url, headers, body, ca, signal }: Post): Promise<Result<Answer, Refusal>> {
  const isTls = url.protocol === "https:";
  const { request } = isTls ? await import("node:https") : await import("node:http");
  const options: RequestOptions & Families & { readonly ca?: string } = {
    method: "POST",
    agent: false,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: FAMILY_MS,
    headers: { ...headers, "Content-Length": Buffer.byteLength(body), Connection: "close" },
    signal,
    ...(ca === undefined ? {} : { ca }),
  };
  return new Promise((resolve) => {
    const refuse = (problem: unknown): void => resolve(failed({ reason: `${url.origin}: ${reasonOf(problem)}` }));
    try {
      const sent: ClientRequest = request(url, options, (answer) =>
        read(answer, (value) => resolve(ok(value)), refuse),
      );
      sent.on("error", refuse);
      sent.end(body);
    } catch (problem) {
      refuse(problem);
    }
  });
}

/** The answer's text is nobody's business; it is read to the end, but not for ever. */
function read(answer: IncomingMessage, done: (answer: Answer) => void, refuse: (problem: unknown) => void): void {
  const { statusCode: status = 0, headers } = answer;
  const finish = (): void => done({ status, location: headers.location, retryAfter: headers["retry-after"] });
  let bytes = 0;
  answer.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= MOST_ANSWER_BYTES) return;
    finish();
    answer.destroy();
  });
  answer.on("end", finish);
  answer.on("error", refuse);
}

/** Where the server sends us: only to itself, and never from https to http. Elsewhere the message, its token and its
 *  signature would be handed to somebody nobody named. */
function redirected(url: URL, { status, location }: Answer): Result<URL, Refusal> | undefined {
  if (status < 300 || status > 399) return undefined;
  const target = location === undefined || !URL.canParse(location, url.href) ? undefined : new URL(location, url);
  const isSame = target !== undefined && target.hostname === url.hostname;
  const isSafe = isSame && (target.origin === url.origin || (url.protocol === "http:" && target.protocol === "https:"));
  // 301 to 303 turn a POST into a GET.
  if (isSafe && (status === 307 || status === 308)) return ok(target);
  const where = target === undefined ? "" : ` to ${target.origin}`;
  return failed({ reason: `${url.origin} redirects${where} (${status}): write the new address into holdfast.yaml` });
}

function judge({ status, retryAfter }: Answer): Result<Delivered, Refusal> {
  if (status >= 200 && status <= 299) return ok({});
  const afterMs = retryAfter === undefined ? undefined : retryAfterMs(retryAfter);
  return failed({
    reason: `answered ${status}`,
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(status === 413 ? { tooLarge: true } : {}),
  });
}

/** Seconds or a date. Source: RFC 9110, 10.2.3. */
function retryAfterMs(text: string): number | undefined {
  if (/^\d{1,6}$/.test(text)) return Number(text) * 1_000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

/** The error's code and nothing of its text, which can hold the address with its path. */
function reasonOf(problem: unknown): string {
  const { code, name, errors } = problem as { code?: unknown; name?: unknown; errors?: unknown };
  if (name === "AbortError" || name === "TimeoutError") return "no answer in time";
  const first = Array.isArray(errors) && errors.length > 0 ? reasonOf(errors[0]) : undefined;
  return first ?? (typeof code === "string" ? code : "failed");
}
