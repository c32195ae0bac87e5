import { createInterface } from "node:readline";

/** A place passwords come from: a terminal, or a pipe. */
export type PasswordSource = Pick<NodeJS.ReadStream, "isTTY" | "setRawMode" | "on" | "off" | "pause" | "resume"> &
  NodeJS.ReadableStream;

const [interrupt, endOfText, backspace, erase, killLine, enter, newline] = [3, 4, 8, 127, 21, 13, 10];
const mostBytes = 1_024;

/** Asks without showing what is typed; from a pipe takes a line. undefined: nobody answers (Ctrl-C, Ctrl-D, an end). */
export async function askPassword(
  source: PasswordSource,
  say: (text: string) => void,
  prompt: string,
): Promise<string | undefined> {
  if (source.isTTY !== true) return firstLine(source);
  // First the one, then the other: who types at once must not be shown.
  source.setRawMode(true);
  say(prompt);
  source.resume();
  try {
    return await typed(source);
  } finally {
    source.setRawMode(false);
    source.pause();
    say("\n");
  }
}

/** By bytes: a letter of several comes in pieces, and is only read when all is there. */
function typed(source: PasswordSource): Promise<string | undefined> {
  return new Promise((resolve) => {
    let bytes: number[] = [];
    const done = (answer: string | undefined): void => {
      source.off("data", onData);
      resolve(answer);
    };
    const onData = (piece: Buffer): void => {
      for (const byte of piece) {
        if (byte === interrupt || byte === endOfText || byte === enter || byte === newline) {
          done(byte === enter || byte === newline ? Buffer.from(bytes).toString("utf8") : undefined);
          return;
        }
        if (byte === backspace || byte === erase) bytes = withoutLast(bytes);
        else if (byte === killLine) bytes = [];
        else if (byte >= 32 && bytes.length < mostBytes) bytes.push(byte);
      }
    };
    source.on("data", onData);
  });
}

/** Less the last letter, however many bytes it has. */
function withoutLast(bytes: readonly number[]): number[] {
  return [...Buffer.from([...Buffer.from(bytes).toString("utf8")].slice(0, -1).join(""))];
}

async function firstLine(source: PasswordSource): Promise<string | undefined> {
  for await (const line of createInterface({ input: source })) return line;
  return undefined;
}
