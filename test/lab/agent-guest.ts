import { spawn, spawnSync } from "node:child_process";
import { openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type Agent, startAgent } from "../../src/agent/agent.ts";
import type { AgentPlan } from "../../src/agent/plan.ts";
import { watchLinks } from "../../src/agent/watched-links.ts";
import { openLinuxHost } from "../../src/host/linux/host.ts";
import { openRequests } from "../../src/host/linux/netlink-socket.ts";
import { linuxPackets } from "../../src/host/linux/packets.ts";
import type { Host } from "../../src/host/ports.ts";
import { bringUp, writeFiles } from "../../src/lab/guest/bring-up.ts";
import { buildNetwork } from "../../src/lab/guest/build.ts";
import type { Job } from "../../src/lab/guest/job.ts";
import { inside } from "../../src/lab/guest/namespaces.ts";
import { indexOf, type Network, namespaceOf } from "../../src/lab/guest/network.ts";
import { newOperator, operate } from "../../src/lab/guest/operate.ts";
import type { Kept } from "../../src/watch/chronicle.ts";
import { encodeArp } from "../../src/wire/arp.ts";
import { concat, fromU32, macBytes } from "../../src/wire/bytes.ts";
import { BROADCAST, ETHERTYPE, encodeFrame } from "../../src/wire/ethernet.ts";
import { encodeEcho } from "../../src/wire/icmp.ts";
import { attribute, encodeAttributes, encodeMessage, NLM_F_ACK, NLM_F_REQUEST } from "../../src/wire/netlink.ts";
import { compileFilter, unicastFrom } from "../../src/wire/packet-filter.ts";

/** Runs inside a lab in the tests: the agent's parts, or the whole of it, against a real kernel. */
type GuestJob = Job & { readonly scene: keyof typeof scenes; readonly cli?: string };

const channel = openSync(process.env["CHANNEL"] ?? "", "w");
const job = JSON.parse(readFileSync(process.env["JOB"] ?? "", "utf8")) as GuestJob & { readonly agentPlan: AgentPlan };

function must<T>(
  result: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown },
): T {
  if (result.ok) return result.value;
  throw new Error(JSON.stringify(result.error));
}

interface Scene {
  readonly network: Network;
  readonly host: Host;
}

/** What rtnetlink gives and takes. */
async function netlink({ host }: Scene): Promise<object> {
  const links = must(host.net.links());
  const bond = links.find(({ name }) => name === "bond0");
  const [em1, em2] = ["em1", "em2"].map((name) => links.find((link) => link.name === name)?.index ?? 0);
  const index = bond?.index ?? 0;
  const active = () => must(host.net.links()).find(({ name }) => name === "bond0")?.bond?.activePort;
  const moved = host.net.setActivePort(index, em2 ?? 0);
  const activeAfter = active() === em2;
  const cleared = host.net.setPrimary(index, 0);
  const primaryAfter = must(host.net.links()).find(({ name }) => name === "bond0")?.bond?.primary;
  const wrong = host.net.setActivePort(index, index);
  const address = Uint8Array.of(192, 168, 1, 77);
  must(host.tables.putNeighbour({ index, address, mac: "02:00:00:00:00:77" }));
  const learnt = must(host.tables.neighbours()).find((one) => one.address.join(".") === "192.168.1.77")?.mac;
  must(host.tables.putNeighbour({ index, address }));
  must(host.tables.changeAddress("add", { index, bytes: Uint8Array.of(10, 0, 0, 5), prefix: 24 }));
  must(
    host.tables.changeRoute("replace", { via: Uint8Array.of(10, 0, 0, 1), index, source: Uint8Array.of(10, 0, 0, 5) }),
  );
  const route = must(host.tables.routes()).find(({ prefix, table }) => prefix === 0 && table === 254);
  const ips = must(host.tables.addresses()).filter((one) => one.index === index);
  must(host.net.setActivePort(index, em1 ?? 0));
  return {
    ports: links.filter(({ master }) => master === index).map(({ name, port }) => [name, port?.permanentMac !== ""]),
    moved: moved.ok,
    activeAfter,
    cleared: cleared.ok,
    primaryAfter,
    wrong: wrong.ok ? "" : wrong.error.errno,
    learnt,
    route: { via: route?.via, source: route?.source },
    ips: ips.map(({ ip, prefix }) => `${ip}/${prefix}`),
  };
}

