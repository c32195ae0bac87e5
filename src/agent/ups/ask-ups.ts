import { connect, type Socket } from "node:net";
import type { NutAddress } from "../../model/config.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { askVariables, readNutLine, type UpsReading, upsReading } from "../../wire/nut.ts";

/** One connection to upsd, kept from question to question. */
export interface UpsClient {
  /** Asks how the UPS is. Never rejects; the error is an errno, a word of upsd's ("DATA-STALE"), or "ETIMEDOUT", "EPROTO". One question
   *  at a time: another one meanwhile gets the same answer. */
  ask(): Promise<Result<UpsReading, string>>;
  close(): void;
}

/** More than any UPS has to say. */
const MOST_CHARACTERS = 64 * 1024;

interface Asking {
  readonly done: (answer: Result<UpsReading, string>) => void;
  readonly timer: NodeJS.Timeout;
}

/** A client that connects with its first question, and anew after whatever went wrong. It doesn't keep the process alive. */
export function upsClient(at: NutAddress, answerWithinMs = 3_000): UpsClient {
  let socket: Socket | undefined;
  let asking: Asking | undefined;
  let underway: Promise<Result<UpsReading, string>> | undefined;
  const settle = (answer: Result<UpsReading, string>): void => {
    const waiting = asking;
    asking = undefined;
    underway = undefined;
    clearTimeout(waiting?.timer);
    if (!answer.ok) drop();
    waiting?.done(answer);
  };
  const drop = (): void => {
    const old = socket;
    socket = undefined;
    old?.destroy();
  };
  const open = (): Socket => {
    const opened = connect({ host: at.host, port: at.port });
    opened.setEncoding("utf8").setNoDelay(true).unref();
    const isCurrent = (): boolean => socket === opened;
    listen(opened, (answer) => isCurrent() && settle(answer));
    opened.on("error", (problem: NodeJS.ErrnoException) => isCurrent() && settle(failed(problem.code ?? "EIO")));
    opened.on("close", () => {
      if (!isCurrent()) return;
      socket = undefined;
      settle(failed("ECONNRESET"));
    });
    return opened;
  };
  return {
    ask() {
      const question = askVariables(at.ups);
      if (question === undefined) return Promise.resolve(failed("EINVAL"));
      underway ??= new Promise((done) => {
        const timer = setTimeout(() => settle(failed("ETIMEDOUT")), answerWithinMs);
        timer.unref();
        asking = { done, timer };
        socket ??= open();
        socket.write(question);
      });
      return underway;
    },
    close() {
      settle(failed("ECANCELED"));
      drop();
    },
  };
}

/** Gathers lines until the list ends. */
function listen(socket: Socket, tell: (answer: Result<UpsReading, string>) => void): void {
  let text = "";
  let seen = 0;
  let variables = new Map<string, string>();
  socket.on("data", (piece: string) => {
    text += piece;
    seen += piece.length;
    if (seen > MOST_CHARACTERS) {
      text = "";
      tell(failed("EPROTO"));
      return;
    }
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const read = readNutLine(line.replace(/\r$/, ""));
      if (read.kind === "var") variables.set(read.name, read.value);
      if (read.kind !== "end" && read.kind !== "err") continue;
      const answer = read.kind === "err" ? failed(read.word) : ok(upsReading(variables));
      variables = new Map();
      seen = text.length;
      tell(answer);
    }
  });
}
