import { type ChildProcess, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicNs } from "../../../src/host/linux/libc.ts";
import type { Tap } from "../../../src/host/ports.ts";
import { newOperator, type Operator, operate } from "../../../src/lab/guest/operate.ts";
import type { StatusDocument } from "../../../src/report/status-input.ts";
import { arpProbe, encodeArp } from "../../../src/wire/arp.ts";
import { BROADCAST, ETHERTYPE, encodeFrame } from "../../../src/wire/ethernet.ts";
import { answering, ask, keptEvents, must, rssKb, type Scene, startCommand } from "./bench.ts";
import type { Course, Look, Overheard, Ran, Step, Weight } from "./course.ts";
import { forge, openTap } from "./forged.ts";
import { startMeter } from "./meter.ts";
import { advertise, overhear } from "./six.ts";

const nowMs = (): number => Number(monotonicNs()) / 1e6;

interface Under {
  readonly scene: Scene;
  readonly operator: Operator;
  readonly looks: Record<string, Look>;
  readonly orders: number[];
  readonly chatters: NodeJS.Timeout[];
  readonly forgers: (() => number)[];
  readonly taps: Tap[];
  readonly overheard: { readonly atMs: number; readonly kind: Overheard["kind"] }[];
  readonly weights: Weight[];
  readonly timers: NodeJS.Timeout[];
  forged: number;
  agent: ChildProcess;
}

/** Starts the command, lets everything of the course happen at its moment, and counts. */
export async function runCourse(scene: Scene): Promise<Ran> {
  const course = scene.job.course;
  if (course === undefined) throw new Error("no course was told");
  const agent = startCommand(scene.job.cli);
  await answering();
  await sleep(course.warmUpMs ?? 8_000);
  const operator = newOperator(scene.network);
  const under: Under = {
    scene,
    operator,
    looks: {},
    orders: [],
    chatters: [],
    forgers: [],
    forged: 0,
    weights: [],
    timers: [],
    taps: [],
    overheard: [],
    agent,
  };
  const meter = startMeter(scene.network, course.everyMs);
  const startMs = nowMs();
  const moves = watchMoves(scene, startMs);
  await live(under, course, startMs);
  const flows = await meter.stop();
  moves.stop();
  for (const chatter of under.chatters) clearInterval(chatter);
  const events = (await keptEvents()).map(({ id, monotonicMs, event }) => ({ id, atMs: monotonicMs - startMs, event }));
  under.agent.kill("SIGKILL");
  for (const timer of under.timers) clearInterval(timer);
  const weights = under.weights.map((one) => ({ ...one, atMs: one.atMs - startMs }));
  const overheard = under.overheard.map((one) => ({ ...one, atMs: one.atMs - startMs }));
  return { overheard, flows, looks: under.looks, orders: under.orders, moves: moves.seen, events, weights };
}

async function live(under: Under, course: Course, startMs: number): Promise<void> {
  for (const step of course.steps.toSorted((a, b) => a.atMs - b.atMs)) {
    const waitMs = startMs + step.atMs - nowMs();
    if (waitMs > 0) await sleep(waitMs);
    await take(under, step);
  }
  await sleep(Math.max(1, startMs + course.lastsMs - nowMs()));
}

async function take(under: Under, step: Step): Promise<void> {
  switch (step.op) {
    case "order":
      under.orders.push((await ask(step.path, "POST")).status);
      break;
    case "signal":
      under.agent.kill(step.signal);
      break;
    case "start":
      under.agent = startCommand(under.scene.job.cli);
      await answering();
      break;
    case "forge":
      under.forgers.push(forge(under.scene.network, step, step.perSecond, knownTo(under)));
      break;
    case "look":
      for (const stop of under.forgers.splice(0)) under.forged += stop();
      under.looks[step.as] = { ...lookAt(under), ...(await toldOfRadios()) };
      break;
    case "weigh":
      weigh(under, step.everyMs);
      break;
    case "chatter":
      under.chatters.push(chatter(under.scene, step));
      break;
    case "who-has":
      whoHas(under.scene, step);
      break;
    case "advertise":
      under.taps.push(advertise(under.scene.network, step));
      break;
    case "overhear":
      under.taps.push(overhear(under.scene.network, step, (kind) => under.overheard.push({ atMs: nowMs(), kind })));
      break;
    case "jump":
      spawnSync("date", ["-s", `@${(Date.now() + step.byMs) / 1000}`]);
      break;
    case "run": {
      const [program = "", ...rest] = step.command;
      const done = spawnSync(program, rest, { encoding: "utf8" });
      if (done.status !== 0) throw new Error(`${step.command.join(" ")}: ${done.stderr}`);
      break;
    }
    default:
      operate(under.operator, step);
  }
}

