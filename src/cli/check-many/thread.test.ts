import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Task } from "./part.ts";
import { startThread } from "./thread.ts";

const task: Task = {
  request: { paths: [], cwd: "/" },
  format: "text",
  setting: { columns: 80, isColoured: false },
  home: "/",
  version: "0.0.0",
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "holdfast-thread-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function program(text: string): string {
  const path = join(folder, `${text.length}.mjs`);
  writeFileSync(path, `import { parentPort } from "node:worker_threads";\n${text}`);
  return path;
}

describe("a thread that checks", () => {
  it("is reported when it throws", async () => {
    const thread = startThread(program('parentPort.on("message", () => { throw new Error("no more"); });'), task);
    await expect(thread.look(0, ["a"])).rejects.toThrow("no more");
    await expect(thread.print(0)).rejects.toThrow("no more");
  });

  it("is reported when it ends without an answer", async () => {
    const thread = startThread(program('parentPort.on("message", () => process.exit(3));'), task);
    await expect(thread.look(0, ["a"])).rejects.toThrow("ended with status 3");
  });

  it("is reported when it isn't there", async () => {
    const thread = startThread(join(folder, "nothing.mjs"), task);
    await expect(thread.look(0, ["a"])).rejects.toThrow("nothing.mjs");
  });

  it("lets go of who waits when it is ended", async () => {
    const thread = startThread(program('parentPort.on("message", () => {});'), task);
    const asked = expect(thread.look(0, ["a"])).rejects.toThrow("ended");
    await thread.end();
    await asked;
  });
});
