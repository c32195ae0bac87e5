import { expect, test } from "vitest";
import { concat, fromU8, fromU16, fromU32 } from "./bytes.ts";
import { attribute, decodeMessages, encodeAttributes, encodeMessage } from "./netlink.ts";
import { decodeRoute } from "./route.ts";

const [RTA_OIF, RTA_GATEWAY, RTA_MULTIPATH, RTNH_F_ONLINK] = [4, 5, 9, 4];

/** A default route as the kernel dumps it. */
function read(flags: number, attributes: Uint8Array) {
  const payload = concat([...[2, 0, 0, 0, 254, 3, 0, 1].map(fromU8), fromU32(flags), attributes]);
  const [message] = decodeMessages(encodeMessage({ type: 24, flags: 0, seq: 1, payload })).messages;
  return message && decodeRoute(message);
}

function hop(length: number, flags: number, index: number, router: Uint8Array): Uint8Array {
  const top = [fromU16(length), fromU8(flags), fromU8(2), fromU32(index)];
  return concat([...top, encodeAttributes([attribute(RTA_GATEWAY, router)])]);
}

const router = Uint8Array.of(10, 1, 1, 1);

test("a route says whether its router is on the link whatever its networks are", () => {
  const attributes = encodeAttributes([attribute(RTA_GATEWAY, router), attribute(RTA_OIF, fromU32(3))]);
  expect(read(RTNH_F_ONLINK, attributes)).toMatchObject({ via: "10.1.1.1", index: 3, onLink: true });
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
