import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { HostState } from "../../model/host-state.ts";
import { noExpectation } from "../../transact/probes/expectation.ts";
import { besideAgent, withAgentsPrimary } from "./agents-primary.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-agent-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const state = { bonds: [{ name: "bond0", options: { miimon: 100 } }] } as unknown as HostState;
const expectation = {
  ...noExpectation,
  bonds: [{ name: "bond0", ports: ["em1", "em2"], options: { miimon: 100, primary: "em1" } }],
};

test("a primary that a running agent has taken away is neither planned nor missed", async () => {
  const socket = join(folder, "agent.sock");
  expect(await withAgentsPrimary(state, socket)).toBe(state);
  expect(await besideAgent(expectation, socket)).toBe(expectation);
  const agent = createServer((_, answer) => answer.end(JSON.stringify({ bond: { name: "bond0", primary: "em1" } })));
  await new Promise<void>((resolve) => agent.listen(socket, resolve));
  try {
    const { bonds } = await withAgentsPrimary(state, socket);
    expect(bonds[0]?.options).toEqual({ miimon: 100, primary: "em1" });
    expect((await besideAgent(expectation, socket)).bonds[0]?.options).toEqual({ miimon: 100 });
  } finally {
    await new Promise((resolve) => agent.close(resolve));
  }
});
