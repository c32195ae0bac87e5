import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { arpProbe, decodeArp, encodeArp } from "./arp.ts";
import { concat, fromText, fromU16, fromU32, macBytes, macText } from "./bytes.ts";
import { decodeFrame, ETHERTYPE, encodeFrame } from "./ethernet.ts";
import { checksum, decodeEcho, encodeEcho } from "./icmp.ts";
import { decodeLink, decodeLinkDetails, encodeBondOptions, IFLA_BOND } from "./link.ts";
import { decodeNeighbour, encodeNeighbourReplace } from "./neighbour.ts";
import { attribute, decodeError, decodeMessages, encodeAttributes, encodeMessage, listAttributes } from "./netlink.ts";
import { decodeRule, encodeRuleAdd, RULE_TO_TABLE } from "./rule.ts";

const bytes = fc.uint8Array({ maxLength: 300 });
const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map(macText);
const ip = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((parts) => Array.from(parts).join("."));

describe("any bytes", () => {
  test("never throw and never give more than they hold", () => {
    fc.assert(
      fc.property(bytes, (input) => {
        const { messages } = decodeMessages(input);
        for (const message of messages) {
          decodeLink(message);
          decodeLinkDetails(message);
          decodeNeighbour(message);
          decodeRule(message);
          decodeError(message);
        }
        decodeArp(input);
        decodeEcho(input);
        decodeFrame(input);
        expect(messages.length).toBeLessThanOrEqual(input.length / 16);
        expect(listAttributes(input).length).toBeLessThanOrEqual(input.length / 4);
      }),
      { numRuns: 2000 },
    );
  });

  test("a message that claims more than is there ends the walk, keeping those before it", () => {
    const good = encodeMessage({ type: 20, flags: 0, seq: 7, payload: fromU32(1) });
    const lying = encodeMessage({ type: 20, flags: 0, seq: 8, payload: fromU32(1) });
    lying[0] = 200;
    const both = new Uint8Array([...good, ...lying]);
    expect(decodeMessages(both)).toMatchObject({ malformed: true, messages: [{ seq: 7 }] });
  });
});

describe("round trips", () => {
  test("ARP", () => {
    fc.assert(
      fc.property(fc.constantFrom("request" as const, "reply" as const), mac, ip, mac, ip, (operation, a, b, c, d) => {
        const arp = { operation, senderMac: a, senderIp: b, targetMac: c, targetIp: d };
        expect(decodeArp(encodeArp(arp))).toEqual(arp);
      }),
    );
  });

  test("echo, and a flipped bit is noticed", () => {
    const echo = fc.record({
      kind: fc.constantFrom("request" as const, "reply" as const),
      from: ip,
      to: ip,
      id: fc.nat(0xffff),
      seq: fc.nat(0xffff),
      data: fc.uint8Array({ minLength: 1, maxLength: 64 }),
    });
    fc.assert(
      fc.property(echo, fc.nat(), fc.nat(7), (value, where, bit) => {
        const packet = encodeEcho(value);
        expect(decodeEcho(packet)).toEqual(value);
        expect(checksum(packet.subarray(0, 20))).toBe(0);
        const at = 20 + (where % (packet.length - 20));
        packet[at] = (packet[at] ?? 0) ^ (1 << bit);
        expect(decodeEcho(packet)).toBeUndefined();
      }),
    );
  });

  test("frames", () => {
    fc.assert(
      fc.property(mac, mac, bytes, (to, from, payload) => {
        const frame = { to, from, type: ETHERTYPE.arp, payload };
        expect(decodeFrame(encodeFrame(frame))).toEqual(frame);
      }),
    );
  });

  test("neighbour entries", () => {
    const entry = { family: 2, index: 3, address: Uint8Array.of(192, 168, 1, 1), mac: "02:00:00:00:00:01" };
    const [message] = decodeMessages(encodeNeighbourReplace(1, entry)).messages;
    expect(message && decodeNeighbour(message)).toMatchObject(entry);
  });

  test("routing rules", () => {
    const from = { bytes: Uint8Array.of(10, 8, 0, 0), prefix: 16 };
    const [message] = decodeMessages(encodeRuleAdd(1, { family: 2, priority: 100, table: 100_000, from })).messages;
    expect(message && decodeRule(message)).toEqual({
      family: 2,
      priority: 100,
      action: RULE_TO_TABLE,
      table: 100_000,
      from: { ip: "10.8.0.0", prefix: 16 },
      to: { ip: "", prefix: 0 },
      inLink: "",
      outLink: "",
      mark: 0,
      mask: 0,
    });
  });
});

test("a probe teaches nobody our address", () => {
  expect(arpProbe("02:00:00:00:00:01", "192.168.1.1")).toMatchObject({ operation: "request", senderIp: "0.0.0.0" });
  expect(macBytes("nonsense")).toBeUndefined();
});

test("setting the active port is one attribute in a bond's link data", () => {
  const [message] = decodeMessages(encodeBondOptions(9, 5, [attribute(IFLA_BOND.active_slave, fromU32(4))])).messages;
  expect(message?.type).toBe(16);
  expect(message && decodeLink(message)).toMatchObject({ index: 5, kind: "bond", bond: { activePort: 4 } });
});

test("what a radio says of its scans by the links' messages isn't about the link", () => {
  // The name and a wireless event, as wext sends them when a radio has looked around: no master, no address.
  const header = concat([new Uint8Array(4), fromU32(4), fromU32(0x11043), fromU32(0)]);
  const name = attribute(3, new TextEncoder().encode("wlan0\0"));
  const payload = concat([header, encodeAttributes([name, attribute(11, new Uint8Array(20))])]);
  const [message] = decodeMessages(encodeMessage({ type: 16, flags: 0, seq: 0, payload })).messages;
  expect(message && decodeLink(message)).toBeUndefined();
});

test("the kernel's own words in a refusal are kept", () => {
  const words = new TextEncoder().encode("invalid option value\0");
  const payload = new Uint8Array([...fromU32(-22 >>> 0), ...new Uint8Array(16), words.length + 4, 0, 1, 0, ...words]);
  const [message] = decodeMessages(encodeMessage({ type: 2, flags: 0x300, seq: 1, payload })).messages;
  expect(message && decodeError(message)).toEqual({ errno: 22, message: "invalid option value" });
});

test("a link's further names and its VLAN's number are read", () => {
  const names = encodeAttributes([attribute(53, fromText("lan0")), attribute(53, fromText("uplink-of-the-left-rack"))]);
  const info = encodeAttributes([
    attribute(1, fromText("vlan")),
    attribute(2, encodeAttributes([attribute(1, fromU16(40)), attribute(2, fromU16(0))])),
  ]);
  // IFLA_IFNAME, IFLA_LINKINFO, and IFLA_PROP_LIST, nested.
  const attributes = [attribute(3, fromText("bond0.40")), attribute(18, info), attribute(52 | 0x8000, names)];
  const payload = concat([new Uint8Array(16), encodeAttributes(attributes)]);
  const [message] = decodeMessages(encodeMessage({ type: 16, flags: 0, seq: 1, payload })).messages;
  const details = { name: "bond0.40", altNames: ["lan0", "uplink-of-the-left-rack"], vlanId: 40 };
  expect(message && decodeLinkDetails(message)).toEqual(details);
});
