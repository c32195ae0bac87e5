import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { rememberedPaths } from "./remembered-paths.ts";

const count = 60;
const told = {
  stepMs: 1_000,
  from: 1_700_000_000_500,
  paths: ["eth0", "wlan0"].map((port, index) => {
    const each = Array.from({ length: count }, (_, n) => n + 100 * index);
    return { port, target: "192.0.2.1", rttMs: each, worstMs: each, sent: each, lost: each.map(() => 0) };
  }),
};

/** An agent that remembers this, and how often it was asked. `refusals`: how many of the first it refuses. */
async function agentOf(refusals: number): Promise<{ readonly socket: string; readonly asked: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-paths-"));
  const socket = join(folder, "agent.sock");
  const asked: string[] = [];
  const server = createServer(({ url = "" }, answer) => {
    asked.push(url);
    answer.writeHead(asked.length <= refusals ? 503 : 200).end(JSON.stringify(told));
  });
  await new Promise<void>((resolve) => void server.listen(socket, resolve));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return { socket, asked };
}

test("the agent is asked once for all that look on, and each gets the span and the port he wants", async () => {
  const { socket, asked } = await agentOf(0);
  const paths = rememberedPaths(socket, new AbortController().signal);
  const all = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      paths({ step: "second", port: "wlan0", from: told.from + n * 1_000, to: told.from + n * 1_000 + 4_999 }),
    ),
  );
  expect(asked).toEqual(["/paths?step=second"]);
  for (const [n, answer] of all.entries()) {
    if (!answer.ok) throw new Error(answer.error.message);
    expect(answer.value.from).toBe(told.from + n * 1_000);
    expect(answer.value.paths.map(({ port, sent }) => [port, sent])).toEqual([
      ["wlan0", told.paths[1]?.sent.slice(n, n + 5)],
    ]);
  }
  const before = await paths({ step: "second", from: 0, to: 1 });
  expect(before.ok && before.value.paths.map(({ sent }) => sent)).toEqual([[], []]);
  expect(before.ok && before.value.from).toBe(told.from);
});

test("an answer that failed isn't kept", async () => {
  const { socket } = await agentOf(1);
  const paths = rememberedPaths(socket, new AbortController().signal);
  expect((await paths({ step: "minute" })).ok).toBe(false);
  expect((await paths({ step: "minute" })).ok).toBe(true);
});
