import { expect, test } from "vitest";
import type { Cli } from "../command.ts";
import { narrator } from "./narrate.ts";

test("of a longer line that only passes nothing is left behind the one that follows", () => {
  let shown = "";
  const stream = { isTerminal: true, columns: 80, write: (text: string) => (shown += text) };
  const cli = { stdout: stream, stderr: stream, env: {} } as unknown as Cli;
  const { passing, line } = narrator(cli, "text", 120);
  passing("a port that is asked at length");
  line("short");
  line("next");
  expect(shown.endsWith("\r\u001b[Kshort\nnext\n")).toBe(true);
});

test("documents for programs move no cursor either, and say the same", () => {
  let shown = "";
  const stream = { isTerminal: true, columns: 80, write: (text: string) => (shown += text) };
  const cli = { stdout: stream, stderr: stream, env: {} } as unknown as Cli;
  const argv = ["ip", "link", "set", "\u009b2Jeth0\u202e"];
  narrator(cli, "lines", 120).progress({ what: "step", step: { argv, why: "" } as never });
  expect(shown).toMatch(/^[\x20-\x7e]+\n$/);
  expect(JSON.parse(shown)).toEqual({ what: "step", argv });
});
