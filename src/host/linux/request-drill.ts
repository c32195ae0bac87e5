import { connect } from "node:net";
import { failed, ok, type Result } from "../../model/result.ts";

/** Where systemd listens for who wants a drill: to connect is to ask, and there is nothing that could be said (deploy/holdfast-drill-request.socket). */
export const drillSocket = "/run/holdfast-drill/request.sock";

/** What refuses does so before it cuts anything: a look at every port takes seconds. */
export const refusalMs = 6_000;
const mostBytes = 2_000;

/** Of a drill that was over at once and said nothing. */
export const endedAtOnce = "it ended at once: another one may be under way";

/** Asks for a drill, and waits for a moment whether it refuses: the error is what it says then. Its connection lasts as long as it does. */
export function requestDrill(socket: string): Promise<Result<void, string>> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    let said = "";
    const begun = setTimeout(() => {
      resolve(ok(undefined));
      connection.destroy();
    }, refusalMs);
    connection.setEncoding("utf8").on("data", (piece: string) => {
      if (said.length < mostBytes) said += piece;
    });
    const ended = (problem: string): void => {
      clearTimeout(begun);
      resolve(failed(problem));
    };
    connection.on("error", (problem: NodeJS.ErrnoException) => ended(problem.code ?? "failed"));
    connection.on("end", () => ended(inALine(said) || endedAtOnce));
  });
}

function inALine(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim()
    .slice(0, 300);
}
