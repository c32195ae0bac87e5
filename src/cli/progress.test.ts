import { expect, test } from "vitest";
import type { Output } from "./command.ts";
import { lateProgressOn } from "./progress.ts";

function listened(isTerminal: boolean): { readonly output: Output; readonly text: () => string } {
  const written: string[] = [];
  const output = { isTerminal, columns: 20, write: (text: string) => written.push(text) } as unknown as Output;
  return { output, text: () => written.join("") };
}

test("what takes longer than a second says how far it is, on one line that vanishes", () => {
  const { output, text } = listened(true);
  let now = 5000;
  const progress = lateProgressOn(output, () => now);
  progress.say("checked 1 of 300");
  expect(text()).toBe("");
  now += 1200;
  progress.say("checked 250 of 300");
  expect(text()).toBe("\r\u001b[2Kchecked 250 of 300");
  progress.end();
  expect(text().endsWith("\r\u001b[2K")).toBe(true);
});

test("into a pipe nothing is said, however long it takes", () => {
  const { output, text } = listened(false);
  let now = 0;
  const progress = lateProgressOn(output, () => now);
  now = 60_000;
  progress.say("checked 1 of 300");
  progress.end();
  expect(text()).toBe("");
});
