import { expect, test } from "vitest";
import type { Host, Tap } from "../host/ports.ts";
import { ok } from "../model/result.ts";
import { BEYOND_IDS } from "../watch/beyond.ts";
import { decodeArp, encodeArp } from "../wire/arp.ts";
import { decodeFrame, ETHERTYPE, encodeFrame } from "../wire/ethernet.ts";
import { decodeEcho, encodeEcho } from "../wire/icmp.ts";
import type { LinkState } from "../wire/link.ts";
import type { BondView } from "./bond-view.ts";
import type { ProberEvents, ProberSettings } from "./probed-port.ts";
import { newProber } from "./prober.ts";

const own = "02:00:00:00:00:0a";
const router = "02:00:00:00:00:01";
const [host, gateway] = ["192.168.1.105", "192.168.1.1"];

const link: LinkState = {
  index: 2,
  name: "eth0",
  isUp: true,
  hasCarrier: true,
  operState: "up",
  mac: own,
  permanentMac: own,
  mtuBytes: 1500,
  master: 1,
  kind: "",
};
const bond: LinkState = { ...link, index: 1, name: "bond0", master: 0, kind: "bond" };
const view: BondView = { bond, holder: bond, ports: new Map([["eth0", link]]), active: "eth0" };

/** Of the whole Internet the only address where nobody answers. Source: RFC 5737. */
const mute = "203.0.113.7";

const onePort: ProberSettings = {
  ports: [{ name: "eth0", medium: "wired", metered: false, router: gateway, far: [], probes: "always" }],
  ownAddress: new Map(),
  marks: { echoId: 4711, nonce: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8) },
  beyond: [],
};
const unheard: ProberEvents = {
  onAnswer() {},
  onHeard() {},
  onUnsent() {},
  onRouterSeen() {},
  onTrouble() {},
  onShared() {},
};

/** A machine with one port and a router behind it that answers everything, also for the whole Internet. */
function oneRouterHost(sent: Uint8Array[], routerNow: () => string = () => router): Host {
  const packets: Host["packets"] = {
    openGauge: () => ok({ hasPassed: () => false, filter: () => ok(undefined), close() {} }),
    open(_index, _filter, onFrame) {
      const reply = (type: number, payload: Uint8Array): void =>
        onFrame(encodeFrame({ to: own, from: routerNow(), type, payload }), 1_000);
      const tap: Tap = {
        send(bytes) {
          sent.push(bytes);
          const frame = decodeFrame(bytes);
          const arp = frame?.type === ETHERTYPE.arp ? decodeArp(frame.payload) : undefined;
          if (arp !== undefined) {
            const back = { senderMac: routerNow(), senderIp: gateway, targetMac: own, targetIp: arp.senderIp };
            reply(ETHERTYPE.arp, encodeArp({ operation: "reply", ...back }));
          }
          const echo = frame?.type === ETHERTYPE.ipv4 ? decodeEcho(frame.payload) : undefined;
          if (echo !== undefined && echo.to !== mute) {
            const { from, to, ...rest } = echo;
            reply(ETHERTYPE.ipv4, encodeEcho({ ...rest, kind: "reply", from: to, to: from }));
          }
          return ok(undefined);
        },
        hear: () => ok(undefined),
        filter: () => ok(undefined),
        drain() {},
        close() {},
      };
      return ok(tap);
    },
  };
  const time: Host["time"] = { now: () => 1_000, asleep: () => 0, wakeAt() {}, rest() {} };
  // Probing asks nothing else of a machine.
  return { packets, time } as Pick<Host, "packets" | "time"> as Host;
}

test("an echo beyond the only router leaves through the active port, and its answer is told with its id", () => {
  const answered: (readonly [string, string, number])[] = [];
  const settings = { ...onePort, beyond: ["9.9.9.9", "2620:fe::9"] };
  const sent: Uint8Array[] = [];
  const prober = newProber(oneRouterHost(sent), settings, {
    ...unheard,
    onAnswer: (port, target, id) => answered.push([port, target, id]),
  });
  prober.follow(view, [host]);
  expect(prober.probe("eth0", "9.9.9.9", BEYOND_IDS)).toBe(false);
  prober.probe("eth0", gateway, 1);
  const id = BEYOND_IDS + 70_000;
  expect(prober.probe("eth0", "9.9.9.9", id)).toBe(true);
  expect(answered.at(-1)).toEqual(["eth0", "9.9.9.9", id]);
  const last = decodeFrame(sent.at(-1) ?? new Uint8Array());
  expect(last).toMatchObject({ to: router, from: own });
  // This host has no IPv6 address to ask from, and says so: a silence there would mean nothing.
  expect(prober.probe("eth0", "2620:fe::9", id + 1)).toBe(false);
  prober.close();
});

test("a router is asked and heard again and again; another one in its place is asked, and told, as what it is", () => {
  const answered: number[] = [];
  const seen: string[] = [];
  const sent: Uint8Array[] = [];
  const other = "02:00:00:00:00:02";
  let answering = router;
  const prober = newProber(
    oneRouterHost(sent, () => answering),
    onePort,
    {
      ...unheard,
      onAnswer: (_port, _target, id) => answered.push(id),
      onRouterSeen: () => seen.push(prober.routerMac("eth0") ?? ""),
    },
  );
  prober.follow(view, [host]);
  for (const id of [1, 2, 3]) prober.probe("eth0", gateway, id);
  answering = other;
  for (const id of [4, 5]) prober.probe("eth0", gateway, id);
  prober.follow({ ...view, holder: { ...bond, mac: "02:00:00:00:00:0b" } }, [host]);
  prober.probe("eth0", gateway, 6);
  expect(answered).toEqual([1, 2, 3, 4, 5]);
  expect(seen).toEqual([router, other]);
  expect(decodeFrame(sent.at(-1) ?? new Uint8Array())).toMatchObject({ to: other, from: "02:00:00:00:00:0b" });
  prober.close();
});

test("whether a router is heard is asked wherever one of its answers is missing, and elsewhere once a second", () => {
  let [now, asked, heard] = [1_000, 0, 0];
  const answering = oneRouterHost([]);
  const machine: Host = {
    ...answering,
    time: { ...answering.time, now: () => now },
    packets: {
      ...answering.packets,
      openGauge: () =>
        ok({
          hasPassed() {
            asked += 1;
            return true;
          },
          filter: () => ok(undefined),
          close() {},
        }),
    },
  };
  const settings = { ...onePort, beyond: [mute] };
  const prober = newProber(machine, settings, {
    ...unheard,
    onHeard() {
      heard += 1;
    },
  });
  prober.follow(view, [host]);
  prober.probe("eth0", gateway, 1);
  const askedIn = (look: () => void): number => {
    const before = asked;
    look();
    return asked - before;
  };
  const listenTenTimes = (): void => {
    for (let count = 0; count < 10; count += 1) prober.listen();
  };
  expect(askedIn(listenTenTimes)).toBe(1);
  now += 1_000;
  expect(askedIn(listenTenTimes)).toBe(1);
  prober.probe("eth0", mute, BEYOND_IDS);
  expect(askedIn(listenTenTimes)).toBe(10);
  expect(heard).toBe(12);
  prober.close();
});
