import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonLines } from "./json-lines.ts";

function read(chunks: readonly string[]) {
  const messages: unknown[] = [];
  const others: string[] = [];
  const take = jsonLines(
    (message) => messages.push(message),
    (line) => others.push(line),
  );
  for (const chunk of chunks) take(chunk);
  return { messages, others };
}

describe("jsonLines", () => {
  it("finds the same messages however the text was cut", () => {
    const messages = fc.array(fc.jsonValue(), { maxLength: 8 });
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 40 }), (sent, size) => {
        // What goes through a terminal line comes out with a carriage return before each line's end.
        const text = sent.map((message) => `${JSON.stringify(message)}\r\n`).join("");
        const chunks = text.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];
        expect(read(chunks)).toEqual({ messages: JSON.parse(JSON.stringify(sent)), others: [] });
      }),
    );
  });

  it("passes on what is no JSON, and waits for the rest of a line", () => {
    expect(read(['{"a":1}\nKernel pan', 'ic\n\n{"b"'])).toEqual({ messages: [{ a: 1 }], others: ["Kernel panic"] });
  });
});
