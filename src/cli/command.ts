import type { Exit } from "./exit-codes.ts";

/** A place to print to, with what a printer must know of it. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width in columns; 80 where it isn't a terminal. */
  readonly columns: number;
  /** Height in lines; absent where it isn't a terminal. */
  readonly rows?: number | undefined;
}

/** All that a command may know of the process it runs in. */
export interface Cli {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Absolute. Relative paths of the user start here. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Holdfast's own. */
  readonly version: string;
  /** What it runs on: "20.19.2", "x64". */
  readonly node: { readonly version: string; readonly architecture: string };
  /** The installation's own directory: docs/, assets/ and examples/ are below it. Absolute. */
  readonly home: string;
  /** Asks whoever sits at the terminal; absent where nobody does: standard input or output is none. */
  readonly prompter?: () => Prompter;
  /** The keys of the terminal, one by one; absent where nobody sits at one. `restore`: what gives the screen back, should the process die. */
  readonly keyboard?: (restore: string) => Keyboard;
  /** Aborted on Ctrl-C, on SIGTERM, and when nobody reads our output any more. */
  readonly signal: AbortSignal;
}

/** Lines that somebody types. */
export interface Prompter {
  /** The next line; undefined: there is none any more, or somebody pressed Ctrl-C. The prompt stands before it. */
  ask(prompt: string): Promise<string | undefined>;
  /** Lets go of the terminal: without it the process would wait for more. */
  end(): void;
}

/** Keys as they are pressed. Ctrl-C and Ctrl-Z are keys too, and no signals: whoever listens passes them on. */
export interface Keyboard {
  listen(on: {
    /** What the terminal sends: often one key, sometimes several or a sequence. */
    readonly input: (text: string) => void;
    /** The terminal has another size, or shows something else. */
    readonly redraw: () => void;
    /** There is no terminal any more. */
    readonly ended: () => void;
  }): void;
  /** As Ctrl-C is everywhere else. */
  interrupt(): void;
  /** As Ctrl-Z is everywhere else; called when it goes on. */
  suspend(resumed: () => void): void;
  /** Gives the terminal back. */
  end(): void;
}

/** One `--flag`. A switch is on or off, a text or a count takes a value, a list takes one or more. */
export interface FlagRow {
  readonly kind: "switch" | "text" | "count" | "list";
  readonly about: string;
  /** What the value is called in the help: "FILE". Needed unless it is a switch. */
  readonly value?: string;
  /** The only values allowed. */
  readonly choices?: readonly string[];
}

/** The words after the flags: none, exactly one, or one and more. */
export interface Operands {
  readonly count: "none" | "one" | "some" | "any";
  /** "PATH", "FILE", "CODE" */
  readonly value: string;
  readonly about: string;
}

export type FlagRows = Readonly<Record<string, FlagRow>>;

type FlagValue<Row extends FlagRow> = Row["kind"] extends "switch"
  ? boolean
  : Row["kind"] extends "count"
    ? number | undefined
    : Row["kind"] extends "list"
      ? readonly string[]
      : string | undefined;

export type FlagValues<Rows extends FlagRows> = { readonly [Name in keyof Rows]: FlagValue<Rows[Name]> };

/** What the user typed, read. */
export interface Input<Rows extends FlagRows> {
  readonly operands: readonly string[];
  readonly flags: FlagValues<Rows>;
}

/** One command: its words, and the one function it calls. What is printed goes through `cli`, never to the process. */
export interface CommandOf<Rows extends FlagRows> {
  readonly name: string;
  /** One line for the list of commands, without a full stop. */
  readonly about: string;
  readonly operands: Operands;
  readonly flags: Rows;
  /** It runs until a signal ends it, which is then no failure: its own exit counts. */
  readonly untilStopped?: true;
  /** It changes the host, and ends by itself in good order after a signal. A terminal that is gone (SIGHUP, EPIPE) is no signal to it. */
  readonly endsInOrder?: true;
  /** Complete command lines, each with what it does. */
  readonly examples: readonly { readonly line: string; readonly about: string }[];
  run(cli: Cli, input: Input<Rows>): Promise<Exit>;
}

/** A command whose flags are known only by name, as the registry keeps it. */
export interface Command extends Omit<CommandOf<FlagRows>, "run"> {
  run(cli: Cli, input: Input<FlagRows>): Promise<Exit>;
}

/** Makes a command; `run` gets its flags with their own types. */
export function command<const Rows extends FlagRows>(row: CommandOf<Rows>): Command {
  // The program fills in exactly the flags of the row, each with the kind it says: the widening is safe.
  return { ...row, run: (cli, input) => row.run(cli, input as Input<Rows>) };
}

/** Says on stderr what is wrong with what the user gave, and what to do instead: the exit for it. */
export function sayUsage(cli: Cli, message: string, hint: string): Exit {
  cli.stderr.write(`holdfast: ${message}\n  ${hint}\n`);
  return "usage";
}

/** `--json`, as every command that reads has it. */
export const jsonFlag = { kind: "switch", about: "Print one JSON document instead of text" } as const satisfies FlagRow;

/** `--socket`, for commands that ask the agent. */
export const socketFlag = {
  kind: "text",
  value: "PATH",
  about: "The agent's socket, if not /run/holdfast/agent.sock",
} as const satisfies FlagRow;

/** `--report`, for commands whose result is that of a rehearsal. */
export const reportFlag = {
  kind: "text",
  value: "DIR",
  about: "Write report.html, report.md, junit.xml and rehearsal.json there",
} as const satisfies FlagRow;

/** `--show-secrets`, for commands that print what they read. */
export const showSecretsFlag = {
  kind: "switch",
  about: "Print keys and passwords as they are, not as ********",
} as const satisfies FlagRow;
