import { Command as Commander, CommanderError, InvalidArgumentError, Option } from "commander";
import { type Cli, type Command, type FlagRow, type FlagRows, type Input, type Operands, sayUsage } from "./command.ts";
import { type Exit, exitCodes } from "./exit-codes.ts";

/** Reads a command line, runs its command, and says what is wrong with it where it cannot: the exit status. */
export async function runProgram(cli: Cli, commands: readonly Command[], words: readonly string[]): Promise<Exit> {
  let exit: Exit = "fine";
  const program = newProgram(cli);
  for (const row of commands) {
    const sub = describe(program.command(row.name), cli, row);
    sub.action(async () => {
      exit = await row.run(cli, inputOf(row, sub));
    });
  }
  try {
    await program.parseAsync(words.length === 0 ? ["--help"] : [...words], { from: "user" });
    return exit;
  } catch (problem) {
    if (problem instanceof CommanderError)
      return afterCommander(
        cli,
        problem,
        commands.find(({ name }) => name === words[0]),
      );
    throw problem;
  }
}

function newProgram(cli: Cli): Commander {
  const program = new Commander("holdfast");
  program
    .description("Keeps a Linux host reachable over two or more unlike links, and proves it with measured outages.")
    .usage("COMMAND [--json] …")
    .version(`holdfast ${cli.version}`, "-V, --version", "Print the version")
    .helpOption("-h, --help", "Explain a command")
    .helpCommand(false)
    .addHelpText("after", () => `\nExit status:\n${exitTable()}`)
    .showSuggestionAfterError(true);
  return quietly(program, cli);
}

/** Commander prints and leaves by itself; here it throws, and `afterCommander` prints. */
function quietly(program: Commander, cli: Cli): Commander {
  return program.exitOverride().configureOutput({
    writeOut: (text) => cli.stdout.write(text),
    writeErr: () => {},
    outputError: () => {},
    getOutHelpWidth: () => Math.min(cli.stdout.columns, 110),
    getErrHelpWidth: () => Math.min(cli.stderr.columns, 110),
  });
}

function describe(sub: Commander, cli: Cli, row: Command): Commander {
  quietly(sub, cli).description(`${row.about}.`).helpOption("-h, --help", "Explain this command");
  if (row.operands.count !== "none") sub.argument(operandSyntax(row.operands), row.operands.about);
  for (const [name, flag] of Object.entries(row.flags)) sub.addOption(optionOf(name, flag));
  const examples = row.examples.map(({ line, about }) => `  ${line}\n      ${about}`);
  if (examples.length > 0) sub.addHelpText("after", `\nExamples:\n${examples.join("\n")}`);
  return sub.allowExcessArguments(false);
}

function operandSyntax({ count, value }: Operands): string {
  if (count === "one") return `<${value}>`;
  return count === "some" ? `<${value}...>` : `[${value}...]`;
}

function optionOf(name: string, flag: FlagRow): Option {
  const value = flag.value ?? "VALUE";
  if (flag.kind === "switch") return new Option(`--${name}`, flag.about);
  if (flag.kind === "list") return new Option(`--${name} <${value}...>`, flag.about);
  const option = new Option(`--${name} <${value}>`, flag.about);
  if (flag.kind === "count") return option.argParser(parseCount);
  return flag.choices === undefined ? option : option.choices(flag.choices);
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, 0 or more.");
  return Number(text);
}

function inputOf(row: Command, sub: Commander): Input<FlagRows> {
  const values: Readonly<Record<string, unknown>> = sub.opts();
  const entries = Object.entries(row.flags).map(([name, flag]) => {
    const option = optionOf(name, flag);
    const value = values[option.attributeName()];
    // Commander makes `agent: false` of --no-agent; here a switch is on when it was typed.
    if (flag.kind === "switch") return [name, value === !option.negate];
    return [name, flag.kind === "list" ? (value ?? []) : value];
  });
  return { operands: sub.args, flags: Object.fromEntries(entries) };
}

function afterCommander(cli: Cli, problem: CommanderError, row: Command | undefined): Exit {
  if (problem.exitCode === 0) return "fine";
  const [first = "", ...rest] = problem.message.replace(/^error: /, "").split("\n");
  const suggestion = rest.join(" ").replace(/^\((.*)\)$/, "$1");
  return sayUsage(cli, first.replace(/\.$/, ""), suggestion === "" ? hintFor(problem, row) : suggestion);
}

function hintFor(problem: CommanderError, row: Command | undefined): string {
  if (row === undefined) return "See holdfast --help.";
  const greedy = Object.entries(row.flags).find(([, flag]) => flag.kind === "list")?.[0];
  const isSwallowed = problem.code === "commander.missingArgument" && greedy !== undefined;
  if (isSwallowed) return `Put ${row.operands.value} before --${greedy}, which takes every word after it.`;
  return `See holdfast ${row.name} --help.`;
}

function exitTable(): string {
  return Object.values(exitCodes)
    .map(({ status, about }) => `  ${String(status).padStart(2)}  ${about}`)
    .join("\n");
}
