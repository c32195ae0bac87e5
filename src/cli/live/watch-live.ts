import type { PathsRemembered } from "../../agent/path-history.ts";
import { askAgent } from "../../api/agent-client.ts";
import type { Trace } from "../../report/live/sparkline.ts";
import { renderLive } from "../../report/live/view.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";
import type { Cli, Keyboard } from "../command.ts";
import { giveOrder } from "../orders/give-order.ts";
import { saidOf } from "../orders/port-order.ts";
import { styleFor } from "../style.ts";
import { eventPlaces, findEvents, followEvents } from "../watch/events.ts";
import { localCalendar } from "../watch/local-calendar.ts";
import { repeat } from "../watch/repeat.ts";
import { readStatus } from "../watch/status.ts";
import { explainLatest } from "../watch/why.ts";
import { drawLines, enterScreen, leaveScreen } from "./draw-lines.ts";
import { type Deed, help, type LastingDeed, lastLine, type Mode, press } from "./operate.ts";
import { keyReader } from "./read-keys.ts";
import { startDrill } from "./start-drill.ts";

export interface LiveRequest {
  readonly socket: string;
  readonly bond: string | undefined;
  /** The status that was read first. */
  readonly first: StatusDocument;
}

const statusMs = 250;
const pathsMs = 1_000;
/** The longest that a sparkline tells of, and a little. */
const pathsSpanMs = 200_000;
const mostEvents = 100;
/** An answer stands so long; the next key takes it away. */
const answerMs = 12_000;

/** What is shown, and what came of the keys. */
interface Live {
  status: StatusDocument;
  /** Why nothing newer is known; "" nothing is in the way. */
  trouble: string;
  traces: readonly Trace[];
  events: StoredEvent[];
  mode: Mode;
  why: readonly string[];
  answer: { readonly text: string; readonly until: number } | undefined;
  /** Stopped by Ctrl-Z: the terminal is somebody else's. */
  isAway: boolean;
  shown: { readonly lines: readonly string[]; readonly columns: number; readonly rows: number } | undefined;
}

/** What the parts of the view have in common. */
interface Desk {
  readonly cli: Cli;
  readonly request: LiveRequest;
  readonly live: Live;
  readonly keyboard: Keyboard | undefined;
  readonly signal: AbortSignal;
  readonly quit: () => void;
}

/** Shows the bond live on the whole terminal, until q or the signal; where there is a keyboard its keys give orders. The terminal is left as it
 *  was, whatever ends it. */
export async function watchLive(cli: Cli, request: LiveRequest): Promise<void> {
  const quitting = new AbortController();
  const signal = AbortSignal.any([cli.signal, quitting.signal]);
  const keyboard = cli.keyboard?.(leaveScreen);
  const live: Live = {
    status: request.first,
    trouble: "",
    traces: [],
    events: [],
    mode: { at: "view" },
    why: [],
    answer: undefined,
    isAway: false,
    shown: undefined,
  };
  const desk: Desk = { cli, request, live, keyboard, signal, quit: () => quitting.abort() };
  cli.stdout.write(enterScreen);
  try {
    draw(desk);
    listen(desk);
    await Promise.all([
      repeat(signal, statusMs, () => lookAtStatus(desk)),
      repeat(signal, pathsMs, () => lookAtPaths(desk)),
      lookAtEvents(desk),
    ]);
  } finally {
    quitting.abort();
    keyboard?.end();
    cli.stdout.write(leaveScreen);
  }
}

function draw({ cli, live, keyboard, signal }: Desk): void {
  if (signal.aborted || live.isAway) return;
  const { stdout } = cli;
  const [columns, rows] = [stdout.columns, stdout.rows ?? 24];
  const { mode, status, shown } = live;
  const calendar = localCalendar(Date.now());
  if (live.answer !== undefined && live.answer.until < performance.now()) live.answer = undefined;
  const line = lastLine(mode, status, columns);
  const said = live.answer?.text ?? live.trouble;
  const last =
    line.asks || said === ""
      ? {
          text: keyboard === undefined ? "Ctrl-C ends" : line.text,
          role: line.asks ? ("strong" as const) : ("faint" as const),
        }
      : { text: said, role: "warning" as const };
  const pages = { help: { title: "Keys", paragraphs: help }, why: { title: "Why", paragraphs: live.why } };
  const page = mode.at === "page" ? { page: pages[mode.page] } : {};
  const { traces, events } = live;
  const style = styleFor(cli, stdout);
  const lines = renderLive({ status, traces, events, last, ...page }, { columns, rows }, style, calendar);
  const isKnown = shown?.columns === columns && shown.rows === rows;
  const text = drawLines(isKnown ? shown.lines : undefined, lines);
  live.shown = { lines, columns, rows };
  if (text !== "") stdout.write(text);
}

