import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { macText } from "./bytes.ts";
import { privateMac, probeMac } from "./probe-mac.ts";

const mac = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((bytes) => macText(bytes.map((byte, at) => (at === 0 ? byte & 0xfe : byte))));

const a = "00:11:22:33:44:0a";
const b = "00:11:22:33:44:0b";

describe("what a probe bears", () => {
  test("the bond's own address through the active port", () => {
    expect(probeMac({ isActive: true, failOverMac: 0, bondMac: a, portMac: a, permanentMac: b })).toBe(a);
  });

  test("the permanent address through a standby that wears the bond's", () => {
    expect(probeMac({ isActive: false, failOverMac: 0, bondMac: a, portMac: a, permanentMac: b })).toBe(b);
  });

  test("a private address through the standby whose address the bond borrowed", () => {
    expect(probeMac({ isActive: false, failOverMac: 0, bondMac: a, portMac: a, permanentMac: a })).toBe(
      "02:59:64:33:44:0a",
    );
  });

  test("the port's own where every port keeps its own", () => {
    expect(probeMac({ isActive: false, failOverMac: 1, bondMac: a, portMac: b, permanentMac: b })).toBe(b);
  });

  test("never the bond's through a standby, and always a station's address", () => {
    fc.assert(
      fc.property(mac, mac, mac, fc.constantFrom(0, 1, 2), (bondMac, portMac, permanentMac, failOverMac) => {
        const chosen = probeMac({ isActive: false, failOverMac, bondMac, portMac, permanentMac });
        expect(chosen).not.toBe(bondMac);
        expect(Number.parseInt(chosen.slice(0, 2), 16) & 1).toBe(0);
      }),
    );
  });

  test("a private address is locally administered", () => {
    fc.assert(
      fc.property(mac, (one) => {
        expect(Number.parseInt(privateMac(one).slice(0, 2), 16) & 3).toBe(2);
      }),
    );
  });
});
