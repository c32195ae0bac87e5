import { ansiStyle, plainStyle, type TextStyle } from "../diagnostic/text-style.ts";
import { visibleJson } from "../diagnostic/visible.ts";
import type { Cli, Output } from "./command.ts";

/** How text for an output is set. Colours on terminals, unless NO_COLOR or TERM=dumb; FORCE_COLOR where it isn't one. */
export function styleFor(cli: Cli, output: Output): TextStyle {
  return styleOf(setting(cli, output));
}

/** How text is set, as plain data: another thread can be told. */
export interface TextSetting {
  readonly columns: number;
  readonly isColoured: boolean;
}

/** What `styleFor` sets text by. */
export function setting({ env }: Pick<Cli, "env">, output: Output): TextSetting {
  // Lines longer than this are hard to read on any screen.
  const columns = Math.min(output.columns, 120);
  if (isSet(env["NO_COLOR"]) || env["TERM"] === "dumb") return { columns, isColoured: false };
  return { columns, isColoured: output.isTerminal || (isSet(env["FORCE_COLOR"]) && env["FORCE_COLOR"] !== "0") };
}

/** The style of a setting. */
export function styleOf({ columns, isColoured }: TextSetting): TextStyle {
  return isColoured ? ansiStyle(columns) : plainStyle(columns);
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** A value as the one JSON document of a command. */
export function documentText(document: unknown): string {
  return `${visibleJson(JSON.stringify(document, undefined, 2))}\n`;
}

/** A value as a JSON document on one line, for programs that follow, without its line break. */
export function documentLine(document: unknown): string {
  return visibleJson(JSON.stringify(document));
}

/** Prints a value as the one JSON document of a command. */
export function printDocument(cli: Cli, document: unknown): void {
  cli.stdout.write(documentText(document));
}
