import { expect, test } from "vitest";
import type { Cli } from "../command.ts";
import { narrator } from "./narrate.ts";

const none = { backend: "netlink", files: [] } as const;

test("of a longer line that only passes nothing is left behind the one that follows", () => {
  let shown = "";
  const stream = { isTerminal: true, columns: 80, write: (text: string) => (shown += text) };
  const cli = { stdout: stream, stderr: stream, env: {} } as unknown as Cli;
  const { passing, line } = narrator(cli, { manner: "text", seconds: 120, change: none });
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
  narrator(cli, { manner: "lines", seconds: 120, change: none }).progress({
    what: "step",
    step: { argv, why: "" } as never,
  });
  expect(shown).toMatch(/^[\x20-\x7e]+\n$/);
  expect(JSON.parse(shown)).toEqual({ what: "step", argv });
});

test.each([
  { who: "a change of files", backend: "ifupdown", said: "  the new files are in place\n" },
  { who: "a change of the running network alone", backend: "netlink", said: "" },
  { who: "a guarded command, which is yet to write them,", backend: "guard", said: "" },
] as const)("$who tells of new files where there are some", ({ backend, said }) => {
  let shown = "";
  const stream = { isTerminal: false, columns: 80, write: (text: string) => (shown += text) };
  const cli = { stdout: stream, stderr: stream, env: {} } as unknown as Cli;
  const files = backend === "netlink" ? [] : ([{ path: "/etc/network/interfaces" }] as never);
  narrator(cli, { manner: "text", seconds: 120, change: { backend, files } }).progress({
    what: "reached",
    state: "swapped",
    id: "000001-abcdef",
  });
  expect(shown).toBe(said);
});
