import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arpProbe, encodeArp } from "./arp.ts";
import { macText } from "./bytes.ts";
import { BROADCAST, decodeFrame, ETHERTYPE, encodeFrame } from "./ethernet.ts";
import { encodeEcho } from "./icmp.ts";
import { encodeAnnouncement } from "./nd.ts";
import { compileFilter, encodeFilter, type Instruction, probeFilter, unicastFrom } from "./packet-filter.ts";

const PACKET_TYPE = 0xfffff004;

/** The kernel's machine, as far as our programs use it. A load past the end drops the frame, as there. */
function passes(program: readonly Instruction[], frame: Uint8Array, packetType = 0): boolean {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  let a = 0;
  let x = 0;
  for (let at = 0; at < program.length; at++) {
    const { code, yes, no, k } = program[at] ?? { code: 0, yes: 0, no: 0, k: 0 };
    try {
      if (code === 0x30 && k === PACKET_TYPE) a = packetType;
      else if (code === 0x30) a = view.getUint8(k);
      else if (code === 0x28) a = view.getUint16(k);
      else if (code === 0x20) a = view.getUint32(k);
      else if (code === 0x50) a = view.getUint8(x + k);
      else if (code === 0x48) a = view.getUint16(x + k);
      else if (code === 0xb1) x = (view.getUint8(k) & 0x0f) * 4;
      else if (code === 0x54) a = (a & k) >>> 0;
      else if (code === 0x15) at += a === k >>> 0 ? yes : no;
      else if (code === 0x05) at += k;
      else return k > 0;
    } catch {
      return false;
    }
  }
  throw new Error("the program ran off its end");
}

const own = "02:00:00:00:00:0a";
const router = "02:00:00:00:00:01";
const filter = probeFilter({
  routers: ["192.168.1.1"],
  echoId: 4711,
  ownIps: ["192.168.1.105"],
  ownIp6s: ["fd00::5"],
  ownMacs: ["02:00:00:00:00:0b"],
});

function arpFrame(
  from: string,
  senderIp: string,
  operation: "request" | "reply",
  targetIp = "192.168.1.105",
): Uint8Array {
  const payload = encodeArp({ operation, senderMac: from, senderIp, targetMac: own, targetIp });
  return encodeFrame({ to: own, from, type: ETHERTYPE.arp, payload });
}

function echoFrame(id: number, kind: "request" | "reply"): Uint8Array {
  const payload = encodeEcho({ kind, from: "9.9.9.9", to: "192.168.1.105", id, seq: 1, data: new Uint8Array(12) });
  return encodeFrame({ to: own, from: router, type: ETHERTYPE.ipv4, payload });
}

describe("a probing port hears", () => {
  test.each([
    ["the router's answer", arpFrame(router, "192.168.1.1", "reply"), true],
    ["the router looking for us", arpFrame(router, "192.168.1.1", "request"), true],
    ["not the router looking for others", arpFrame(router, "192.168.1.1", "request", "192.168.1.9"), false],
    ["not its neighbours' chatter", arpFrame("02:00:00:00:00:99", "192.168.1.7", "request", "192.168.1.8"), false],
    ["not other answers", arpFrame("02:00:00:00:00:99", "192.168.1.7", "reply"), false],
    ["our own other port, whatever it asks", arpFrame("02:00:00:00:00:0b", "0.0.0.0", "request", "1.2.3.4"), true],
    ["the answer to our echo", echoFrame(4711, "reply"), true],
    ["not the answer to somebody else's", echoFrame(4712, "reply"), false],
    ["not an echo sent to us", echoFrame(4711, "request"), false],
    [
      "neighbour advertisements",
      encodeFrame({
        to: BROADCAST,
        from: router,
        type: ETHERTYPE.ipv6,
        payload: encodeAnnouncement(router, "fe80::1"),
      }),
      true,
    ],
  ])("%s", (_, frame, heard) => {
    expect(passes(filter, frame)).toBe(heard);
  });

  test("nothing that this machine sends itself", () => {
    expect(passes(filter, arpFrame(router, "192.168.1.1", "reply"), 4)).toBe(false);
  });

  test("whatever the bytes, the program comes to an end", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        expect([true, false]).toContain(passes(filter, bytes));
      }),
    );
  });
});

test("a gauge counts what one station sends to a single one", () => {
  const gauge = unicastFrom([router]);
  const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map(macText);
  fc.assert(
    fc.property(mac, fc.oneof(mac, fc.constant(router)), (to, from) => {
      const frame = encodeFrame({ to, from, type: ETHERTYPE.ipv4, payload: new Uint8Array(46) });
      const isSingle = (Number.parseInt(to.slice(0, 2), 16) & 1) === 0;
      expect(passes(gauge, frame)).toBe(isSingle && decodeFrame(frame)?.from === router);
    }),
  );
});

test("alternatives and their values are tried one after the other, with a mask where one is given", () => {
  const program = compileFilter([
    [
      { load: "byte", at: 0, oneOf: [1, 2, 3] },
      { load: "half", at: 1, oneOf: [9] },
    ],
    [{ load: "byte", at: 0, mask: 0xf0, oneOf: [0x70] }],
  ]);
  fc.assert(
    fc.property(fc.nat(255), fc.constantFrom(8, 9), (first, second) => {
      const fits = ([1, 2, 3].includes(first) && second === 9) || (first & 0xf0) === 0x70;
      expect(passes(program, Uint8Array.of(first, 0, second))).toBe(fits);
    }),
  );
  expect(encodeFilter(program)).toHaveLength(program.length * 8);
});

test("a question that teaches nobody anything passes no other host's filter", () => {
  const payload = encodeArp(arpProbe("02:00:00:00:00:99", "192.168.1.1"));
  expect(passes(filter, encodeFrame({ to: BROADCAST, from: "02:00:00:00:00:99", type: ETHERTYPE.arp, payload }))).toBe(
    false,
  );
});
