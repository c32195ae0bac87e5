import type { MqttSettings } from "../../model/notify.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import type { Message } from "../../notify/message.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import type { EventStore } from "../../store/events.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";
import type { Order } from "../agent.ts";
import type { Deliver, Refusal } from "../telling/delivery.ts";
import { opensAWay } from "../telling/way-out.ts";
import type { Connection, Incoming } from "./connection.ts";
import { discovery, withoutVanished } from "./home-assistant.ts";
import { type Kept, keepConnected } from "./keep-connected.ts";
import { opener } from "./open-broker.ts";
import { orderTopics, type Wanted, wantedBy } from "./orders.ts";
import {
  type Failover,
  type FailoversSeen,
  failoverKinds,
  type MqttState,
  mqttEvent,
  mqttState,
  withFailover,
} from "./state.ts";
import { type Topics, topicsOf } from "./topics.ts";

/** What telling a broker needs from the agent. */
export interface MqttDeps {
  readonly host: string;
  readonly version: string;
  readonly configDirectory: string;
  readonly store: Pick<EventStore, "read">;
  readonly status: () => Promise<StatusDocument>;
  /** An operator's order; the text says why it can't be one. */
  readonly order: (order: Order) => string | undefined;
  /** Has a drill begun? The error says why not. */
  readonly drill: () => Promise<Result<void, string>>;
  readonly log: (severity: "info" | "warning", line: string) => void;
  /** How often what changes without an event is told, ms. */
  readonly everyMs?: number;
}

/** A broker that is told how things stand, and what happens. */
export interface Mqtt {
  /** Events, one publication each, in order. */
  readonly deliver: Deliver;
  readonly onEvent: (event: StoredEvent) => void;
  /** Is wanted as it is: tries again now where it waits. What may be told otherwise now is told by the pace. */
  readonly hurry: () => void;
  /** Says that this host goes away on purpose, and ends. */
  readonly stop: () => Promise<void>;
}

/** Round trips and charges: often enough for a curve. */
const EVERY_MS = 30_000;
/** An incident is many events within a moment: one document tells them. */
const SETTLE_MS = 250;

/** Begins to tell a broker. `onUp`: it can be reached again. */
export function startMqtt(settings: MqttSettings, deps: MqttDeps, onUp: () => void): Mqtt {
  const topics = topicsOf(settings, deps.host);
  const commands = settings.commands ?? [];
  let seen: FailoversSeen = { latest: undefined, drill: undefined };
  const before = failoversBefore(deps.store).then((found) => {
    seen = { latest: seen.latest ?? found.latest, drill: seen.drill ?? found.drill };
  });
  const everyMs = deps.everyMs ?? EVERY_MS;
  const voice = voiceOf(topics, { ...deps, commands, everyMs }, async () => {
    await before;
    return seen.latest;
  });
  const obeying = { order: deps.order, drill: paced(deps.drill) };
  const take = (message: Incoming): void => {
    if (message.topic === topics.availability) voice.contradict(message);
    else if (message.topic === topics.discovery) voice.recall(message);
    else {
      const wanted = wantedBy(topics, commands, message);
      if (wanted !== undefined) void obey(wanted, obeying).then(voice.answer);
    }
  };
  const open = opener({ settings, topics, configDirectory: deps.configDirectory, onMessage: take });
  const own = topics.discovery === undefined ? [topics.availability] : [topics.availability, topics.discovery];
  const kept: Kept = keepConnected({
    open,
    log: deps.log,
    async onOpen(connection) {
      voice.begin(connection);
      const subscribed = await connection.subscribe(own, orderTopics(topics, commands));
      if (!subscribed.ok) return subscribed;
      const greeted = await voice.greet(connection);
      if (greeted.ok) onUp();
      return greeted;
    },
  });
  const pace = setInterval(() => void voice.tell(), everyMs).unref();
  let settling: NodeJS.Timeout | undefined;
  return {
    deliver: delivery(kept, topics),
    onEvent(event) {
      seen = withFailover(seen, event);
      settling ??= setTimeout(() => {
        settling = undefined;
        void voice.tell();
      }, SETTLE_MS).unref();
      if (opensAWay(event.event)) kept.hurry();
    },
    hurry: () => kept.hurry(),
    async stop() {
      clearInterval(pace);
      clearTimeout(settling);
      await kept.stop(async (connection) => {
        await voice.tell();
        await voice.goodbye(connection);
      });
    },
  };
}