async function lookAtStatus(desk: Desk): Promise<void> {
  const { request, live, signal } = desk;
  const now = await readStatus({ ...request, signal });
  if (now.ok) live.status = now.value.status;
  live.trouble = now.ok ? (now.value.trouble?.message ?? "") : now.error.message;
  draw(desk);
}

async function lookAtPaths({ request, live, signal }: Desk): Promise<void> {
  if (live.status.source !== "agent") return;
  const query = new URLSearchParams({ step: "second", from: String(Date.now() - pathsSpanMs) });
  const told = await askAgent<PathsRemembered>(request.socket, `/paths?${query}`, signal);
  // An agent of an earlier version remembers nothing.
  const { stepMs, from, paths } = told.ok ? told.value : { stepMs: 1000, from: 0, paths: [] };
  live.traces = paths.map((path) => ({ ...path, stepMs, from }));
}

/** What was, then what comes; of a history that can't be read nothing is shown. */
async function lookAtEvents(desk: Desk): Promise<void> {
  const { request, live, signal } = desk;
  const places = eventPlaces({ socket: request.socket, journal: undefined });
  const found = await findEvents(places, { limit: mostEvents, order: "newest-first" }, signal);
  if (found.ok) live.events = [...found.value.events];
  draw(desk);
  await followEvents(places, live.events.at(-1)?.id ?? 0, signal, (event) => {
    live.events = [...live.events, event].slice(-mostEvents);
    draw(desk);
  });
}

function listen(desk: Desk): void {
  const { live, keyboard } = desk;
  const keysOf = keyReader();
  keyboard?.listen({
    input(text) {
      for (const key of keysOf(text)) {
        live.answer = undefined;
        const { mode, deed, answer } = press(live.mode, key, live.status);
        live.mode = mode;
        if (answer !== undefined) say(desk, answer);
        if (deed !== undefined) act(desk, deed);
      }
      draw(desk);
    },
    redraw() {
      live.shown = undefined;
      draw(desk);
    },
    ended: desk.quit,
  });
}

function act(desk: Desk, deed: Deed): void {
  const { cli, live, keyboard } = desk;
  if (deed.do === "quit") desk.quit();
  else if (deed.do === "interrupt") keyboard?.interrupt();
  else if (deed.do === "redraw") live.shown = undefined;
  else if (deed.do === "suspend") {
    live.isAway = true;
    cli.stdout.write(leaveScreen);
    keyboard?.suspend(() => {
      live.isAway = false;
      cli.stdout.write(enterScreen);
    });
  } else carryOut(desk, deed).catch((problem: unknown) => say(desk, String(problem)));
}

async function carryOut(desk: Desk, deed: LastingDeed): Promise<void> {
  const { cli, request, live, signal } = desk;
  if (deed.do === "why") {
    live.why = ["…"];
    const told = await explainLatest(cli, { socket: request.socket, journal: undefined });
    live.why = told.ok
      ? [told.value.happened, told.value.cost, told.value.todo].filter((text) => text !== "")
      : [told.error.message];
    draw(desk);
  } else if (deed.do === "drill") {
    say(desk, "The drill looks at every port first.");
    say(desk, await startDrill(cli, request.socket, live.events));
  } else {
    const done = await giveOrder(request.socket, deed.order, signal);
    if (done.ok) live.status = done.value;
    say(desk, done.ok ? saidOf(deed.order, done.value) : `${done.error.message}. ${done.error.hint}`);
  }
}

function say(desk: Desk, text: string): void {
  desk.live.answer = { text, until: performance.now() + answerMs };
  draw(desk);
}
