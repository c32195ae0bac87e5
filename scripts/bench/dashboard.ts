import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SessionDocument } from "../../src/api/dashboard.ts";
import { digestOf, renderUsers } from "../../src/api/server/passwords.ts";
import { homeConfig } from "../../src/api/testing/house.ts";
import { browserMissing, openBrowser } from "../../test/web/browser.ts";
import { places, staleAfter } from "../../web/places.ts";
import type { AgentSpan } from "./dashboard-agent.ts";

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
  readonly headers: Readonly<Record<string, string>>;
  readonly span: () => Promise<AgentSpan>;
}

/** Ends with whoever began it. */
const dying = ["--pdeathsig", "TERM", "--"];
const password = "only for the bench";
const port = 9_440;
const viewers = 50;
const [quietMs, settleMs, watchedMs] = [15_000, 10_000, 30_000];
const rounds = 9;

/** Prints a row for each figure; about two minutes. */
export async function benchDashboard({ holdfast, agent, only, row }: Asked): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-"));
  const started: ChildProcess[] = [];
  try {
    const stand = await openStand(folder, { holdfast, agent, started });
    for (const [name, part] of Object.entries({ queries, paint, viewers: manyLookOn })) {
      if (only.length === 0 || only.includes(name)) await part(stand, row);
    }
  } finally {
    for (const child of started) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openStand(
  folder: string,
  { holdfast, agent, started }: Pick<Asked, "holdfast" | "agent"> & { readonly started: ChildProcess[] },
): Promise<Stand> {
  for (const name of ["run", "state"]) mkdirSync(join(folder, name));
  const config = join(folder, "holdfast.yaml");
  writeFileSync(config, `${homeConfig}dashboard: {listen: "127.0.0.1:${port}"}\n`);
  const digest = await digestOf(password);
  writeFileSync(join(folder, "dashboard.passwords"), renderUsers([{ name: "eva", role: "viewer", digest }]));
  const watching = fork(agent, [folder], { execArgv: [] });
  started.push(watching);
  await once(watching, "message");
  const flags = ["--config", config, "--state", join(folder, "state"), "--run", join(folder, "run")];
  const began = performance.now();
  // As its unit has it.
  started.push(spawn("setpriv", [...dying, "nice", "-n", "10", holdfast, "dashboard", ...flags], { stdio: "ignore" }));
  const url = `http://127.0.0.1:${port}`;
  while ((await fetch(url).catch(() => undefined))?.ok !== true) {
    if (performance.now() - began > 180_000) throw new Error("the dashboard doesn't start");
    await sleep(100);
  }
  return {
    url,
    headers: await logIn(url),
    async span() {
      const said = once(watching, "message");
      watching.send("span");
      const [span] = (await said) as [AgentSpan];
      return span;
    },
  };
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

async function manyLookOn(begun: Stand, row: Asked["row"]): Promise<void> {
  let stand = begun;
  await stand.span();
  await sleep(quietMs);
  const quiet = await stand.span();
  const leaving = new AbortController();
  const pages: Promise<number>[] = [];
  for (let n = 0; n < viewers; n += 1) {
    // A session has six pages at most.
    if (n % 5 === 0) stand = { ...stand, headers: await logIn(stand.url) };
    pages.push(lookOn(stand, `127.0.1.${n + 1}`, leaving.signal));
  }
  await sleep(settleMs);
  await stand.span();
  await sleep(watchedMs);
  const watched = await stand.span();
  leaving.abort();
  const events = (await Promise.all(pages)).reduce((sum, one) => sum + one, 0) / viewers;
  const share = ({ cpuMs, tookMs }: AgentSpan): number => (100 * cpuMs) / tookMs;
  const remark = `${share(quiet).toFixed(1)} % with none; ${Math.round(events)} events to each`;
  row(`the agent's share of a core, ${viewers} viewers, %`, share(watched), 5, remark);
  row(
    `what must be on time is late, ${viewers} viewers, ms`,
    watched.worstMs,
    20,
    `${quiet.worstMs.toFixed(1)} with none`,
  );
}

/** A page that is open: the stream, and what web/page.tsx asks for when something happens. Returns how many events it heard. */
async function lookOn({ url, headers }: Stand, localAddress: string, signal: AbortSignal): Promise<number> {
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
