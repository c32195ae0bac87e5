import { spawn } from "node:child_process";

/** How a command ended: its exit status (127 where there is no such command), its output and what it said beside. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a command runs. `output`: a descriptor that takes its standard output instead. */
export interface CommandSettings {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  readonly output?: number;
}

/** Runs a command without a shell, in the C locale, and gathers what it prints. Never rejects. */
export function runCommand(command: readonly string[], settings: CommandSettings = {}): Promise<CommandResult> {
  const [program = "", ...rest] = command;
  const { output, env, ...others } = settings;
  return new Promise((resolve) => {
    const said = { stdout: "", stderr: "" };
    const child = spawn(program, rest, {
      stdio: ["ignore", output ?? "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C", ...env },
      ...others,
    });
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said.stdout += text;
    });
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said.stderr += text;
    });
    child.on("error", (error) => resolve({ status: 127, stdout: "", stderr: error.message }));
    child.on("close", (status) => resolve({ status: status ?? 1, ...said }));
  });
}
