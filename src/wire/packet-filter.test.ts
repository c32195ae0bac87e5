import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arpProbe, encodeArp } from "./arp.ts";
import { concat, macText } from "./bytes.ts";
import { BROADCAST, decodeFrame, ETHERTYPE, encodeFrame } from "./ethernet.ts";
import { encodeEcho } from "./icmp.ts";
import { encodeAnnouncement, encodeEcho6, encodeSolicitation } from "./nd.ts";
import {
  compileFilter,
  encodeFilter,
  type Heard,
  type Instruction,
  probeFilter,
  unicastFrom,
} from "./packet-filter.ts";

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
      else if (code === 0x40) a = view.getUint32(x + k);
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
const stranger = "02:00:00:00:00:99";
const nonce = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2);
const heard: Heard = {
  mac: own,
  router: "192.168.1.1",
  routerMac: router,
  echoId: 4711,
  nonce,
  far: ["ipv4", "ipv6"],
  ownIp: "192.168.1.105",
  ownIp6: "fd00::5",
  ownMacs: ["02:00:00:00:00:0b"],
};
const filter = probeFilter(heard);
const filter6 = probeFilter({ ...heard, router: "fe80::1" });

interface ArpSample {
  readonly from: string;
  readonly senderIp?: string;
  readonly operation: "request" | "reply";
  readonly targetIp?: string;
  readonly to?: string;
}

function arpFrame({
  from,
  senderIp = "192.168.1.1",
  operation,
  targetIp = "192.168.1.105",
  to = own,
}: ArpSample): Uint8Array {
  const payload = encodeArp({ operation, senderMac: from, senderIp, targetMac: to, targetIp });
  return encodeFrame({ to, from, type: ETHERTYPE.arp, payload });
}

function echoFrame(id: number, kind: "request" | "reply", mark = nonce): Uint8Array {
  const data = concat([mark, Uint8Array.of(1, 2, 3, 4)]);
  const payload = encodeEcho({ kind, from: "9.9.9.9", to: "192.168.1.105", id, seq: 1, data });
  return encodeFrame({ to: own, from: router, type: ETHERTYPE.ipv4, payload });
}

function frame6(from: string, payload: Uint8Array): Uint8Array {
  return encodeFrame({ to: own, from, type: ETHERTYPE.ipv6, payload });
}

function echo6(id: number, mark: Uint8Array): Uint8Array {
  const packet = encodeEcho6({
    from: "2001:db8::1",
    to: "fd00::5",
    id,
    seq: 1,
    data: concat([mark, new Uint8Array(4)]),
  });
  // A request turned into the reply to it.
  packet[40] = 129;
  return frame6(router, packet);
}

const solicitation = (target: string) => encodeSolicitation({ from: "fe80::1", target, mac: router });
const ourOther = "02:00:00:00:00:0b";

describe("a probing port hears", () => {
  test.each([
    ["the router's answer", arpFrame({ from: router, operation: "reply" }), true],
    ["not its answer to somebody else", arpFrame({ from: router, operation: "reply", to: stranger }), false],
    ["not its answer to everybody", arpFrame({ from: router, operation: "reply", to: BROADCAST }), false],
    ["the router looking for us", arpFrame({ from: router, operation: "request" }), true],
    ["not one who says he is the router and looks for us", arpFrame({ from: stranger, operation: "request" }), false],
    [
      "not the router looking for others",
      arpFrame({ from: router, operation: "request", targetIp: "192.168.1.9" }),
      false,
    ],
    [
      "not its neighbours' chatter",
      arpFrame({ from: stranger, senderIp: "192.168.1.7", operation: "request", targetIp: "192.168.1.8" }),
      false,
    ],
    ["not other answers", arpFrame({ from: stranger, senderIp: "192.168.1.7", operation: "reply" }), false],
    [
      "our own other port, whatever it asks",
      arpFrame({ from: ourOther, senderIp: "0.0.0.0", operation: "request", targetIp: "1.2.3.4", to: BROADCAST }),
      true,
    ],
    ["the answer to our echo", echoFrame(4711, "reply"), true],
    ["not the answer to somebody else's", echoFrame(4712, "reply"), false],
    ["not one that guessed the id and not the mark", echoFrame(4711, "reply", new Uint8Array(8)), false],
    ["not an echo sent to us", echoFrame(4711, "request"), false],
    ["the answer to our echo by IPv6", echo6(4711, nonce), true],
    ["not one without the mark by IPv6", echo6(4711, new Uint8Array(8)), false],
    ["the router looking for our IPv6 address", frame6(router, solicitation("fd00::5")), true],
    ["not a stranger looking for it", frame6(stranger, solicitation("fd00::5")), false],
    ["not the router looking for others by IPv6", frame6(router, solicitation("fd00::6")), false],
    ["no advertisements where the router has IPv4", frame6(router, encodeAnnouncement(router, "192::1")), false],
  ])("%s", (_, frame, isHeard) => {
    expect(passes(filter, frame)).toBe(isHeard);
  });

  test("where the router has IPv6: its own advertisements, and nobody else's", () => {
    expect(passes(filter6, frame6(router, encodeAnnouncement(router, "fe80::1")))).toBe(true);
    expect(passes(filter6, frame6(router, encodeAnnouncement(router, "fe80::2")))).toBe(false);
    expect(passes(filter6, arpFrame({ from: router, operation: "reply" }))).toBe(false);
  });

  test("no echo at all where nothing beyond the router is probed", () => {
    const near = probeFilter({ ...heard, far: [] });
    expect(passes(near, echoFrame(4711, "reply"))).toBe(false);
    expect(passes(near, arpFrame({ from: router, operation: "request" }))).toBe(false);
    expect(passes(near, arpFrame({ from: router, operation: "reply" }))).toBe(true);
  });

  test("answers to echoes of the active port alone, and nobody's questions for them", () => {
    const beyond = probeFilter({ ...heard, far: [], echoes: ["ipv4"] });
    expect(passes(beyond, echoFrame(4711, "reply"))).toBe(true);
    expect(passes(beyond, echoFrame(4711, "reply", new Uint8Array(8)))).toBe(false);
    expect(passes(beyond, echo6(4711, nonce))).toBe(false);
    expect(passes(beyond, arpFrame({ from: router, operation: "request" }))).toBe(false);
  });

  test("nothing that this machine sends itself", () => {
    expect(passes(filter, arpFrame({ from: router, operation: "reply" }), 4)).toBe(false);
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
