import { describe, expect, test } from "vitest";
import { concat, fromU8, fromU16 } from "./bytes.ts";
import { decodeFamily, encodeCommand, encodeFamilyRequest } from "./generic-netlink.ts";
import { attribute, decodeMessages, encodeAttributes } from "./netlink.ts";

describe("generic netlink", () => {
  test("a command: the family's number as type, then command and version, then attributes", () => {
    const [message] = decodeMessages(encodeCommand(0x1c, 49, [attribute(1, Uint8Array.of(7, 0, 0, 0))])).messages;
    expect(message).toMatchObject({ type: 0x1c, flags: 5 });
    expect([...(message?.payload ?? [])]).toEqual([49, 1, 0, 0, 8, 0, 1, 0, 7, 0, 0, 0]);
  });

  test("a family is asked for by name, and its number read from the answer", () => {
    const [request] = decodeMessages(encodeFamilyRequest("nl80211")).messages;
    expect(request?.type).toBe(16);
    expect(Buffer.from(request?.payload.subarray(8) ?? []).toString()).toBe("nl80211\0");
    const payload = concat([fromU8(1), fromU8(2), fromU16(0), encodeAttributes([attribute(1, fromU16(0x1d))])]);
    expect(decodeFamily({ type: 16, flags: 0, seq: 1, pid: 1, payload })).toBe(0x1d);
    expect(decodeFamily({ type: 2, flags: 0, seq: 1, pid: 1, payload })).toBeUndefined();
    expect(decodeFamily({ type: 16, flags: 0, seq: 1, pid: 1, payload: payload.subarray(0, 4) })).toBeUndefined();
  });
});
