import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeBpdu } from "./bpdu.ts";
import { BROADCAST, ETHERTYPE, encodeFrame } from "./ethernet.ts";
import { encodeLldp } from "./lldp.ts";
import { portEar } from "./port-sight.ts";

const own = "b8:27:eb:00:00:01";
const other = "00:1b:21:00:00:07";
const arpFrom = (from: string) =>
  encodeFrame({ to: BROADCAST, from, type: ETHERTYPE.arp, payload: new Uint8Array(28) });
const lldp = (ttlSeconds: number) =>
  encodeFrame({
    to: "01:80:c2:00:00:0e",
    from: other,
    type: ETHERTYPE.lldp,
    payload: encodeLldp({
      chassis: { kind: "mac", value: other },
      port: { kind: "name", value: "p1" },
      portDescription: "",
      ttlSeconds,
      systemName: "sw",
      roles: ["bridge"],
    }),
  });

test("neighbours by their last word, bridges, stations; own frames that come round are no station's", () => {
  const ear = portEar("eth0", new Set([own]));
  for (const frame of [arpFrom(other), arpFrom(own), lldp(120), lldp(0)]) ear.hear(frame);
  const payload = encodeBpdu({ mac: other, port: 2, root: other });
  ear.hear(encodeFrame({ to: "01:80:c2:00:00:00", from: other, type: payload.length, payload }));
  expect(ear.sight()).toEqual({
    port: "eth0",
    neighbours: [expect.objectContaining({ systemName: "sw", ttlSeconds: 0 })],
    bridges: [{ mac: other, port: 2, root: other }],
    stations: [other],
    hearsOwn: true,
  });
});

test("a bridge of this host's own is no neighbour", () => {
  const ear = portEar("eth0", new Set([own]));
  const payload = encodeBpdu({ mac: own, port: 2, root: other });
  ear.hear(encodeFrame({ to: "01:80:c2:00:00:00", from: other, type: payload.length, payload }));
  expect(ear.sight().bridges).toEqual([]);
});

test("whoever makes up addresses, names and bytes: little is kept, nothing throws", () => {
  const ear = portEar("eth0", new Set([own]));
  for (let n = 0; n < 5000; n++) {
    const mac = `00:00:00:00:${(n >> 8).toString(16).padStart(2, "0")}:${(n & 255).toString(16).padStart(2, "0")}`;
    const payload = encodeBpdu({ mac, port: 1, root: mac });
    ear.hear(encodeFrame({ to: "01:80:c2:00:00:00", from: mac, type: payload.length, payload }));
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => ear.hear(bytes)));
  const { stations, bridges, neighbours } = ear.sight();
  expect(stations).toHaveLength(512);
  expect(bridges).toHaveLength(32);
  expect(neighbours.length).toBeLessThanOrEqual(32);
});