/** Ten thousand changes while nobody listens: more than the socket's queue holds. */
async function burst({ host }: Scene): Promise<object> {
  let missed = 0;
  const counting: Host = {
    ...host,
    net: {
      ...host.net,
      watch: (onChange) =>
        host.net.watch((change) => {
          if (change.what === "missed") missed += 1;
          onChange(change);
        }),
    },
  };
  const links = must(
    watchLinks(
      counting,
      { bond: "bond0", holder: "bond0" },
      () => {},
      () => {},
    ),
  );
  const requests = must(openRequests());
  const index = links.view().ports.get("em2")?.index ?? 0;
  const setMtu = (bytes: number): void => {
    const header = concat([fromU32(0), fromU32(index), fromU32(0), fromU32(0)]);
    const payload = concat([header, encodeAttributes([attribute(4, fromU32(bytes))])]);
    must(
      requests.ask("set mtu", "em2", (seq) =>
        encodeMessage({ type: 16, flags: NLM_F_REQUEST | NLM_F_ACK, seq, payload }),
      ),
    );
  };
  for (let count = 0; count < 10_000; count++) setMtu(1300 + (count % 100));
  setMtu(1234);
  await sleep(500);
  const seen = links.view().ports.get("em2")?.mtuBytes;
  // It must still hear what comes after.
  setMtu(1500);
  await sleep(100);
  return { missed, seen, after: links.view().ports.get("em2")?.mtuBytes };
}

interface Watched {
  readonly agent: Agent;
  readonly events: Kept[];
}

