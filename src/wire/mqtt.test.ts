import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  byePacket,
  connectPacket,
  type MqttPublish,
  type MqttVersion,
  pingPacket,
  pubackPacket,
  publishPacket,
  readMqttPacket,
  refusalOf,
  subscribePacket,
  troubleOf,
} from "./mqtt.ts";

const MOST = 1 << 20;
const versions: readonly MqttVersion[] = [4, 5];
const publication = fc.record<MqttPublish>({
  topic: fc.string({ unit: "grapheme", maxLength: 60 }),
  payload: fc.uint8Array({ maxLength: 40_000 }),
  qos: fc.constantFrom(0, 1),
  retain: fc.boolean(),
  id: fc.integer({ min: 1, max: 65_535 }),
});

describe("what a client says", () => {
  it("introduces itself as the specification writes it, byte for byte", () => {
    const will = { topic: "a", payload: "off" };
    const hello = { clientId: "n", keepAliveS: 30, user: "u", password: "p", will };
    const v5 = "10 1d 0004 4d515454 05 ee 001e 00 0001 6e 00 0001 61 0003 6f6666 0001 75 0001 70";
    const v4 = "10 1b 0004 4d515454 04 ee 001e 0001 6e 0001 61 0003 6f6666 0001 75 0001 70";
    expect(hex(connectPacket({ ...hello, version: 5 }))).toBe(v5.replaceAll(" ", ""));
    expect(hex(connectPacket({ ...hello, version: 4 }))).toBe(v4.replaceAll(" ", ""));
    expect(hex(subscribePacket(5, 1, ["a/b"]))).toBe("82090001000003612f6201");
    expect(hex(subscribePacket(5, 1, [], ["a/b"]))).toBe("82090001000003612f6209");
    expect(hex(subscribePacket(4, 1, [], ["a/b"]))).toBe("8208000100" + "03612f6201");
    expect(hex(subscribePacket(4, 1, ["a/b"]))).toBe("8208000100" + "03612f6201");
    expect([pubackPacket(258), pingPacket(), byePacket()].map(hex)).toEqual(["40020102", "c000", "e000"]);
  });

  it("is read again as it was meant, whatever it publishes", () => {
    fc.assert(
      fc.property(fc.constantFrom(...versions), publication, (version, said) => {
        const bytes = publishPacket(version, said);
        const read = readMqttPacket(version, bytes, MOST);
        const id = said.qos === 1 ? said.id : 0;
        expect(read).toEqual({ packet: { kind: "publish", ...said, id }, length: bytes.length });
      }),
      { numRuns: 200 },
    );
  });
});

describe("what a broker says", () => {
  it("waits for the rest of a packet, wherever it was cut", () => {
    const whole = publishPacket(5, { topic: "t", payload: new Uint8Array(300), qos: 1, retain: false, id: 7 });
    for (let size = 0; size < whole.length; size++) {
      expect(readMqttPacket(5, whole.subarray(0, size), MOST)).toBe("more");
    }
  });

  it("heeds what a version 5 broker allows, among properties that don't matter", () => {
    // Receive maximum 20, maximum QoS 1, a reason "ok", a user property, packets of 1000 bytes, keep-alive 60.
    const properties = "21 0014 24 01 1f 0002 6f6b 26 0001 61 0001 62 27 000003e8 13 003c".replaceAll(" ", "");
    const size = properties.length / 2;
    const read = readMqttPacket(5, bytesOf(`20${byte(size + 3)}0000${byte(size)}${properties}`), MOST);
    const limits = { receiveMaximum: 20, maximumQos: 1, packetBytes: 1000, keepAliveS: 60 };
    expect(read).toMatchObject({ packet: { kind: "connack", code: 0, limits } });
  });

  it("understands a refusal in either version's form", () => {
    const refused = (bytes: string): string | undefined => {
      const read = readMqttPacket(5, bytesOf(bytes), MOST);
      return typeof read === "object" && read.packet.kind === "connack" ? refusalOf(read.packet.code)?.kind : undefined;
    };
    expect(refused("20020001")).toBe("version");
    expect(refused("2003008400")).toBe("version");
    expect(refused("2003008700")).toBe("login");
    expect(refused("2003008600")).toBe("login");
    expect(refused("20020004")).toBe("login");
    expect(refused("2003008900")).toBe("other");
    expect(refused("2003000000")).toBeUndefined();
  });

  it("takes shades of yes for yes", () => {
    expect([0, 0x10, 0x01].map(troubleOf)).toEqual([undefined, undefined, undefined]);
    expect(troubleOf(0x87)).toContain("access list");
  });

  it("is never believed to be longer than allowed, and ends nothing by nonsense", () => {
    expect(readMqttPacket(5, bytesOf("30ffffff7f"), MOST)).toBe("malformed");
    expect(readMqttPacket(5, bytesOf("30ffffffff"), MOST)).toBe("malformed");
    fc.assert(
      fc.property(fc.constantFrom(...versions), fc.uint8Array({ maxLength: 80 }), (version, bytes) => {
        const read = readMqttPacket(version, bytes, MOST);
        if (typeof read === "object") expect(read.length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2_000 },
    );
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

function byte(value: number): string {
  return value.toString(16).padStart(2, "0");
}
