import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "../house/source.ts";

const program = join(root, "bin/holdfast");
const script = spawnSync("script", ["--version"]).status === 0;
const password = "four wörds are good";

let cwd = "";
let child: ChildProcess | undefined;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "holdfast-password-"));
  writeFileSync(join(cwd, "holdfast.yaml"), "bond: {primary: eth0, ports: [eth0, eth1]}\ndashboard: {}\n");
});
afterEach(() => {
  child?.kill("SIGKILL");
  rmSync(cwd, { recursive: true });
});

/** Types each answer as soon as its question is there. */
async function type(answers: string[]): Promise<{ readonly said: string; readonly status: number | null }> {
  const words = [process.execPath, program, "dashboard", "--password", "eva", "--config", "holdfast.yaml"];
  const line = `stty -a | grep -c -- ' echo '; ${words.join(" ")}; status=$?; stty -a | grep -c ' echo '; exit $status`;
  const terminal = spawn("script", ["-qfec", line, "/dev/null"], { cwd, stdio: ["pipe", "pipe", "inherit"] });
  child = terminal;
  let said = "";
  const questions = ["Password for eva: ", "The same again: "];
  terminal.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    const next = questions[0];
    if (next === undefined || !said.includes(next)) return;
    questions.shift();
    terminal.stdin.write(answers.shift() ?? "");
  });
  const status = await new Promise<number | null>((done) => terminal.on("close", done));
  return { said: said.replaceAll("\r", ""), status };
}

describe.skipIf(!script)("a password typed at a terminal", () => {
  const path = () => join(cwd, "dashboard.passwords");

  test("is asked for twice and never shown, and its digest is for its owner alone", async () => {
    const { said, status } = await type([`${password}x\u007f\n`, `${password}\n`]);
    expect(said).toBe(`1\nPassword for eva: \nThe same again: \neva may log in as viewer: ${path()}\n1\n`);
    expect(status).toBe(0);
    expect(readFileSync(path(), "utf8")).toMatch(/^eva:viewer:scrypt\$15\$8\$3\$[\w-]+\$[\w-]+$/m);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  test("that is another the second time, or is given up, changes nothing; the terminal shows again what is typed", async () => {
    for (const answers of [[`${password}\n`, `${password}!\n`], ["four wor\u0003"]]) {
      const { said, status } = await type(answers);
      expect(status).not.toBe(0);
      expect(said).toMatch(/1\n$/);
      expect(said).not.toContain("four w");
      expect(existsSync(path())).toBe(false);
    }
  });
});