async function watched(host: Host): Promise<Watched> {
  const events: Kept[] = [];
  let known = false;
  const agent = must(
    startAgent({
      host,
      plan: job.agentPlan,
      record: (event) => void events.push(event),
      log: () => {},
      seed: 7,
      marks: { echoId: 4711, nonce: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
      onKnown: () => {
        known = true;
      },
      tally: { sent: () => {}, answered: () => {} },
    }),
  );
  for (let waited = 0; !known && waited < 200; waited++) await sleep(100);
  return { agent, events };
}

/** Does a switch hear the bond's MAC where it must not? */
async function standby({ host, network }: Scene): Promise<object> {
  const { agent, events } = await watched(host);
  const bondMac = agent.view().bond?.mac ?? "";
  const bond = agent.view().bond?.index ?? 0;
  const em2 = agent.view().ports.get("em2")?.index ?? 0;
  const index = indexOf(network, "switch-b", "p1");
  const gauge = inside(namespaceOf(network, "switch-b"), network.home, () =>
    must(linuxPackets.openGauge(index, anyFrom(bondMac))),
  );
  gauge.hasPassed();
  await sleep(5_000);
  const taught = gauge.hasPassed();
  const paths = agent.state()?.paths.map(({ port, health }) => [port, health]);
  agent.stop();
  // What the kernel announces when it moves there shows that the gauge would have seen it.
  must(host.net.setActivePort(bond, em2));
  await sleep(500);
  const control = gauge.hasPassed() || agent.view().bond?.bond?.failOverMac === 1;
  gauge.close();
  return { taught, control, paths, events: events.map(({ what }) => what) };
}

/** Every frame that comes in from a station, broadcasts too. */
function anyFrom(mac: string) {
  const bytes = macBytes(mac) ?? new Uint8Array(6);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return compileFilter([
    [
      { load: "packet-type", at: 0, oneOf: [0, 1, 2, 3] },
      { load: "word", at: 6, oneOf: [view.getUint32(0)] },
      { load: "half", at: 10, oneOf: [view.getUint16(4)] },
    ],
  ]);
}

/** Forged frames, as fast as they can be sent, from a switch into both ports. */
async function hostile({ host, network }: Scene): Promise<object> {
  const { agent, events } = await watched(host);
  const before = events.length;
  const taps = (["switch-a", "switch-b"] as const).map((node) => {
    const index = indexOf(network, node, "p1");
    return inside(namespaceOf(network, node), network.home, () =>
      must(linuxPackets.open(index, unicastFrom([]), () => {})),
    );
  });
  const macs = [agent.view().bond?.mac ?? "", BROADCAST, "02:99:99:99:99:99"];
  let seed = 1;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const from = (): string => `02:66:66:66:66:${random(256).toString(16).padStart(2, "0")}`;
  const forged = (): Uint8Array => {
    const to = macs[random(3)] ?? BROADCAST;
    const source = from();
    switch (random(4)) {
      case 0: {
        const targetMac = to === BROADCAST ? "00:00:00:00:00:00" : to;
        const arp = { senderMac: source, senderIp: "192.168.1.254", targetMac, targetIp: "192.168.1.105" };
        const payload = encodeArp({ operation: random(2) === 0 ? "reply" : "request", ...arp });
        return encodeFrame({ to, from: source, type: ETHERTYPE.arp, payload });
      }
      case 1: {
        const echo = { from: "9.9.9.9", to: "192.168.1.105", id: 4711, seq: random(65_536) };
        const payload = encodeEcho({
          kind: "reply",
          ...echo,
          data: Uint8Array.from({ length: 12 }, () => random(256)),
        });
        return encodeFrame({ to, from: source, type: ETHERTYPE.ipv4, payload });
      }
      case 2: {
        const payload = Uint8Array.from({ length: random(80) }, () => random(256));
        return encodeFrame({ to, from: source, type: [0x0806, 0x0800, 0x86dd][random(3)] ?? 0x0806, payload });
      }
      default:
        return Uint8Array.from({ length: 14 + random(60) }, () => random(256));
    }
  };
  globalThis.gc?.();
  const rssBefore = process.memoryUsage.rss();
  let sent = 0;
  for (let round = 0; round < 2_000; round++) {
    for (let count = 0; count < 20; count++) {
      for (const tap of taps) if (tap.send(forged()).ok) sent += 1;
    }
    await sleep(2);
  }
  await sleep(3_000);
  const rssAfter = process.memoryUsage.rss();
  const active = agent.view().active;
  const moves = events.slice(before).filter(({ what }) => what === "moved" || what === "kernel-moved").length;
  agent.stop();
  for (const tap of taps) tap.close();
  return { sent, moves, active, grownMb: Math.round((rssAfter - rssBefore) / 2 ** 20) };
}

/** Ports that leave and come back, somebody's hand on the bond, and a bond that is made anew. */
async function upheaval({ host }: Scene): Promise<object> {
  const { agent, events } = await watched(host);
  const ip = (command: string): void => {
    const done = spawnSync("ip", command.split(" "), { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`ip ${command}: ${done.stderr}`);
  };
  const health = () => agent.state()?.paths.map(({ port, health: now }) => `${port} ${now}`);
  ip("link set em2 nomaster");
  await sleep(500);
  const without = agent.state()?.redundancy;
  ip("link set em2 down");
  ip("link set em2 master bond0");
  await sleep(8_000);
  const back = health();
  ip("link set bond0 type bond miimon 50");
  // A primary that comes back is cleared again, but not more often than the brain's dwell.
  await sleep(30_000);
  ip("link del bond0");
  await sleep(500);
  const gone = agent.view().bond === undefined;
  for (const command of job.bringUp?.commands ?? []) ip(command.slice(1).join(" "));
  await sleep(10_000);
  const again = { health: health(), active: agent.view().active, primary: agent.view().bond?.bond?.primary };
  agent.stop();
  const told = events.map((event) => (event.what === "drift" ? `drift ${event.option}` : event.what));
  return { without, back, gone, again, told };
}

/** The command itself: its socket, its orders, a kill at a bad moment, and a clean end. */
async function service({ host, network }: Scene): Promise<object> {
  const cli = job.cli ?? "";
  const start = () =>
    spawn(process.execPath, [...process.execArgv, cli, "agent", "--config", "/etc/holdfast/holdfast.yaml"], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { PATH: process.env["PATH"] ?? "" },
    });
  const ask = (path: string, method = "GET"): Promise<{ status: number; body: string }> =>
    new Promise((resolve) => {
      const asked = request({ socketPath: "/run/holdfast/agent.sock", path, method, agent: false }, (answer) => {
        let body = "";
        answer.setEncoding("utf8").on("data", (piece: string) => {
          body += piece;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
      });
      asked.on("error", (problem) => resolve({ status: 0, body: String(problem) }));
      asked.end();
    });
  const first = start();
  for (let waited = 0; waited < 100 && (await ask("/status")).status !== 200; waited++) await sleep(100);
  await sleep(8_000);
  const healthy = JSON.parse((await ask("/status")).body) as object;
  const rssKb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${first.pid}/status`, "utf8"))?.[1]);
  const metrics = (await ask("/metrics")).body;
  const wrong = await ask("/pin?port=eth9", "POST");
  await ask("/pin?port=em2", "POST");
  await sleep(500);
  const pinned = JSON.parse((await ask("/status")).body) as { readonly bond: { readonly active: string } };
  await ask("/auto", "POST");
  // Killed at the very moment of a fault: the kernel alone must see to it, and nothing written may be lost.
  const operator = newOperator(network);
  operate(operator, { op: "wire-down", wire: "em2-switch-b" });
  await sleep(3);
  first.kill("SIGKILL");
  await sleep(500);
  const kernelActive = must(host.net.links()).find(({ name }) => name === "bond0")?.bond?.activePort;
  const em1 = must(host.net.links()).find(({ name }) => name === "em1")?.index;
  operate(operator, { op: "wire-up", wire: "em2-switch-b" });
  const second = start();
  await sleep(9_000);
  const { events } = JSON.parse((await ask("/events?limit=1000")).body) as {
    readonly events: readonly { readonly id: number; readonly event: Kept }[];
  };
  second.kill("SIGTERM");
  await sleep(2_000);
  const primary = must(host.net.links()).find(({ name }) => name === "bond0")?.bond?.primary;
  second.kill("SIGKILL");
  return {
    healthy,
    rssKb,
    hasMetrics: metrics.includes("holdfast_path_up"),
    wrong: wrong.status,
    pinned: pinned.bond.active,
    survived: kernelActive === em1,
    ids: events.map(({ id }) => id),
    events: events.map(({ event }) => event.what),
    primaryRestored: primary === em1,
  };
}

const scenes = { netlink, burst, standby, hostile, upheaval, service };

async function main(): Promise<void> {
  writeFiles(job);
  const network = buildNetwork(job.plan);
  const up = bringUp(job.bringUp, job.clock);
  if (up.exit !== 0) throw new Error(up.output);
  await sleep(2_000);
  const host = must(openLinuxHost());
  const result = await scenes[job.scene]({ network, host });
  writeSync(channel, `${JSON.stringify(result)}\n`);
  process.exit(0);
}

main().catch((problem: unknown) => {
  writeSync(channel, `${JSON.stringify({ failed: String(problem instanceof Error ? problem.stack : problem) })}\n`);
  writeFileSync("/run/lab-status", "1\n");
  process.exit(1);
});
