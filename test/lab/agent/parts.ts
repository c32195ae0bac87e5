import { setTimeout as sleep } from "node:timers/promises";
import { watchLinks } from "../../../src/agent/watched-links.ts";
import { openRequests } from "../../../src/host/linux/netlink-socket.ts";
import { linuxPackets } from "../../../src/host/linux/packets.ts";
import type { Host } from "../../../src/host/ports.ts";
import { inside } from "../../../src/lab/guest/namespaces.ts";
import { indexOf, namespaceOf } from "../../../src/lab/guest/network.ts";
import { concat, fromU32, macBytes } from "../../../src/wire/bytes.ts";
import { attribute, encodeAttributes, encodeMessage, NLM_F_ACK, NLM_F_REQUEST } from "../../../src/wire/netlink.ts";
import { compileFilter } from "../../../src/wire/packet-filter.ts";
import { ip, must, type Scene, watched } from "./bench.ts";

/** The agent's parts against a real kernel: inside the lab's one process. */

/** What rtnetlink gives and takes. */
export async function netlink({ host }: Scene): Promise<object> {
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
export async function burst({ host }: Scene): Promise<object> {
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

/** Does a switch hear the bond's MAC where it must not? */
export async function standby(scene: Scene): Promise<object> {
  const { host, network } = scene;
  const { agent, events } = await watched(scene);
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

/** Ports that leave and come back, somebody's hand on the bond, and a bond that is made anew. */
export async function upheaval(scene: Scene): Promise<object> {
  const { agent, events } = await watched(scene);
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
  for (const command of scene.job.bringUp?.commands ?? []) ip(command.slice(1).join(" "));
  await sleep(10_000);
  const again = { health: health(), active: agent.view().active, primary: agent.view().bond?.bond?.primary };
  agent.stop();
  const told = events.map((event) => (event.what === "drift" ? `drift ${event.option}` : event.what));
  return { without, back, gone, again, told };
}
