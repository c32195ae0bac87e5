import type { Effect, Recorded } from "../effect.ts";
import { run } from "../simulate/run.ts";
import type { Change, Told, Wire, World } from "../simulate/world.ts";
import type { WatchConfig, WatchedPort } from "../state.ts";
import { wiredTuning } from "../tuning.ts";

// A scenario is text: `port` lines that describe the house, then blocks of what happens, a line of dashes, and everything
// the brain did until the next block, but for its probes. Times are seconds from its start.

/** The scenario with the answers of the brain as it is filled in: the same text, if nothing changed. */
export function played(text: string): string {
  const blocks = blocksOf(text);
  const said: { at: number; line: string }[] = [];
  run(
    worldOf(text),
    ({ at, effects }) => {
      for (const effect of effects) {
        const line = sayEffect(effect);
        if (line !== undefined) said.push({ at, line: `${(at / 1000).toFixed(3)}  ${line}` });
      }
    },
    "stepwise",
  );
  return blocks.map((block, index) => filled(block, blocks[index + 1], said)).join("\n\n") + "\n";
}

/** The world that a scenario tells of. */
export function worldOf(text: string): World {
  const lines = blocksOf(text).flatMap((block) => told(block));
  const changes = lines.flatMap((line) => changesOf(line)).toSorted((a, b) => a.at - b.at);
  return { config: houseOf(lines), seed: 1, untilMs: Math.max(0, ...lines.map(timeOf)), changes };
}

function blocksOf(text: string): readonly string[] {
  return text.trimEnd().split(/\n\n+/);
}

const RULE = "----";