async function failoversBefore(store: MqttDeps["store"]): Promise<FailoversSeen> {
  const read = await store.read({ kinds: failoverKinds, order: "newest-first", limit: 200 }).catch(() => undefined);
  return (read?.events ?? []).toReversed().reduce(withFailover, { latest: undefined, drill: undefined });
}

type VoiceDeps = Pick<MqttDeps, "host" | "version" | "status" | "log"> & {
  readonly commands: NonNullable<MqttSettings["commands"]>;
  readonly everyMs: number;
};

/** What this host says of itself on a connection. */
function voiceOf(topics: Topics, deps: VoiceDeps, failover: () => Promise<Failover | undefined>) {
  let connection: Connection | undefined;
  /** What the broker keeps of us, by topic: what hasn't changed isn't said again. */
  let said = new Map<string, string>();
  let latest: MqttState | undefined;
  const say = async (to: Connection, topic: string, text: string): Promise<Result<undefined, string>> => {
    if (said.get(topic) === text) return ok(undefined);
    said.set(topic, text);
    const done = await to.publish(topic, text, "kept");
    if (done.ok) return done;
    said.delete(topic);
    return failed(`${topic}: ${done.error.reason}`);
  };
  const device = introducer(topics, deps, say);
  const describe = async (to: Connection): Promise<Result<undefined, string>> => {
    const status = await deps.status().catch(() => undefined);
    if (status === undefined) return failed("how things stand can't be told: the agent doesn't know it");
    if (topics.discovery !== undefined && status.bond !== null) {
      const known = await device.introduce(to, topics.discovery, status);
      if (!known.ok) return known;
    }
    latest = mqttState(deps.host, status, await failover(), latest);
    return say(to, topics.state, JSON.stringify(latest));
  };
  return {
    begin(to: Connection): void {
      said = new Map();
      device.begin();
      connection = to;
    },
    /** The first words on a new connection: the state before "online", so that nobody sees an old one as new. */
    async greet(to: Connection): Promise<Result<undefined, string>> {
      const described = await describe(to);
      return described.ok ? say(to, topics.availability, "online") : described;
    },
    async goodbye(to: Connection): Promise<void> {
      connection = undefined;
      await to.publish(topics.availability, "offline", "kept");
    },
    async tell(): Promise<void> {
      const to = connection;
      const told = to === undefined || !said.has(topics.availability) ? undefined : await describe(to);
      if (told?.ok === false && to === connection) deps.log("warning", told.error);
    },
    /** The will of a connection that died long ago may come late: then this one says that it lives. */
    contradict({ payload }: Incoming): void {
      if (connection === undefined || Buffer.from(payload).toString() !== "offline" || !said.has(topics.availability))
        return;
      said.delete(topics.availability);
      void say(connection, topics.availability, "online");
    },
    recall: device.recall,
    answer({ command, taken, said: text }: Answer): void {
      const document = { command, taken, said: text.slice(0, 250), at: new Date().toISOString() };
      deps.log(taken ? "info" : "warning", text);
      void connection?.publish(topics.answer, JSON.stringify(document), "kept");
    },
  };
}

type Say = (to: Connection, topic: string, text: string) => Promise<Result<undefined, string>>;

/** Makes this host known to Home Assistant; once it is known for certain, without what an earlier run had and this one hasn't. Taken away too
 *  soon, what the owner has made of an entity (its name, its room) would be lost. */
