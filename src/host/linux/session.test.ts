import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../../../test/house/source.ts";
import { isSameSession, readCaller } from "./session.ts";

const over = (peer: string) => ({ SSH_CONNECTION: `${peer} 192.168.1.105 22` });

test("two calls over one connection are one session, over two they aren't", () => {
  const words = (env: Record<string, string>) =>
    readCaller(env)
      .session.split(" ")
      .filter((word) => word.startsWith("connection:"))
      .join(" ");
  const [first, again, other] = [
    words(over("10.0.0.2 50312")),
    words(over("10.0.0.2 50312")),
    words(over("10.0.0.2 50313")),
  ];
  expect(first).toContain("10.0.0.2-50312");
  expect(isSameSession(first, again)).toBe(true);
  expect(isSameSession(first, other)).toBe(false);
  // Who is nowhere shares nothing, not even with himself.
  expect(isSameSession("", "")).toBe(false);
});

test("who called is told by name and place, and what an environment says is not trusted with more", () => {
  expect(readCaller({ ...over("10.0.0.2 50312"), SUDO_USER: "alice", SUDO_UID: "1000" }).who).toBe(
    "alice (uid 1000) from 10.0.0.2",
  );
  expect(readCaller({ SUDO_USER: "alice\nroot" }).who).not.toContain("alice");
  expect(readCaller({ SSH_CONNECTION: "a;b 1 2" }).from ?? "").not.toContain(";");
});

test("a process on a console has a session too", () => {
  expect(readCaller({}).session).not.toBe("");
});

test("so has one in a container, where the leader of its session is not to be seen", async (context) => {
  const enter = ["--user", "--map-root-user", "--pid", "--fork", "--mount-proc"];
  if (spawnSync("unshare", [...enter, "true"]).status !== 0) return context.skip("no namespaces for us here");
  const contents = `import { readCaller } from "./session.ts"; process.stdout.write(readCaller({}).session);`;
  // Beside the sources: from there it finds the project's packages.
  const outfile = join(root, ".cache", `session-${process.pid}.mjs`);
  onTestFinished(() => rmSync(outfile, { force: true }));
  const stdin = { contents, resolveDir: import.meta.dirname };
  await build({ stdin, outfile, bundle: true, platform: "node", format: "esm", external: ["koffi"] });
  const ran = spawnSync("unshare", [...enter, process.execPath, outfile], { encoding: "utf8" });
  expect(ran.stdout).toMatch(/^(audit|terminal):/);
});
