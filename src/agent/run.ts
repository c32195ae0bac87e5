import { randomBytes } from "node:crypto";
import { openLinuxHost } from "../host/linux/host.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { type EventStore, openEvents } from "../store/events.ts";
import type { Kept } from "../watch/chronicle.ts";
import { type Agent, startAgent } from "./agent.ts";
import { memoryIn } from "./memory.ts";
import { type ProbeTally, probeTally } from "./metrics/probe-tally.ts";
import { type PathHistory, pathHistory } from "./path-history.ts";
import type { AgentPlan } from "./plan.ts";
import { type UpsWatch, watchUps } from "./ups/watch-ups.ts";
import { settleRuntime } from "./warm-up.ts";

export interface RunOptions {
  readonly plan: AgentPlan;
  /** Directories for events: on the disk, and in memory on their way there. */
  readonly places: { readonly events: string; readonly spool: string };
  readonly log: (line: string) => void;
  /** Once it is known of every path whether it answers. */
  readonly onKnown?: () => void;
}

/** An agent with its store, on this machine. */
export interface RunningAgent {
  readonly agent: Agent;
  readonly store: EventStore;
  readonly probes: ProbeTally;
  /** The UPS, where one is declared that can be asked. */
  readonly ups: UpsWatch;
  /** Round trips and losses of the last day. */
  readonly paths: PathHistory;
  /** Monotonic ms, the clock of the agent's state. */
  now(): number;
  /** Gives everything back, and returns when the last event is on the disk. `last`: what is still to be done once the agent has
   *  said its last word, before the store is closed. */
  stop(last?: () => Promise<void>): Promise<void>;
}

/** Why an agent can't run, with what to do. */
export interface RunProblem {
  readonly message: string;
  readonly hint: string;
}

/** Starts the agent. The caller keeps the process alive, and stops it. */
export async function runAgent(options: RunOptions): Promise<Result<RunningAgent, RunProblem>> {
  settleRuntime();
  const { plan, places, log } = options;
  const host = openLinuxHost();
  if (!host.ok) return failed({ message: host.error.message, hint: "The agent needs Linux with netlink." });
  const store = await openEvents(places.events, { spool: places.spool, monotonic: host.value.time.now });
  if (!store.ok) {
    host.value.close();
    return failed(store.error);
  }
  const paths = pathHistory();
  const tally = probeTally(paths.note);
  const random = randomBytes(16);
  const keep = (event: Kept): void => void store.value.append(event);
  const ups = watchUps({ record: keep, now: host.value.time.now });
  const agent = startAgent({
    host: host.value,
    plan,
    record(event) {
      keep(event);
      if (event.what === "moved" || event.what === "outage-begins") ups.lookSoon();
    },
    log,
    seed: random.readInt32LE(0),
    marks: { echoId: random.readUInt16LE(4), nonce: new Uint8Array(random.subarray(8, 16)) },
    onKnown: () => options.onKnown?.(),
    memory: memoryIn(places.spool),
    tally,
  });
  if (!agent.ok) {
    await store.value.close();
    host.value.close();
    return failed({ message: agent.error.message, hint: "Run it as root, or with CAP_NET_ADMIN and CAP_NET_RAW." });
  }
  ups.follow(plan.ups);
  return ok({
    agent: agent.value,
    ups,
    store: store.value,
    probes: tally,
    paths,
    now: host.value.time.now,
    async stop(last) {
      agent.value.stop();
      ups.stop();
      // Who follows the store hears the agent's last word first.
      await Promise.resolve();
      // Who waits for this process to end would end what it has started, too.
      await Promise.all([last?.(), host.value.resolver.settled()]);
      await store.value.close();
      host.value.close();
    },
  });
}
