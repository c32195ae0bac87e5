import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LldpNeighbour, SeenBridge } from "../model/network-sight.ts";
import { decodeBpdu, encodeBpdu } from "./bpdu.ts";
import { decodeFrame, encodeFrame } from "./ethernet.ts";
import { decodeLldp, encodeLldp } from "./lldp.ts";

const bytesOf = (hex: string) =>
  Uint8Array.from(hex.replaceAll(/\s/g, "").match(/../g) ?? [], (two) => parseInt(two, 16));

const mac = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":"));
const name = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 40 }).filter((text) => text.trim() !== "");
const ip = fc.constantFrom("192.168.1.1", "2001:db8::1");
const id = fc.oneof(
  fc.record({ kind: fc.constant("mac" as const), value: mac }),
  fc.record({ kind: fc.constant("address" as const), value: ip }),
  fc.record({ kind: fc.constantFrom("name" as const, "local" as const, "alias" as const), value: name }),
);
const role = fc.constantFrom("repeater" as const, "bridge" as const, "router" as const, "station" as const);
const neighbour: fc.Arbitrary<LldpNeighbour> = fc.record({
  chassis: id,
  port: id,
  portDescription: fc.oneof(fc.constant(""), name),
  ttlSeconds: fc.nat(0xffff),
  systemName: fc.oneof(fc.constant(""), name),
  roles: fc.constant([] as LldpNeighbour["roles"]),
});
const order = ["other", "repeater", "bridge", "access-point", "router", "telephone", "cable-modem", "station"];
const bridge: fc.Arbitrary<SeenBridge> = fc.record({ mac, port: fc.nat(0xfff), root: mac });

describe("LLDP", () => {
  test("a switch's own words: chassis, port, name, and what it is just now", () => {
    const said = bytesOf(`0207 04 0200 0000 0a00  0403 05 7031  0602 0078  0a04 73772d61  0e04 0014 0004
      1004 0a00 0001  fe06 0080c2 01 0001  0000`);
    expect(decodeLldp(said)).toEqual({
      chassis: { kind: "mac", value: "02:00:00:00:0a:00" },
      port: { kind: "name", value: "p1" },
      portDescription: "",
      ttlSeconds: 120,
      systemName: "sw-a",
      roles: ["bridge"],
    });
  });

  test("what is written is read again", () => {
    fc.assert(
      fc.property(neighbour, fc.uniqueArray(role), (one, some) => {
        const roles = some.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
        expect(decodeLldp(encodeLldp({ ...one, roles }))).toEqual({ ...one, roles });
      }),
    );
  });

  test("nothing a neighbour sends throws, moves a cursor, or is longer than a name may be", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1500 }), neighbour, fc.nat(), fc.nat(255), (any, one, where, byte) => {
        const changed = encodeLldp(one);
        changed[where % changed.length] = byte;
        for (const input of [any, changed]) {
          const read = decodeLldp(input);
          if (read === undefined) continue;
          const texts = [read.chassis.value, read.port.value, read.portDescription, read.systemName];
          for (const text of texts) expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          expect(Math.max(...texts.map((text) => text.length))).toBeLessThan(1100);
          expect(read.chassis.value).not.toBe("");
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("the three that must come first, in this order, or it is nobody", () => {
    const whole = encodeLldp({
      chassis: { kind: "local", value: "a" },
      port: { kind: "local", value: "b" },
      portDescription: "",
      ttlSeconds: 120,
      systemName: "",
      roles: [],
    });
    expect(decodeLldp(whole.subarray(4))).toBeUndefined();
    expect(decodeLldp(whole.subarray(0, 8))).toBeUndefined();
    expect(decodeLldp(new Uint8Array())).toBeUndefined();
  });
});

describe("spanning tree", () => {
  const frameOf = (payload: Uint8Array) =>
    decodeFrame(encodeFrame({ to: "01:80:c2:00:00:00", from: "02:00:00:00:0a:01", type: payload.length, payload }));

  test("what is written is read again", () => {
    fc.assert(
      fc.property(bridge, (one) => {
        const frame = frameOf(encodeBpdu(one));
        expect(frame && decodeBpdu(frame)).toEqual(one);
      }),
    );
  });

  test("the Linux bridge's own message: bridge, port and root", () => {
    const said = bytesOf(`424203 0000 00 00 00 8000 0200 0000 0a00 00000004 8000 0200 0000 0b00 8002
      0100 1400 0200 0f00 0000000000000000`);
    const frame = frameOf(said);
    expect(frame && decodeBpdu(frame)).toEqual({ mac: "02:00:00:00:0b:00", port: 2, root: "02:00:00:00:0a:00" });
  });

  test("a multiple spanning tree's bridge is named behind, not where others have theirs", () => {
    const plain = encodeBpdu({ mac: "02:00:00:00:0a:00", port: 3, root: "02:00:00:00:0a:00" });
    const said = new Uint8Array(3 + 102);
    said.set(plain);
    said[5] = 3;
    said.set(bytesOf("8000 0200 0000 0c00"), 3 + 93);
    const frame = frameOf(said);
    expect(frame && decodeBpdu(frame)).toMatchObject({ mac: "02:00:00:00:0c:00", port: 3 });
  });

  test("a topology change names nobody, other frames are none, and nothing throws", () => {
    const change = frameOf(bytesOf("424203 0000 00 80"));
    expect(change && decodeBpdu(change)).toBeUndefined();
    fc.assert(
      fc.property(fc.nat(0xffff), fc.uint8Array({ maxLength: 200 }), fc.boolean(), (type, any, isWrapped) => {
        const payload = isWrapped ? Uint8Array.of(0x42, 0x42, 3, 0, 0, ...any) : any;
        decodeBpdu({ to: "", from: "", type, payload });
      }),
    );
    expect(decodeBpdu({ to: "", from: "", type: 0x0800, payload: encodeBpdu({ mac: "", port: 1, root: "" }) })).toBe(
      undefined,
    );
  });
});
