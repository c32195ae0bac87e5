import { join } from "node:path";
import { serveControl } from "../../src/agent/control.ts";
import { pathHistory } from "../../src/agent/path-history.ts";
import { wellStatus } from "../../src/api/testing/house.ts";
import { openEvents } from "../../src/store/events.ts";
import type { Kept } from "../../src/watch/chronicle.ts";

/** The agent as a dashboard sees it, in a process of its own: socket, journal and memory of the paths are the agent's; instead of the
 *  brain a clock looks how late what must be on time is, and troubles happen by the calendar. */

/** What the bench is told of a span. */
export interface AgentSpan {
  readonly cpuMs: number;
  readonly tookMs: number;
  /** How late a timer of ten milliseconds was, the latest of all, ms. */
  readonly worstMs: number;
  /** How much of such a lateness can be this process's own work, by its processor time: what others on a crowded machine took isn't in it, ms. */
  readonly ownMs: number;
}

const [folder = "", run = ""] = process.argv.slice(2);
const many = 100_000;
const yearMs = 365 * 86_400_000;
const probeMs = 10;
const troubleMs = 4_000;

/** A trouble with all it makes, in the order of the agent's. */
const trouble: readonly Kept[] = [
  { what: "carrier", port: "eth0", up: false },
  { what: "outage-begins", cause: "carrier-lost", since: 0, extent: "port", evidence: "" },
  { what: "moved", from: "eth0", to: "wlan0", cause: "carrier-lost", noticedAfterMs: 1, evidence: "eth0 lost carrier" },
  { what: "redundancy", usable: 1, declared: 2, missing: ["eth0"] },
  { what: "outage-ends", lastedMs: 12, cause: "carrier-lost" },
  { what: "carrier", port: "eth0", up: true },
  { what: "redundancy", usable: 2, declared: 2, missing: [] },
  { what: "moved", from: "wlan0", to: "eth0", cause: "reselect", noticedAfterMs: 0, evidence: "eth0 is calm" },
];

async function main(): Promise<void> {
  let wall: () => number = Date.now;
  const opened = await openEvents(join(folder, "state/events"), {
    spool: run,
    wall: () => wall(),
    maxBytes: 64 << 20,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const from = Date.now() - yearMs;
  for (let n = 0; n < many; n += 1) {
    wall = () => from + (n * yearMs) / many;
    store.append(trouble[n % trouble.length] ?? { what: "configured" });
    if (n % 5_000 === 4_999) await store.flush();
  }
  wall = Date.now;
  const paths = pathHistory();
  const each = ["eth0", "wlan0"].flatMap((port) => ["192.168.1.254", "9.9.9.9"].map((target) => ({ port, target })));
  for (let at = 0; at < 86_400_000; at += 10_000)
    for (const path of each) paths.note({ ...path, at }, (at % 7_000) / 500);
  const began = performance.now();
  const nowMs = (): number => 86_400_000 + performance.now() - began;
  const status = wellStatus();
  const served = await serveControl(join(run, "agent.sock"), {
    status: () => ({ ...status, at: Date.now() }),
    store,
    metrics: () => "",
    paths: (query) => paths.read(query, { wall: Date.now(), monotonic: nowMs() }),
    order: () => undefined,
  });
  if (!served.ok) throw new Error(served.error);
  setInterval(() => {
    for (const path of each) paths.note({ ...path, at: nowMs() }, Math.random() * 5);
  }, 1_000);
  setInterval(() => {
    for (const event of trouble) store.append(event);
  }, troubleMs);
  watchTheClock();
  // Whoever began it is gone.
  process.on("disconnect", () => process.exit(0));
  process.send?.("ready");
}

/** Answers each message with how the span since the one before went. */
function watchTheClock(): void {
  let due = performance.now() + probeMs;
  let spent = spentMs();
  let worst = { worstMs: 0, ownMs: 0 };
  let since = { at: performance.now(), cpu: spent };
  const tick = (): void => {
    const [late, now] = [performance.now() - due, spentMs()];
    worst = { worstMs: Math.max(worst.worstMs, late), ownMs: Math.max(worst.ownMs, Math.min(late, now - spent)) };
    spent = now;
    due = performance.now() + probeMs;
    setTimeout(tick, probeMs);
  };
  setTimeout(tick, probeMs);
  process.on("message", () => {
    const now = { at: performance.now(), cpu: spentMs() };
    const span: AgentSpan = { cpuMs: now.cpu - since.cpu, tookMs: now.at - since.at, ...worst };
    process.send?.(span);
    worst = { worstMs: 0, ownMs: 0 };
    since = now;
  });
}

function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

await main();
