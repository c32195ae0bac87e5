import type { Scenario } from "../topology/lab-plan.ts";
import type { MeasuredFlow } from "./flow-result.ts";
import type { ScenarioResult } from "./rehearsal.ts";
import type { Trace } from "./trace.ts";

type Event = ScenarioResult["events"][number];

/** A flapping cable makes thousands; a reader wants the beginning. */
const MAX_EVENTS = 200;

/** What happened, fault = 0, in order: what was done, what the kernel said, when packets vanished and came back. */
export function timelineOf(trace: Trace, scenario: Scenario, worst: MeasuredFlow | undefined): readonly Event[] {
  const heard = [...switches(trace), ...said(trace)].map((event) => ({
    ...event,
    atMs: afterCause(event.atMs, trace),
  }));
  const events = [...done(trace, scenario), ...heard, ...gaps(worst)];
  return events
    .map((event) => ({ ...event, atMs: event.atMs - trace.faultAtMs }))
    .toSorted((one, other) => one.atMs - other.atMs)
    .slice(0, MAX_EVENTS);
}

/** When the kernel first named another active port while the fault lasted, ms after it; undefined: it never did. */
export function switchedAfterMs(trace: Trace): number | undefined {
  const until = trace.mendFromMs ?? trace.mendedAtMs;
  const switches = trace.activePort.map(({ atMs, port }) => ({ atMs: afterCause(atMs, trace), port }));
  const before = switches.findLast(({ atMs }) => atMs < trace.faultAtMs)?.port ?? "";
  const found = switches.find(
    ({ atMs, port }) => atMs >= trace.faultAtMs && atMs < until && port !== before && port !== "",
  );
  return found === undefined ? undefined : found.atMs - trace.faultAtMs;
}

/** An operation is stamped when it is done, and the kernel speaks while it lasts: what it says so shortly before is the operation's doing. */
const OPERATION_MS = 2;

function afterCause(atMs: number, trace: Trace): number {
  const cause = trace.operations.find((operation) => operation.atMs > atMs && operation.atMs - atMs < OPERATION_MS);
  return cause?.atMs ?? atMs;
}

function done(trace: Trace, scenario: Scenario): readonly Event[] {
  const mendFromMs = trace.mendFromMs ?? trace.mendedAtMs;
  return trace.operations.map(({ atMs, text }, index) => {
    if (atMs >= mendFromMs) return { atMs, what: "mend", text };
    return { atMs, what: "fault", text: index === 0 ? scenario.fault : text };
  });
}

function switches(trace: Trace): readonly Event[] {
  return trace.activePort.slice(1).map(({ atMs, port }) => ({
    atMs,
    what: "switch",
    text: port === "" ? "the kernel finds no port it could use" : `the kernel makes ${port} the active port`,
  }));
}

function said(trace: Trace): readonly Event[] {
  return trace.kernel
    .filter(({ text }) => !/new active one|without any active/.test(text))
    .map(({ atMs, text }) => ({ atMs, what: "kernel", text }));
}

function gaps(worst: MeasuredFlow | undefined): readonly Event[] {
  if (worst === undefined) return [];
  const way = worst.result.direction === "toHost" ? `${worst.result.flow} to host` : `host to ${worst.result.flow}`;
  return [worst.outage, worst.reselect].flatMap((gap): readonly Event[] => {
    if (gap === undefined) return [];
    const lost: Event = { atMs: gap.fromMs, what: "lost", text: `${way}: packets vanish` };
    if (gap.toMs === null) return [lost];
    return [lost, { atMs: gap.toMs, what: "back", text: `${way}: the first packet arrives again` }];
  });
}
