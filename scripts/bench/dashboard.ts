import { type ChildProcess, fork, spawn } from "node:child_process";
import { once, setMaxListeners } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SessionDocument } from "../../src/api/dashboard.ts";
import { digestOf, renderUsers } from "../../src/api/server/passwords.ts";
import { homeConfig } from "../../src/api/testing/house.ts";
import { browserMissing, openBrowser } from "../../test/web/browser.ts";
import { places, staleAfter } from "../../web/places.ts";
import type { AgentSpan } from "./dashboard-agent.ts";
import { comeFirst, scheduleOf } from "./schedule.ts";

/** What the dashboard costs, and how fast it is: `holdfast dashboard` as built, before an agent's socket and a year of events, with fifty
 *  pages open and a trouble every four seconds. */

interface Asked {
  readonly holdfast: string;
  /** dashboard-agent.ts, bundled. */
  readonly agent: string;
  /** Of "queries", "paint", "viewers"; empty: all. */
  readonly only: readonly string[];
  readonly row: (what: string, value: number, limit: number, remark: string) => void;
}

interface Stand {
  readonly url: string;
  /** Why the agent isn't scheduled as its unit wants it; "" it is. */
  readonly unlike: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly span: () => Promise<Span>;
}

type Span = AgentSpan & {
  /** Processor time of the dashboard's own process, ms. */
  readonly servingMs: number;
};

/** Ends with whoever began it. */
const dying = ["--pdeathsig", "TERM", "--"];
const password = "only for the bench";
const port = 9_440;
const viewers = 50;
/** With none, with all of them, until all have gone. */
const [quietMs, watchedMs, goingMs] = [10_000, 20_000, 2_000];
const turns = 3;
const rounds = 9;

/** Prints a row for each figure; about three minutes. */
export async function benchDashboard({ holdfast, agent, only, row }: Asked): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  // As /run is: in memory. On a disk the agent would wait for it.
  const run = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "holdfast-bench-"));
  const started: ChildProcess[] = [];
  try {
    const stand = await openStand({ folder, run }, { holdfast, agent, started });
    for (const [name, part] of Object.entries({ queries, paint, viewers: manyLookOn })) {
      if (only.length === 0 || only.includes(name)) await part(stand, row);
    }
  } finally {
    for (const child of started) child.kill("SIGKILL");
    for (const each of [folder, run]) rmSync(each, { recursive: true, force: true });
  }
}

async function openStand(
  { folder, run }: { readonly folder: string; readonly run: string },
  { holdfast, agent, started }: Pick<Asked, "holdfast" | "agent"> & { readonly started: ChildProcess[] },
): Promise<Stand> {
  mkdirSync(join(folder, "state"));
  const config = join(folder, "holdfast.yaml");
  writeFileSync(config, `${homeConfig}dashboard: {listen: "127.0.0.1:${port}"}\n`);
  const digest = await digestOf(password);
  writeFileSync(join(folder, "dashboard.passwords"), renderUsers([{ name: "eva", role: "viewer", digest }]));
  const units = resolve(holdfast, "../../deploy");
  const watching = fork(agent, [folder, run], { execArgv: ["--v8-pool-size=0"] });
  started.push(watching);
  await once(watching, "message");
  const unit = readFileSync(join(units, "holdfast-agent.service"), "utf8");
  const unlike = comeFirst(watching.pid ?? 0, scheduleOf(unit));
  const flags = ["--config", config, "--state", join(folder, "state"), "--run", run];
  const began = performance.now();
  // It stands back by itself, as far as its unit would have it.
  const serving = spawn("setpriv", [...dying, holdfast, "dashboard", ...flags], { stdio: "ignore" });
  started.push(serving);
  let served = 0;
  const url = `http://127.0.0.1:${port}`;
  while ((await fetch(url).catch(() => undefined))?.ok !== true) {
    if (performance.now() - began > 180_000) throw new Error("the dashboard doesn't start");
    await sleep(100);
  }
  return {
    url,
    unlike,
    headers: await logIn(url),
    async span() {
      const said = once(watching, "message");
      watching.send("span");
      const [span] = (await said) as [AgentSpan];
      const before = served;
      served = spentBy(serving.pid ?? 0);
      return { ...span, servingMs: served - before };
    },
  };
}

