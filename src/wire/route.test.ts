import { expect, test } from "vitest";
import { concat, fromText, fromU8, fromU16, fromU32 } from "./bytes.ts";
import { attribute, decodeMessages, encodeAttributes, encodeMessage } from "./netlink.ts";
import { decodeRoute, ownRouter } from "./route.ts";

const [RTA_OIF, RTA_GATEWAY, RTA_MULTIPATH, RTA_VIA, RTA_ENCAP_TYPE, RTNH_F_ONLINK] = [4, 5, 9, 18, 21, 4];

/** A default route as the kernel dumps it. */
function read(flags: number, attributes: Uint8Array, { senderBits = 0, tos = 0 } = {}) {
  const payload = concat([...[2, 0, senderBits, tos, 254, 3, 0, 1].map(fromU8), fromU32(flags), attributes]);
  const [message] = decodeMessages(encodeMessage({ type: 24, flags: 0, seq: 1, payload })).messages;
  return message && decodeRoute(message);
}

function hop(length: number, flags: number, index: number, router: Uint8Array, type = RTA_GATEWAY): Uint8Array {
  const top = [fromU16(length), fromU8(flags), fromU8(2), fromU32(index)];
  return concat([...top, encodeAttributes([attribute(type, router)])]);
}

const router = Uint8Array.of(10, 1, 1, 1);

test("a route says whether its router is on the link whatever its networks are", () => {
  const attributes = encodeAttributes([attribute(RTA_GATEWAY, router), attribute(RTA_OIF, fromU32(3))]);
  const onLink = read(RTNH_F_ONLINK, attributes);
  expect(onLink).toMatchObject({ via: "10.1.1.1", index: 3, onLink: true });
  expect(onLink && [ownRouter(onLink), ownRouter({ ...onLink, family: 10, via: "fe80::1" })]).toEqual([
    "10.1.1.1",
    "fe80::1",
  ]);
  expect(read(0, attributes)).not.toHaveProperty("onLink");
});

test("a route by several ways says each, and one whose length is a lie ends the list", () => {
  const hops = (...all: readonly Uint8Array[]) =>
    read(0, encodeAttributes([attribute(RTA_MULTIPATH, concat(all))]))?.hops;
  const [first, second] = [
    { via: "10.1.1.1", index: 3, weight: 3, onLink: true },
    { via: "10.1.1.1", index: 4, weight: 3 },
  ];
  expect(hops(hop(16, RTNH_F_ONLINK, 3, router), hop(16, 0, 4, router))).toEqual([first, second]);
  for (const lie of [0, 7, 17, 65_535])
    expect(hops(hop(16, RTNH_F_ONLINK, 3, router), hop(lie, 0, 4, router))).toEqual([first]);
  expect(hops()).toBeUndefined();
});

/** struct rtvia: the family, and an address of it. */
const rtvia = (family: number, address: readonly number[]): Uint8Array =>
  concat([fromU16(family), ...address.map(fromU8)]);

test("an IPv4 route goes by an IPv6 router, alone or beside others", () => {
  const router6 = rtvia(10, [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  const single = read(0, encodeAttributes([attribute(RTA_VIA, router6), attribute(RTA_OIF, fromU32(3))]));
  expect(single).toMatchObject({ via: "fe80::1", index: 3 });
  // Whoever makes IPv4 routes of it can't use that one.
  expect(single && ownRouter(single)).toBe("");
  expect(single).not.toHaveProperty("isUnread");
  const ways = concat([hop(16, 0, 3, router), hop(30, 0, 4, router6, RTA_VIA)]);
  const several = read(0, encodeAttributes([attribute(RTA_MULTIPATH, ways)]));
  expect(several?.hops?.map(({ via }) => via)).toEqual(["10.1.1.1", "fe80::1"]);
  expect(several).not.toHaveProperty("isUnread");
});

test("a route says that it goes by something that isn't read, alone or by one of its ways", () => {
  const strange = rtvia(28, [1, 2, 3, 4]);
  const oif = attribute(RTA_OIF, fromU32(3));
  expect(read(0, encodeAttributes([attribute(RTA_VIA, strange), oif]))).toMatchObject({ via: "", isUnread: true });
  const wrapped = encodeAttributes([attribute(RTA_GATEWAY, router), oif, attribute(RTA_ENCAP_TYPE, fromU16(1))]);
  expect(read(0, wrapped)).toMatchObject({ via: "10.1.1.1", isUnread: true });
  const ways = concat([hop(16, 0, 3, router), hop(18, 0, 4, strange, RTA_VIA)]);
  expect(read(0, encodeAttributes([attribute(RTA_MULTIPATH, ways)]))).toMatchObject({ isUnread: true });
});

test("a route says what it says of its packets, whose they are, and that it is for some of them alone", () => {
  const metric = (type: number, value: number) => attribute(type, fromU32(value));
  const locks = (1 << 2) | (1 << 13);
  const metrics = [metric(1, locks), metric(2, 1400), metric(11, 20), metric(12, 3), metric(13, 200), metric(99, 1)];
  const attributes = [
    attribute(8, encodeAttributes([...metrics, attribute(16, fromText("bbr"))])),
    metric(11, 0x3_0005),
  ];
  const whole = read(0, encodeAttributes(attributes), { tos: 0x10 });
  expect(whole).toMatchObject({ tos: 0x10, realms: 0x3_0005 });
  expect(whole?.metrics).toEqual([
    { name: "mtu", value: "1400", isLocked: true },
    { name: "initcwnd", value: "20" },
    { name: "features", value: "ecn" },
    { name: "rto_min", value: "200" },
    { name: "congctl", value: "bbr" },
  ]);
  const plain = read(0, encodeAttributes([metric(RTA_OIF, 3)]));
  for (const none of ["tos", "realms", "metrics", "isUnread"]) expect(plain).not.toHaveProperty(none);
  expect(read(0, encodeAttributes([metric(RTA_OIF, 3)]), { senderBits: 56 })).toMatchObject({ isUnread: true });
});