function told(block: string): readonly string[] {
  const [before = ""] = block.split(`\n${RULE}`);
  return before.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

function filled(block: string, following: string | undefined, said: readonly { at: number; line: string }[]): string {
  if (!block.includes(`\n${RULE}`)) return block;
  const [from, to] = [beginOf(block), following === undefined ? Number.POSITIVE_INFINITY : beginOf(following)];
  const [before = ""] = block.split(`\n${RULE}`);
  const lines = said.filter(({ at }) => at >= from && at < to).map(({ line }) => line);
  return [before, RULE, ...(lines.length === 0 ? ["(nothing)"] : lines)].join("\n");
}

function beginOf(block: string): number {
  const times = told(block).filter((line) => /^\d/.test(line));
  return times.length === 0 ? 0 : Math.min(...times.map(timeOf));
}

function timeOf(line: string): number {
  return /^\d/.test(line) ? Number.parseFloat(line) * 1000 : 0;
}

function houseOf(lines: readonly string[]): WatchConfig {
  const ports = lines.filter((line) => line.startsWith("port ")).map(portOf);
  const reselect = lines.includes("reselect never") ? "never" : "when-calm";
  return { bond: "bond0", ports, primary: ports[0]?.name, reselect, tuning: wiredTuning };
}

function portOf(line: string): WatchedPort {
  const [, name = "", ...words] = line.split(" ");
  const targets = words.filter((word) => /^\d/.test(word));
  const [router, ...far] = targets;
  return {
    name,
    medium: words.includes("radio") ? "radio" : "wired",
    metered: words.includes("metered"),
    router,
    far,
    probes: words.includes("unfit") ? "unfit" : words.includes("while-active") ? "while-active" : "always",
  };
}

const died: Partial<Wire> = { lossOut: 1, lossIn: 1 };
const lives: Partial<Wire> = { lossOut: 0, lossIn: 0, lossBeyond: 0 };
const wires: Readonly<Record<string, Partial<Wire>>> = {
  dies: died,
  lives,
  unplugged: { carrier: false },
  plugged: { carrier: true },
  deaf: { lossIn: 1 },
  mute: { lossOut: 1 },
  "loses-30%": { lossOut: 0.3, lossIn: 0.3 },
  "loses-1%": { lossOut: 0.01, lossIn: 0.01 },
  "uplink-dies": { lossBeyond: 1 },
};

function changesOf(line: string): readonly Change[] {
  if (!/^\d/.test(line)) return [];
  const at = timeOf(line);
  const [, what = "", ...rest] = line.split(" ");
  const [first = ""] = rest;
  const ms = Number.parseFloat(first) * 1000;
  const set = wires[first];
  if (set !== undefined) return what.split("+").map((port) => ({ at, kind: "wire", port, set }));
  switch (what) {
    case "end":
      return [];
    case "stalls":
      return [{ at, kind: "stall", ms }];
    case "killed":
      return [{ at, kind: "restart", ms }];
    case "joins":
    case "leaves":
      return [{ at, kind: "told", event: radio(first, what) }];
    case "kernel-moves":
      return [{ at, kind: "kernel-moves", port: first }];
    case "kernel-refuses":
      return [{ at, kind: "refusal" }];
    case "suspended":
      return [{ at, kind: "told", event: { type: "suspended", gapMs: ms } }];
    case "drift":
      return [{ at, kind: "told", event: { type: "drift", option: first, value: rest[1] ?? "" } }];
    case "overloaded":
      return Array.from({ length: 200 }, (_, index) => ({ at: at + index * 25, kind: "stall", ms: 20 }));
    case "fills":
      return filling(at, first);
    case "flaps":
      return flapping(at, first, Number(rest[1]), [{ carrier: false }, { carrier: true }]);
    case "flaps-silently":
      return flapping(at, first, Number(rest[1]), [died, lives]);
    case "forges":
      return Array.from({ length: 200 }, (_, index) => ({ at: at + index * 50, kind: "forged", port: first }));
    default:
      return [{ at, kind: "told", event: { type: what, port: first } as Told }];
  }
}

/** The key is accepted; or it is thrown out. */
function radio(port: string, what: "joins" | "leaves"): Told {
  return what === "joins"
    ? { type: "radio", port, joined: true, news: "joined", evidence: "home, channel 6" }
    : { type: "radio", port, joined: false, news: "left", evidence: "thrown out" };
}

/** A line that fills within two seconds until every answer takes 400 ms, and empties after ten. */
function filling(at: number, port: string): readonly Change[] {
  const steps = Array.from({ length: 41 }, (_, index): Change => {
    return { at: at + index * 50, kind: "wire", port, set: { delayMs: 0.5 + index * 10, heardEveryMs: 50 } };
  });
  return [...steps, { at: at + 12_000, kind: "wire", port, set: { delayMs: 0.5, heardEveryMs: 0 } }];
}

/** For ten seconds. */
function flapping(
  at: number,
  port: string,
  hertz: number,
  [first, second]: readonly [Partial<Wire>, Partial<Wire>],
): readonly Change[] {
  return Array.from({ length: 20 * hertz }, (_, index): Change => {
    return { at: at + (index * 500) / hertz, kind: "wire", port, set: index % 2 === 0 ? first : second };
  });
}

function sayEffect(effect: Effect): string | undefined {
  switch (effect.do) {
    case "record":
      return `record ${sayRecord(effect.event)}`;
    case "set-active":
      return `set-active ${effect.port} (${effect.cause})`;
    case "refresh":
      return `refresh ${effect.port}`;
    case "set-primary":
      return `set-primary ${effect.port ?? "none"}`;
    default:
      return undefined;
  }
}

function sayRecord(event: Recorded): string {
  const words = Object.entries(event).flatMap(([key, value]) => {
    if (key === "what") return [];
    return [
      `${key}=${typeof value === "number" ? Math.round(value) : Array.isArray(value) ? value.join(",") : quoted(value)}`,
    ];
  });
  return [event.what, ...words].join(" ");
}

function quoted(value: unknown): string {
  const text = String(value);
  return /[ ,]/.test(text) || text === "" ? `"${text}"` : text;
}
