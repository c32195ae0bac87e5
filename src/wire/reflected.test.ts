import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeNumbered, encodeNumbered, numberedBytes } from "./reflected.ts";

test("a numbered packet comes out as it went in, and both directions are of one size", () => {
  const packets = fc.record({
    nonce: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    sequence: fc.nat({ max: 2 ** 32 - 1 }),
    sentAtMs: fc.double({ noNaN: true, noDefaultInfinity: true }),
  });
  fc.assert(
    fc.property(packets, (packet) => {
      const bytes = encodeNumbered(packet);
      expect(bytes).toHaveLength(numberedBytes);
      expect(decodeNumbered(bytes)).toEqual(packet);
    }),
  );
});

test("whatever else arrives is none of ours, and nothing throws", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(decodeNumbered(bytes)).toBeUndefined();
    }),
  );
});
