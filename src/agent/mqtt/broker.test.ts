import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { MqttSettings } from "../../model/notify.ts";
import { failed, ok } from "../../model/result.ts";
import type { StatusDocument } from "../../report/status-input.ts";
import { healthyStatus, troubledStatus } from "../../report/testing/statuses.ts";
import type { Kept } from "../../watch/chronicle.ts";
import type { Order } from "../agent.ts";
import type { Telling } from "../telling/telling.ts";
import { type Bench, openBench } from "../telling/testing/telling-bench.ts";
import type { Discovery } from "./home-assistant.ts";
import { startMqtt } from "./mqtt.ts";
import { type Broker, findMosquitto, type Heard, hasOpenssl, openBroker, writePasswords } from "./testing/broker.ts";

const mosquitto = await findMosquitto();
const why = typeof mosquitto === "string" ? ` (skipped: ${mosquitto})` : "";
const run = typeof mosquitto === "string" ? never : mosquitto.run;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function brokerWith(...lines: readonly string[]): Promise<Broker> {
  const broker = await openBroker(run, lines.length === 0 ? undefined : lines);
  closing.push(broker.close);
  return broker;
}

interface Host {
  readonly bench: Bench;
  readonly orders: Order[];
  readonly drills: () => number;
  status: StatusDocument;
  readonly record: (...events: readonly Kept[]) => void;
  readonly stop: () => Promise<void>;
}

/** An agent without a bond: what tells the broker is its own, the rest is said by the test. */
async function hostTelling(
  settings: MqttSettings,
  prepare?: (bench: Bench) => Promise<unknown>,
  everyMs = 30_000,
): Promise<Host> {
  const bench = await openBench();
  closing.push(bench.close);
  await prepare?.(bench);
  let drills = 0;
  let telling: Telling | undefined;
  const log = (severity: string, line: string): void => void bench.log.push(`${severity} mqtt: ${line}`);
  const host: Host = {
    bench,
    orders: [],
    drills: () => drills,
    status: healthyStatus,
    record: (...events) => {
      for (const event of events) {
        const stored = bench.store.append(event);
        telling?.onEvent(stored);
        mqtt.onEvent(stored);
      }
    },
    stop: () => mqtt.stop(),
  };
  const deps = {
    host: "nas",
    version: "0.1.0",
    configDirectory: bench.directory,
    store: bench.store,
    status: () => Promise.resolve(host.status),
    order: (order: Order) => {
      if ("port" in order && order.port === "eth9") return "there is no port eth9";
      host.orders.push(order);
      return undefined;
    },
    drill: () => {
      drills += 1;
      return Promise.resolve(drills > 1 ? failed("one is under way") : ok(undefined));
    },
    log,
    everyMs,
  };
  const mqtt = startMqtt(settings, deps, () => telling?.reachable("mqtt"));
  telling = await bench.start({ mqtt: settings }, mqtt.deliver);
  closing.push(() => mqtt.stop());
  return host;
}

const carrier = (up: boolean): Kept => ({ what: "carrier", port: "em1", up });
const on = (heard: readonly Heard[], topic: string): readonly Heard[] => heard.filter((one) => one.topic === topic);
const jsonOn = (heard: readonly Heard[], topic: string) =>
  on(heard, topic).map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
const soon = { timeout: 20_000, interval: 20 };

