import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { createInterface } from "node:readline";
import { failed, ok, type Result } from "../model/result.ts";

/** Why an agent gave no answer. absent: none listens there. */
export interface AgentProblem {
  readonly code: "absent" | "denied" | "failed";
  readonly message: string;
  readonly hint: string;
}

/** An agent answers at once or is in trouble itself: longer than this nobody waits, ms. */
const patienceMs = 3000;

/** GET from the agent's socket: the JSON document. Given up when the signal comes, or after three seconds. */
export async function askAgent<T>(socket: string, path: string, signal: AbortSignal): Promise<Result<T, AgentProblem>> {
  try {
    const answer = await get(socket, path, AbortSignal.any([AbortSignal.timeout(patienceMs), signal]));
    let text = "";
    for await (const piece of answer.setEncoding("utf8")) text += piece;
    if (answer.statusCode !== 200) return failed(unexpected(`it answers ${answer.statusCode}`));
    // Both sides are ours, of one version: the shape is that of src/api/types.ts.
    return ok(JSON.parse(text) as T);
  } catch (problem) {
    return failed(problemOf(socket, problem));
  }
}

/** GET of an answer that doesn't end: each line, a JSON document, goes to `take` until the signal or the agent ends it. */
export async function followAgent<T>(
  socket: string,
  path: string,
  signal: AbortSignal,
  take: (document: T) => void,
): Promise<Result<void, AgentProblem>> {
  try {
    const answer = await get(socket, path, signal);
    if (answer.statusCode !== 200) return failed(unexpected(`it answers ${answer.statusCode}`));
    // An empty line keeps the connection alive.
    for await (const line of createInterface({ input: answer })) if (line !== "") take(JSON.parse(line) as T);
    return signal.aborted ? ok(undefined) : failed(unexpected("it ended"));
  } catch (problem) {
    return signal.aborted ? ok(undefined) : failed(problemOf(socket, problem));
  }
}

/** POST of an order to the agent's socket; refused: the agent says why it can't be one. */
export async function orderAgent(
  socket: string,
  path: string,
  signal: AbortSignal,
): Promise<Result<void, AgentProblem | { readonly code: "refused"; readonly message: string; readonly hint: string }>> {
  try {
    const answer = await get(socket, path, AbortSignal.any([AbortSignal.timeout(patienceMs), signal]), "POST");
    let text = "";
    for await (const piece of answer.setEncoding("utf8")) text += piece;
    if (answer.statusCode === 200) return ok(undefined);
    if (answer.statusCode !== 422) return failed(unexpected(`it answers ${answer.statusCode}`));
    const { message } = JSON.parse(text) as { readonly message: string };
    return failed({ code: "refused", message, hint: "Look at the status, and choose one of the ports named there." });
  } catch (problem) {
    return failed(problemOf(socket, problem));
  }
}

function get(socket: string, path: string, signal: AbortSignal, method = "GET"): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request({ socketPath: socket, path, method, signal, agent: false }, resolve);
    asked.on("error", reject);
    asked.end();
  });
}

function unexpected(why: string): AgentProblem {
  return {
    code: "failed",
    message: `the agent can't be asked: ${why}`,
    hint: "Look at its log: journalctl -u holdfast-agent.",
  };
}

function problemOf(socket: string, problem: unknown): AgentProblem {
  const code = problem instanceof Error && "code" in problem ? String(problem.code) : "";
  if (code === "ENOENT" || code === "ECONNREFUSED" || code === "ENOTDIR") {
    return {
      code: "absent",
      message: `no agent listens on ${socket}`,
      hint: "Start it: systemctl start holdfast-agent.",
    };
  }
  if (code === "EACCES" || code === "EPERM") {
    const hint = "Run the command as root or as a member of the group holdfast.";
    return { code: "denied", message: `this user may not ask the agent on ${socket}`, hint };
  }
  return unexpected(problem instanceof Error ? problem.message : String(problem));
}
