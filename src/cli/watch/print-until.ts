import type { Cli } from "../command.ts";
import { repeat } from "./repeat.ts";

/** Prints a text again and again until the signal, one below the other. */
export function printUntil(cli: Cli, everyMs: number, make: () => Promise<string>): Promise<void> {
  return repeat(cli.signal, everyMs, async () => cli.stdout.write(`${await make()}\n`));
}