describe.skipIf(typeof mosquitto === "string")(`a real mosquitto${why}`, () => {
  it("keeps device, state and availability for who comes later; goodbye is offline", async () => {
    const broker = await brokerWith();
    await broker.up();
    const host = await hostTelling({ url: `mqtt://127.0.0.1:${broker.port}` });
    const early = await broker.listen("holdfast/#");
    await expect.poll(() => on(early, "holdfast/nas/availability").length, soon).toBe(1);
    const late = await broker.listen("#");
    await expect.poll(() => late.length, soon).toBe(3);
    expect(late.every(({ retained }) => retained)).toBe(true);
    const [device] = jsonOn(late, "homeassistant/device/holdfast_nas/config") as unknown as Discovery[];
    expect(device?.components["active_port"]).toMatchObject({ platform: "sensor", name: "Active port" });
    expect(jsonOn(late, "holdfast/nas/state")).toMatchObject([{ active: "em1", usable: 2, redundancy_lost: false }]);
    expect(on(late, "holdfast/nas/availability").map(({ payload }) => payload)).toEqual(["online"]);
    host.status = troubledStatus;
    host.record({ what: "redundancy", usable: 1, declared: 3, missing: ["em1", "usb0"] });
    await expect.poll(() => jsonOn(early, "holdfast/nas/state").at(-1), soon).toMatchObject({ active: "wlan0" });
    await expect.poll(() => on(early, "holdfast/nas/event").length, soon).toBe(1);
    expect(jsonOn(early, "holdfast/nas/event")).toMatchObject([{ event_type: "redundancy", usable: 1, host: "nas" }]);
    await host.stop();
    await expect.poll(() => on(early, "holdfast/nas/availability").at(-1)?.payload, soon).toBe("offline");
    expect(host.bench.log).toEqual(["info mqtt: connected"]);
  });

  it("brings what happened while it was away afterwards, in order, each event once", async () => {
    const broker = await brokerWith();
    await broker.up();
    const way = await wayTo(broker.port);
    closing.push(way.close);
    const host = await hostTelling({ url: `mqtt://127.0.0.1:${way.port}` });
    const first = await broker.listen("holdfast/nas/event");
    host.record(carrier(false));
    await expect.poll(() => first.length, soon).toBe(1);
    way.shut(true);
    await broker.down("SIGKILL");
    for (let count = 0; count < 60; count++) host.record(carrier(count % 2 === 0));
    await expect
      .poll(() => host.bench.log.filter((line) => line.startsWith("warning")).length, soon)
      .toBeGreaterThan(0);
    await broker.up();
    // Away for longer than a clean session lasts: who listens asks anew. The broker's clients are what is new, not the events.
    const heard = await broker.listen("holdfast/nas/event");
    way.shut(false);
    await expect.poll(() => heard.length, { ...soon, timeout: 40_000 }).toBe(60);
    host.record(carrier(true));
    await expect.poll(() => heard.length, soon).toBe(61);
    const ids = jsonOn(heard, "holdfast/nas/event").map(({ id }) => Number(id));
    expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
    expect(host.bench.log.at(-1)).toContain("connected again");
  });

  it("makes another connection when the old one leads nowhere any more, and stays online", async () => {
    const broker = await brokerWith();
    await broker.up();
    const way = await wayTo(broker.port);
    closing.push(way.close);
    const host = await hostTelling({ url: `mqtt://127.0.0.1:${way.port}` });
    const heard = await broker.listen("holdfast/nas/#");
    await expect.poll(() => on(heard, "holdfast/nas/availability").length, soon).toBe(1);
    way.freeze();
    host.record({ what: "moved", from: "em1", to: "wlan0", cause: "path-dead", noticedAfterMs: 90, evidence: "" });
    await expect.poll(() => on(heard, "holdfast/nas/event").length, soon).toBeGreaterThan(0);
    // The broker speaks the will of the connection it ends, and then hears the new one.
    await expect.poll(() => on(heard, "holdfast/nas/availability").at(-1)?.payload, soon).toBe("online");
    expect(host.bench.log).toContain("warning mqtt: not connected, tried again later: no sign of life from the broker");
    expect(jsonOn(heard, "holdfast/nas/state").at(-1)).toMatchObject({ failover: { from: "em1", to: "wlan0" } });
  });

  it("takes back entities that are no more, from an earlier run too", async () => {
    const broker = await brokerWith();
    await broker.up();
    const settings = { url: `mqtt://127.0.0.1:${broker.port}` };
    const topic = "homeassistant/device/holdfast_nas/config";
    const before = { components: { port_usb0: { platform: "binary_sensor", unique_id: "x" } } };
    await broker.publish(topic, JSON.stringify(before), "-r");
    const heard = await broker.listen(topic);
    await hostTelling(settings, undefined, 100);
    const seen = (): readonly unknown[] =>
      (jsonOn(heard, topic) as unknown as Discovery[]).map(({ components }) => components["port_usb0"]);
    await expect.poll(seen, soon).toContainEqual({ platform: "binary_sensor" });
    await expect.poll(() => seen().at(-1), soon).toBeUndefined();
  });

  it("says a wrong password once, tries again ever more slowly, and takes a new one at once", async () => {
    const broker = await brokerWith("allow_anonymous false", "password_file $DIR/passwords");
    await writePasswords(run, join(broker.directory, "passwords"), "nas", "right");
    await broker.up();
    const settings = { url: `mqtt://127.0.0.1:${broker.port}`, user: "nas", password: { file: "mqtt" } };
    const host = await hostTelling(settings, (bench) => bench.write("mqtt", "wrong-secret\n"));
    host.record(carrier(false));
    const attempts = (): number => broker.log().split("not authorised").length - 1;
    await expect.poll(attempts, soon).toBeGreaterThanOrEqual(2);
    expect(host.bench.log).toEqual([
      expect.stringMatching(/^warning mqtt: not connected, .*doesn't let in this name and password$/),
    ]);
    expect(host.bench.log.join()).not.toContain("wrong-secret");
    await host.bench.write("mqtt", "right\n");
    await expect.poll(() => host.bench.log.at(-1), soon).toBe("info mqtt: connected again");
  });

  it("obeys orders that are allowed, on their topics, and none that the broker keeps", async () => {
    const broker = await brokerWith();
    await broker.up();
    await broker.publish("holdfast/nas/command/pin", "wlan0", "-r");
    const host = await hostTelling({ url: `mqtt://127.0.0.1:${broker.port}`, commands: ["pin", "drill"] });
    const heard = await broker.listen("holdfast/nas/answer");
    const answer = (): string => String(jsonOn(heard, "holdfast/nas/answer").at(-1)?.["said"]);
    await expect.poll(answer, soon).toContain("send it without retain");
    // Sent while somebody listens, it is one all the same: by MQTT 5 that can be seen.
    await broker.publish("holdfast/nas/command/pin", "em1", "-r");
    await expect.poll(() => on(heard, "holdfast/nas/answer").length, soon).toBeGreaterThan(1);
    expect(answer()).toContain("send it without retain");
    await broker.publish("holdfast/nas/command/pin", "eth9");
    await expect.poll(answer, soon).toBe("refused: there is no port eth9");
    await broker.publish("holdfast/nas/command/pin", "$(reboot) or so");
    await expect.poll(answer, soon).toContain("no port's name");
    expect(host.orders).toEqual([]);
    await broker.publish("holdfast/nas/command/pin", "wlan0");
    await expect.poll(answer, soon).toBe("traffic is pinned to wlan0");
    await broker.publish("holdfast/nas/command/pin", "auto");
    await expect.poll(answer, soon).toBe("traffic is left to the agent");
    expect(host.orders).toEqual([{ type: "pin", port: "wlan0" }, { type: "auto" }]);
    await broker.publish("holdfast/nas/command/drill", "start");
    await expect.poll(answer, soon).toBe("a drill has begun");
    // A flood of them costs nothing.
    for (let n = 0; n < 30; n += 1) await broker.publish("holdfast/nas/command/drill", "start");
    await expect.poll(answer, soon).toBe("no drill: another one was ordered a moment ago");
    expect(host.drills()).toBe(1);
  });

  it("moves nothing by a topic that isn't allowed, nor for a user its access list keeps out", async () => {
    const access =
      "user nas\ntopic readwrite #\ntopic read $SYS/#\nuser guest\ntopic read holdfast/#\ntopic write holdfast/nas/elsewhere\n";
    const broker = await brokerWith("allow_anonymous false", "password_file $DIR/passwords", "acl_file $DIR/access");
    const passwords = join(broker.directory, "passwords");
    await writePasswords(run, passwords, "nas", "nas");
    execFileSync("sh", ["-c", 'sed s/^nas:/guest:/ "$1" >"$1.2" && cat "$1.2" >>"$1"', "sh", passwords]);
    writeFileSync(join(broker.directory, "access"), access);
    await broker.up();
    const [nas, guest] = [
      ["-u", "nas", "-P", "nas"],
      ["-u", "guest", "-P", "nas"],
    ];
    const settings = {
      url: `mqtt://127.0.0.1:${broker.port}`,
      user: "nas",
      password: { file: "p" },
      commands: ["pin"],
    } as const;
    const host = await hostTelling(settings, (bench) => bench.write("p", "nas"));
    const heard = await broker.listen("holdfast/nas/answer", ...nas);
    await expect.poll(() => host.bench.log.length, soon).toBe(1);
    for (const topic of ["command/pin", "elsewhere"]) await broker.publish(`holdfast/nas/${topic}`, "wlan0", ...guest);
    // Not declared as a command, though whoever asks may write there.
    await broker.publish("holdfast/nas/command/drill", "start", ...nas);
    await broker.publish("holdfast/nas/command/drain", "em1", ...nas);
    await broker.publish("holdfast/nas/command/pin", "auto", ...nas);
    await expect.poll(() => heard.length, soon).toBe(1);
    expect([host.orders, host.drills()]).toEqual([[{ type: "auto" }], 0]);
  });

  it("says so when its access list forbids what is told, and forgets no event over it", async () => {
    const broker = await brokerWith("allow_anonymous true", "acl_file $DIR/access");
    const access = join(broker.directory, "access");
    const rest =
      "topic readwrite homeassistant/#\ntopic readwrite holdfast/nas/state\ntopic readwrite holdfast/nas/availability\ntopic read $SYS/#\n";
    writeFileSync(access, rest);
    await broker.up();
    const host = await hostTelling({ url: `mqtt://127.0.0.1:${broker.port}` });
    host.record(carrier(false));
    await expect
      .poll(() => host.bench.log.join("\n"), soon)
      .toMatch(/holdfast\/nas\/event: the broker doesn't allow it/);
    writeFileSync(access, `${rest}topic readwrite holdfast/nas/event\n`);
    await broker.down();
    await broker.up();
    const heard = await broker.listen("holdfast/nas/event");
    await expect.poll(() => heard.length, { ...soon, timeout: 40_000 }).toBe(1);
  });

  it.skipIf(!hasOpenssl)("is spoken to encrypted, if its certificate is the house's own authority's", async () => {
    const broker = await brokerWith(
      "allow_anonymous true",
      "cafile $DIR/ca.pem",
      "certfile $DIR/server.pem",
      "keyfile $DIR/server.key",
    );
    ownAuthority(broker.directory);
    await broker.up();
    const url = `mqtts://127.0.0.1:${broker.port}`;
    const stranger = await hostTelling({ url });
    await expect.poll(() => stranger.bench.log.join(), soon).toMatch(/authority nobody here knows: name it by ca/);
    await stranger.stop();
    const host = await hostTelling({ url, ca: join(broker.directory, "ca.pem") });
    await expect.poll(() => host.bench.log, soon).toEqual(["info mqtt: connected"]);
    const misnamed = await hostTelling({
      url: url.replace("127.0.0.1", "localhost"),
      ca: join(broker.directory, "ca.pem"),
    });
    await expect.poll(() => misnamed.bench.log.join(), soon).toMatch(/for another name/);
  });
});

/** A way to a port that can lead nowhere from one moment on: what is open hangs, what is new gets through. */
async function wayTo(target: number) {
  const open = new Set<Socket>();
  let isShut = false;
  const server = createServer((near) => {
    if (isShut) return void near.destroy();
    const far = connect(target, "127.0.0.1");
    for (const end of [near, far]) {
      open.add(end);
      end
        .on("error", () => {})
        .on("close", () => [near, far].filter((one) => !frozen.has(one)).map((one) => one.destroy()));
    }
    near.pipe(far);
    far.pipe(near);
  });
  const frozen = new Set<Socket>();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    freeze: (): void => {
      for (const socket of open) {
        frozen.add(socket);
        socket.unpipe();
        socket.pause();
      }
    },
    /** Nobody gets through any more, or again; who is through stays so. */
    shut: (now: boolean): void => {
      isShut = now;
    },
    close: async (): Promise<void> => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}

/** A certificate authority and a server's certificate for 127.0.0.1. */
function ownAuthority(directory: string): void {
  const at = (name: string): string => join(directory, name);
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const openssl = (...args: readonly string[]): void => void execFileSync("openssl", args, { stdio: "ignore" });
  openssl("req", "-x509", ...key, "-days", "2", "-subj", "/CN=house", "-keyout", at("ca.key"), "-out", at("ca.pem"));
  openssl("req", ...key, "-subj", "/CN=broker", "-keyout", at("server.key"), "-out", at("server.csr"));
  writeFileSync(at("names"), "subjectAltName=IP:127.0.0.1\n");
  const signed = ["-in", at("server.csr"), "-out", at("server.pem"), "-days", "2", "-extfile", at("names")];
  openssl("x509", "-req", "-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", ...signed);
}

function never(): never {
  throw new Error("there is no mosquitto");
}