function introducer(topics: Topics, deps: VoiceDeps, say: Say) {
  let earlier: unknown;
  let since = 0;
  return {
    begin(): void {
      since = performance.now();
    },
    /** What Home Assistant was told by an earlier run. */
    recall({ payload, retain }: Incoming): void {
      if (retain) earlier = parsed(payload);
    },
    async introduce(to: Connection, topic: string, status: StatusDocument): Promise<Result<undefined, string>> {
      const now = discovery({ topics, ...deps, status });
      const isCertain = status.redundancy !== null && performance.now() - since > 2 * deps.everyMs;
      const shrunk = isCertain ? withoutVanished(now, earlier) : undefined;
      if (isCertain) earlier = undefined;
      if (shrunk !== undefined) await say(to, topic, JSON.stringify(shrunk));
      return say(to, topic, JSON.stringify(now));
    },
  };
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
}

interface Answer {
  readonly command: string;
  readonly taken: boolean;
  readonly said: string;
}

/** A broker brings orders as fast as anybody sends them, and each costs root a process. */
const DRILLS_MS = 10_000;

function paced(drill: MqttDeps["drill"]): MqttDeps["drill"] {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last < DRILLS_MS) return Promise.resolve(failed("another one was ordered a moment ago"));
    last = now;
    return drill();
  };
}

async function obey(wanted: Wanted, { order, drill }: Pick<MqttDeps, "order" | "drill">): Promise<Answer> {
  const { command } = wanted;
  switch (wanted.do) {
    case "refuse":
      return { command, taken: false, said: `refused: ${wanted.why}` };
    case "drill": {
      const begun = await drill();
      return begun.ok
        ? { command, taken: true, said: "a drill has begun" }
        : { command, taken: false, said: `no drill: ${begun.error}` };
    }
    case "order": {
      const refusal = order(wanted.order);
      const asked = "port" in wanted.order ? `pinned to ${wanted.order.port}` : "left to the agent";
      return refusal === undefined
        ? { command, taken: true, said: `traffic is ${asked}` }
        : { command, taken: false, said: `refused: ${refusal}` };
    }
  }
}

/** Publishes a message's events. A message that failed half way goes on where it was: what the broker has taken isn't sent again. */
function delivery(kept: Pick<Kept, "connection">, topics: Topics): Deliver {
  let underway = { id: "", last: 0 };
  return async (message, signal) => {
    const connection = await kept.connection();
    if (typeof connection === "string") return failed({ reason: connection, said: "already" });
    if (underway.id !== message.id) underway = { id: message.id, last: 0 };
    for (const [id, text] of publications(message)) {
      if (id <= underway.last) continue;
      if (signal.aborted) return failed({ reason: "broken off" });
      const done = await connection.publish(topics.event, text, "passing");
      if (!done.ok) return failed(refusalFor(done.error, topics));
      underway.last = id;
    }
    return ok({});
  };
}

/** A single event that is too large can't be made smaller: it would be tried for a week. */
function refusalFor({ reason }: { readonly reason: string }, topics: Topics): Refusal {
  return { reason: `${topics.event}: ${reason}` };
}

function publications(message: Message): readonly (readonly [id: number, text: string])[] {
  const { host, severity, title, text, at, missed } = message;
  if (message.events.length === 0) {
    const test = { event_type: "test", id: 0, at: new Date(at).toISOString(), host, severity, title, text };
    return [[1, JSON.stringify(test)]];
  }
  return message.events.map((event, index) => {
    const lost = index === 0 && missed > 0 ? { missed } : {};
    return [event.id, JSON.stringify({ ...mqttEvent(event, host), ...lost })];
  });
}

/** One message, for a test, on a connection of its own: the agent's isn't disturbed. */
export function mqttOnce(settings: MqttSettings, deps: Pick<MqttDeps, "host" | "configDirectory">): Deliver {
  const topics = topicsOf(settings, deps.host);
  const open = opener({ settings, topics, configDirectory: deps.configDirectory, onMessage: () => {}, only: "test" });
  return async (message, signal) => {
    const opened = await open(signal);
    if (!opened.ok) return failed({ reason: opened.error.reason });
    const sent = await delivery({ connection: () => Promise.resolve(opened.value) }, topics)(message, signal);
    await opened.value.end();
    return sent;
  };
}
