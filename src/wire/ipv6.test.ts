import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeAddress, encodeAddressAdd } from "./address.ts";
import { macText } from "./bytes.ts";
import { decodeIcmp6, encodeIcmp6 } from "./icmp6.ts";
import { familyOf, ipBytes, ipText } from "./ip.ts";
import {
  decodeAdvertisement,
  decodeEchoReply6,
  decodeSolicitation,
  encodeAnnouncement,
  encodeAnswer,
  encodeRouterSolicitation,
  encodeSolicitation,
  multicastMac,
  solicitedNode,
} from "./nd.ts";
import { decodeMessages } from "./netlink.ts";
import { decodeRoute, encodeRouteReplace } from "./route.ts";

const six = fc.uint8Array({ minLength: 16, maxLength: 16 });
const ip = six.map(ipText);
const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map(macText);

test("addresses keep their bytes through their text", () => {
  fc.assert(
    fc.property(fc.oneof(six, fc.uint8Array({ minLength: 4, maxLength: 4 })), (bytes) => {
      expect(Array.from(ipBytes(ipText(bytes)) ?? [])).toEqual(Array.from(bytes));
    }),
  );
  expect(ipBytes("no address")).toBeUndefined();
});

describe("ICMPv6", () => {
  test("comes back as it was, and a flipped bit is noticed", () => {
    fc.assert(
      fc.property(
        ip,
        ip,
        fc.nat(255),
        fc.uint8Array({ maxLength: 60 }),
        fc.nat(),
        fc.nat(7),
        (from, to, type, body, where, bit) => {
          const packet = encodeIcmp6({ from, to, hopLimit: 255, type, body });
          expect(decodeIcmp6(packet)).toEqual({ from, to, hopLimit: 255, type, body });
          const at = 40 + (where % (packet.length - 40));
          packet[at] = (packet[at] ?? 0) ^ (1 << bit);
          expect(decodeIcmp6(packet)).toBeUndefined();
        },
      ),
    );
  });

  test("an announcement says where an address is, to all nodes, and overrides", () => {
    fc.assert(
      fc.property(mac, ip, (hardware, address) => {
        const said = decodeAdvertisement(encodeAnnouncement(hardware, address));
        expect(said).toMatchObject({ target: address, mac: hardware, to: "ff02::1", isSolicited: false });
      }),
    );
  });

  test("an advertisement that came through a router is none", () => {
    const body = decodeIcmp6(encodeAnnouncement("02:00:00:00:00:01", "fe80::1"))?.body ?? new Uint8Array();
    const distant = encodeIcmp6({ from: "fe80::1", to: "ff02::1", hopLimit: 254, type: 136, body });
    expect(decodeAdvertisement(distant)).toBeUndefined();
  });

  test("an anonymous question names no MAC address; one with a source does", () => {
    const question = { target: "fe80::1", mac: "02:00:00:00:00:0a" };
    expect(encodeSolicitation({ ...question, from: "::" })).toHaveLength(40 + 24);
    expect(encodeSolicitation({ ...question, from: "fe80::a" })).toHaveLength(40 + 32);
    expect(decodeIcmp6(encodeRouterSolicitation("fe80::a", question.mac))).toMatchObject({ to: "ff02::2", type: 133 });
  });

  test("who asks for an address is understood and answered; who asks whether it is free is not", () => {
    fc.assert(
      fc.property(mac, ip, ip, (hardware, target, from) => {
        const question = encodeSolicitation({ from, target, mac: hardware });
        expect(decodeSolicitation(question)).toEqual(from === "::" ? undefined : { from, target });
        const said = decodeAdvertisement(encodeAnswer({ mac: hardware, ip: target, to: from }));
        expect(said).toMatchObject({ target, mac: hardware, to: from, isSolicited: true, isRouter: false });
      }),
    );
    expect(decodeSolicitation(encodeSolicitation({ from: "::", target: "fe80::1", mac: "02:00:00:00:00:0a" }))).toBe(
      undefined,
    );
  });

  test("groups and their Ethernet addresses", () => {
    expect(solicitedNode("2001:db8::12:3456")).toBe("ff02::1:ff12:3456");
    expect(multicastMac("ff02::1:ff12:3456")).toBe("33:33:ff:12:34:56");
  });

  test("any bytes are taken without a throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        decodeAdvertisement(bytes);
        expect(decodeSolicitation(bytes)).toBeUndefined();
        expect(decodeEchoReply6(bytes)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });
});

test("an address and a route say what they were made of", () => {
  const bytes = Uint8Array.of(10, 0, 0, 5);
  const [address] = decodeMessages(encodeAddressAdd(1, { index: 3, bytes, prefix: 24 })).messages;
  const said = { index: 3, ip: "10.0.0.5", prefix: 24, scope: "global" };
  expect(address && decodeAddress(address)).toEqual({ ...said, isLeased: true });
  // IFA_F_PERMANENT, with which the kernel tells of an address that somebody set for good.
  if (address !== undefined) address.payload[2] = 0x80;
  expect(address && decodeAddress(address)).toEqual(said);
  fc.assert(
    fc.property(six, six, fc.nat(1000), (via, source, metric) => {
      const [route] = decodeMessages(encodeRouteReplace(1, { via, source, metric, index: 7 })).messages;
      expect(route && decodeRoute(route)).toMatchObject({
        family: familyOf(via),
        to: "",
        via: ipText(via),
        source: ipText(source),
        metric,
        index: 7,
        table: 254,
      });
    }),
  );
});