function weigh(under: Under, everyMs: number): void {
  const note = (): void => void under.weights.push({ atMs: nowMs(), rssKb: rssKb(under.agent.pid) });
  note();
  under.timers.push(setInterval(note, everyMs));
}

function watchMoves({ host }: Scene, startMs: number) {
  const seen: { readonly atMs: number; readonly to: string }[] = [];
  let active = activePort();
  const watching = must(
    host.net.watch(() => {
      const now = activePort();
      if (now === active) return;
      active = now;
      seen.push({ atMs: nowMs() - startMs, to: now });
    }),
  );
  return { seen, stop: () => watching.stop() };
}

function activePort(): string {
  return readFileSync("/sys/class/net/bond0/bonding/active_slave", "utf8").trim();
}

/** What anybody on the LAN can overhear. */
function knownTo({ scene: { host } }: Under) {
  const bond = must(host.net.links()).find(({ name }) => name === "bond0");
  const router = must(host.tables.neighbours()).find(({ mac, address }) => mac !== "" && address[3] === 254);
  return { bondMac: bond?.mac ?? "", routerMac: router?.mac ?? "" };
}

async function toldOfRadios(): Promise<Pick<Look, "radios" | "notes" | "radioMetrics">> {
  const [status, metrics] = [await ask("/status"), await ask("/metrics")];
  const ports = status.status === 200 ? (JSON.parse(status.body) as StatusDocument).ports : [];
  return {
    radios: Object.fromEntries(ports.flatMap(({ name, radio }) => (radio === undefined ? [] : [[name, radio]]))),
    notes: Object.fromEntries(ports.map(({ name, note }) => [name, note])),
    radioMetrics: metrics.body.split("\n").filter((line) => line.startsWith("holdfast_radio_")),
  };
}

function lookAt({ scene: { host }, agent, forged }: Under): Omit<Look, "radios" | "notes" | "radioMetrics"> {
  const bond = must(host.net.links()).find(({ name }) => name === "bond0")?.index;
  const addresses = must(host.tables.addresses()).filter(({ index, scope }) => index === bond && scope === "global");
  const defaults = must(host.tables.routes()).filter(
    ({ index, prefix, table, type }) => index === bond && prefix === 0 && table === 254 && type === 1,
  );
  const lines = readFileSync("/etc/resolv.conf", "utf8").split("\n");
  return {
    active: activePort(),
    addresses: addresses.map(({ ip, prefix }) => `${ip}/${prefix}`),
    defaults: defaults.map(({ via, metric }) => (metric === 0 ? via : `${via} metric ${metric}`)),
    nameServers: lines.flatMap((line) => /^nameserver (\S+)/.exec(line)?.[1] ?? []),
    searched: lines.flatMap((line) => /^search (.+)/.exec(line)?.[1]?.trim().split(/\s+/) ?? []),
    rssKb: rssKb(agent.pid),
    forged,
    received: receivedBy(must(host.net.links()).flatMap(({ name, master }) => (master === bond ? [name] : []))),
  };
}

function receivedBy(ports: readonly string[]): number {
  const counts = ports.map((port) => Number(readFileSync(`/sys/class/net/${port}/statistics/rx_packets`, "utf8")));
  return counts.reduce((sum, one) => sum + one, 0);
}

function whoHas({ network }: Scene, { node, dev, address }: Extract<Step, { op: "who-has" }>): void {
  const { bridge, addresses = [] } = network.plan.nodes.find(({ name }) => name === node) ?? {};
  const senderMac = bridge?.mac ?? "";
  const senderIp = addresses.find((one) => one.dev === bridge?.name)?.cidr.split("/")[0] ?? "";
  const payload = encodeArp({ ...arpProbe(senderMac, address), senderIp });
  const tap = openTap(network, node, dev);
  tap.send(encodeFrame({ to: BROADCAST, from: senderMac, type: ETHERTYPE.arp, payload }));
  tap.close();
}

function chatter({ network }: Scene, step: Extract<Step, { op: "chatter" }>): NodeJS.Timeout {
  const tap = openTap(network, step.node, step.dev);
  let count = 0;
  return setInterval(() => {
    count += 1;
    const mac = `02:c4:a7:00:00:${(count % 200).toString(16).padStart(2, "0")}`;
    const payload = encodeArp({
      ...arpProbe(mac, `192.168.1.${count % 250}`),
      senderIp: `192.168.1.${(count % 50) + 150}`,
    });
    tap.send(encodeFrame({ to: BROADCAST, from: mac, type: ETHERTYPE.arp, payload }));
  }, 1000 / step.perSecond);
}
