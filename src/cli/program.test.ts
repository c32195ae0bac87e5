import { describe, expect, it } from "vitest";
import { command } from "./command.ts";
import { commands } from "./commands/registry.ts";
import { exitCodes } from "./exit-codes.ts";
import { runProgram } from "./program.ts";
import { memoryCli } from "./testing/memory-cli.ts";

const greet = command({
  name: "greet",
  about: "Say hello",
  operands: { count: "some", value: "NAME", about: "Who is greeted" },
  flags: {
    json: { kind: "switch", about: "As JSON" },
    "no-agent": { kind: "switch", about: "Without it" },
    "max-bonds": { kind: "count", value: "N", about: "How many" },
    format: { kind: "text", value: "FORMAT", about: "How", choices: ["text", "json"] },
    scenario: { kind: "list", value: "ID", about: "Which" },
  },
  examples: [{ line: "holdfast greet Ada", about: "Greets Ada" }],
  run: (cli, { operands, flags }) => {
    cli.stdout.write(JSON.stringify({ operands, flags }));
    return Promise.resolve(flags.json ? "findings" : "fine");
  },
});

async function run(...words: string[]) {
  const cli = memoryCli();
  const exit = await runProgram(cli, [greet], words);
  return { exit, ...cli.printed() };
}

describe("the command line", () => {
  it("hands a command its operands and flags, each of its kind", async () => {
    const { exit, stdout } = await run("greet", "--json", "--max-bonds", "1", "a", "b", "--scenario", "x", "y");
    expect(exit).toBe("findings");
    expect(JSON.parse(stdout)).toEqual({
      operands: ["a", "b"],
      flags: { json: true, "no-agent": false, "max-bonds": 1, scenario: ["x", "y"] },
    });
  });

  it("knows a switch that says no", async () => {
    expect(JSON.parse((await run("greet", "a", "--no-agent")).stdout)).toMatchObject({ flags: { "no-agent": true } });
  });

  it("takes everything after -- for operands", async () => {
    expect(JSON.parse((await run("greet", "--", "--json")).stdout)).toMatchObject({
      operands: ["--json"],
      flags: { json: false, scenario: [] },
    });
  });

  it.each([
    [["gret"], "unknown command 'gret'", "Did you mean greet?"],
    [["greet", "--jsn", "a"], "unknown option '--jsn'", "Did you mean --json?"],
    [["greet"], "missing required argument 'NAME'", "Put NAME before --scenario"],
    [
      ["greet", "a", "--max-bonds", "many"],
      "argument 'many' is invalid. It must be a whole number",
      "See holdfast greet --help.",
    ],
    [
      ["greet", "a", "--format", "xml"],
      "argument 'xml' is invalid. Allowed choices are text, json",
      "See holdfast greet",
    ],
  ])("says what is wrong with %j and how it is meant", async (words, message, hint) => {
    const { exit, stdout, stderr } = await run(...words);
    expect(exit).toBe("usage");
    expect(stdout).toBe("");
    expect(stderr).toContain(`holdfast: `);
    expect(stderr).toContain(message);
    expect(stderr).toContain(hint);
  });

  it("explains itself: commands, flags, examples and exit statuses", async () => {
    const all = await run();
    expect(all).toMatchObject({ exit: "fine", stderr: "" });
    expect(all.stdout).toContain("Say hello");
    for (const { status, about } of Object.values(exitCodes)) expect(all.stdout).toContain(`${status}  ${about}`);
    const one = await run("greet", "--help");
    expect(one.stdout).toContain("holdfast greet Ada");
    expect(one.stdout).toContain("--max-bonds <N>");
  });
});

describe("every command", () => {
  it.each(commands.map((row) => [row.name, row] as const))("%s says what it does in one line", (_name, row) => {
    expect(row.about).toMatch(/^[A-Z][^\n]{10,90}[^.\n]$/);
    expect(row.examples.every(({ line }) => line.startsWith(`holdfast ${row.name}`))).toBe(true);
    for (const flag of Object.values(row.flags)) {
      expect(flag.about).toMatch(/^[A-Z].*[^.]$/);
      if (flag.kind !== "switch") expect(flag.value).toMatch(/^[A-Z]+(=[A-Z]+)?$/);
    }
  });
});
