import type { Cli, Output } from "../command.ts";

/** A Cli whose outputs are kept: what was printed can be looked at. */
export interface MemoryCli extends Cli {
  printed(): { readonly stdout: string; readonly stderr: string };
}

/** No terminal, 100 columns, an empty environment; the working directory and the installation are the repository's root. */
export function memoryCli(changes: Partial<Cli> = {}): MemoryCli {
  const texts = { stdout: "", stderr: "" };
  const output = (name: keyof typeof texts): Output => ({
    isTerminal: false,
    columns: 100,
    write: (text) => {
      texts[name] += text;
    },
  });
  return {
    stdout: output("stdout"),
    stderr: output("stderr"),
    cwd: process.cwd(),
    env: {},
    version: "0.0.0",
    node: { version: "20.19.2", architecture: "x64" },
    home: process.cwd(),
    signal: new AbortController().signal,
    ...changes,
    printed: () => ({ ...texts }),
  };
}
