import fc from "fast-check";
import { expect, test } from "vitest";
import { visibleJson } from "./visible.ts";

test("a JSON text says the same, and nothing in it moves a terminal's cursor or turns its text round", () => {
  const hostile = fc.string({
    unit: fc.constantFrom("a", "ü", "網", "\u{202e}", "\u{9b}", "\u{7f}", "\u{e0001}", "\n", "\u{fe0f}"),
  });
  fc.assert(
    fc.property(fc.dictionary(hostile, hostile), (document) => {
      const text = visibleJson(JSON.stringify(document, undefined, 2));
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document)));
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    }),
  );
  expect(visibleJson('{"ssid":"Café 網"}')).toBe('{"ssid":"Café 網"}');
});