/** Processor time of a process so far, ms; what its children took isn't in it. */
function spentBy(pid: number): number {
  // Behind the name in brackets, which may have blanks in it: state is the first, utime and stime follow as the 12th and 13th.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

/** A session of its own: what a browser would send. */
async function logIn(url: string): Promise<Stand["headers"]> {
  const login = await fetch(`${url}/api/v1/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user: "eva", password }),
  });
  if (((await login.json()) as SessionDocument).user !== "eva") throw new Error("nobody is let in");
  return { Cookie: login.headers.getSetCookie()[0]?.split(";")[0] ?? "" };
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN;
}

async function fetched({ url, headers }: Pick<Stand, "url" | "headers">, path: string): Promise<void> {
  const answer = await fetch(`${url}/api/v1${path}`, { headers });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
}

async function queries(stand: Stand, row: Asked["row"]): Promise<void> {
  const asked = [
    ["the newest 100 events", "/events?limit=100"],
    ["moves before the middle of the year", "/events?kinds=moved&limit=100&before=50000"],
    ["a kind that never happened", "/events?kinds=suspended"],
    ["a month's outages", `/outages?from=${Date.now() - 30 * 86_400_000}`],
    ["availability by day, a month", "/availability?by=day"],
    ["availability by month, a year", "/availability?by=month"],
  ] as const;
  for (const [what, path] of asked) {
    const took: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now();
      await fetched(stand, path);
      took.push(performance.now() - began);
    }
    row(`${what}, of 100,000, ms`, median(took), 100, path.split("?")[0] ?? "");
  }
}

async function paint({ url, headers }: Stand, row: Asked["row"]): Promise<void> {
  if (browserMissing !== undefined) return console.log(`not painted: ${browserMissing}`);
  const browser = await openBrowser();
  const [first, whole]: [number[], number[]] = [[], []];
  const [name = "", value = ""] = (headers["Cookie"] ?? "").split("=");
  // The first visit is the browser's own beginning.
  for (let round = -1; round < rounds; round += 1) {
    const context = await browser.newContext();
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    await page.goto(url);
    await page.getByText("Am I on the right link?").waitFor();
    const shown = Number(await page.evaluate("performance.now()"));
    const painted = await page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime");
    if (round >= 0) {
      first.push(Number(painted));
      whole.push(shown);
    }
    await context.close();
  }
  await browser.close();
  row(
    "first paint, cold cache, ms",
    median(first),
    300,
    `of ${rounds}; the longest ${Math.max(...first).toFixed(0)} ms`,
  );
  row("the four answers stand there, ms", median(whole), 1_000, `the longest ${Math.max(...whole).toFixed(0)} ms`);
}

/** With none and with all of them in turns, in one run: what else the machine does comes to both. */
async function manyLookOn(stand: Stand, row: Asked["row"]): Promise<void> {
  const sessions: Stand["headers"][] = [];
  // A session has six pages at most.
  for (let n = 0; n < viewers / 5; n += 1) sessions.push(await logIn(stand.url));
  const [alone, watched]: [Span[], Span[]] = [[], []];
  let events = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    await stand.span();
    await sleep(quietMs);
    alone.push(await stand.span());
    const leaving = new AbortController();
    setMaxListeners(0, leaving.signal);
    const pages: Promise<number>[] = [];
    const coming = Array.from({ length: viewers }, (_, n) => {
      const as = { url: stand.url, headers: sessions[n % sessions.length] ?? {} };
      return new Promise<void>((resolve) => {
        pages.push(lookOn(as, `127.0.1.${n + 1}`, { signal: leaving.signal, onStream: resolve }));
      });
    });
    // Whoever fails ends the bench.
    await Promise.race([Promise.all(coming), Promise.all(pages)]);
    await stand.span();
    await sleep(watchedMs);
    watched.push(await stand.span());
    leaving.abort();
    for (const heard of await Promise.all(pages)) events += heard / viewers;
    await sleep(goingMs);
  }
  printViewers({ alone, watched, events, unlike: stand.unlike }, row);
}

interface Seen {
  readonly alone: readonly Span[];
  readonly watched: readonly Span[];
  readonly events: number;
  readonly unlike: string;
}

function printViewers({ alone, watched, events, unlike }: Seen, row: Asked["row"]): void {
  const sum = (spans: readonly Span[], key: keyof Span): number => spans.reduce((total, span) => total + span[key], 0);
  const share = (spans: readonly Span[], key: keyof Span): number => (100 * sum(spans, key)) / sum(spans, "tookMs");
  const worst = (spans: readonly Span[], key: keyof Span): number => Math.max(...spans.map((span) => span[key]));
  const by = `with ${viewers} viewers`;
  row(
    `the agent's share of a core, ${by}, %`,
    share(watched, "cpuMs"),
    5,
    `${share(alone, "cpuMs").toFixed(2)} with none; ${Math.round(events)} events to each; the dashboard ${share(watched, "servingMs").toFixed(0)} %`,
  );
  row(
    `a probe waits for the agent's work, ${by}, ms`,
    worst(watched, "ownMs"),
    20,
    `${worst(alone, "ownMs").toFixed(1)} with none`,
  );
  const late = [worst(watched, "worstMs"), worst(alone, "worstMs")] as const;
  const [what, remark] = [`a probe is late on the clock, ${by}, ms`, `${late[1].toFixed(1)} with none`];
  const excuse = unlike !== "" ? unlike : late[1] > 20 ? "this machine has other work" : "";
  if (excuse === "") row(what, late[0], 20, remark);
  else console.log(`${what}: ${late[0].toFixed(0)}, and ${remark}: ${excuse}, so nothing is said of it`);
}

/** A page that is open: the stream, and what web/page.tsx asks for when something happens. Returns how many events it heard. */
async function lookOn(
  { url, headers }: Pick<Stand, "url" | "headers">,
  localAddress: string,
  { signal, onStream }: { readonly signal: AbortSignal; readonly onStream: () => void },
): Promise<number> {
  let heard = 0;
  // An address of its own, as a browser has: of one the server takes 64 connections and no more.
  const agent = new Agent({ keepAlive: true, maxSockets: 4, localAddress });
  const ask = (path: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      get(`${url}/api/v1${path}`, { headers: { ...headers }, agent, signal }, resolve).on("error", reject);
    });
  const load = (path: string): Promise<unknown> => ask(path).then((answer) => answer.on("error", () => {}).resume());
  const wanted = new Set<string>();
  const askSoon = (): void => {
    const paths = [...wanted];
    wanted.clear();
    for (const path of paths) load(path).catch(() => {});
  };
  try {
    // Fifty at once: what is refused for its lateness a page asks for again, later.
    for (const path of Object.values(places)) await load(path).catch(() => {});
    const answer = await ask("/stream");
    if (answer.statusCode !== 200) throw new Error(`the stream: ${answer.statusCode}`);
    onStream();
    let waiting: NodeJS.Timeout | undefined;
    for await (const piece of answer) {
      for (const [, what = ""] of Buffer.from(piece)
        .toString("utf8")
        .matchAll(/"event":\{"what":"([a-z-]+)"/g)) {
        heard += 1;
        for (const name of staleAfter(what)) wanted.add(places[name]);
      }
      if (wanted.size === 0 || waiting !== undefined) continue;
      waiting = setTimeout(() => {
        waiting = undefined;
        askSoon();
      }, 150);
    }
  } catch (problem) {
    if (!signal.aborted) throw problem;
  }
  return heard;
}
