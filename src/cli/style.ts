import { ansiStyle, plainStyle, type TextStyle } from "../diagnostic/text-style.ts";
import type { Cli, Output } from "./command.ts";

/** How text for an output is set. Colours on terminals, unless NO_COLOR or TERM=dumb; FORCE_COLOR where it isn't one. */
export function styleFor(cli: Cli, output: Output): TextStyle {
  const { env } = cli;
  // Lines longer than this are hard to read on any screen.
  const columns = Math.min(output.columns, 120);
  if (isSet(env["NO_COLOR"]) || env["TERM"] === "dumb") return plainStyle(columns);
  return output.isTerminal || (isSet(env["FORCE_COLOR"]) && env["FORCE_COLOR"] !== "0")
    ? ansiStyle(columns)
    : plainStyle(columns);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** Prints a value as the one JSON document of a command. */
export function printDocument(cli: Cli, document: unknown): void {
  cli.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
}
