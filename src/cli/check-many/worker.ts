import { parentPort, workerData } from "node:worker_threads";
import { checkerFor, type Known, type Task } from "./part.ts";

/** What a thread is asked. Every question but "learn" is answered by its result, in the order they were asked. */
export type Question =
  | { readonly ask: "look"; readonly part: number; readonly paths: readonly string[] }
  | { readonly ask: "learn"; readonly known: Known }
  | { readonly ask: "print"; readonly part: number };

const port = parentPort;
if (port === null) throw new Error("this runs as a thread of check");
const checker = checkerFor(workerData as Task);
let last: Promise<void> = Promise.resolve();
port.on("message", (question: Question) => {
  // What goes wrong here ends the thread, and whoever asked is told: nothing is left out in silence.
  last = last.then(() => answer(question));
});

async function answer(question: Question): Promise<void> {
  const { look, learn, print } = await checker;
  if (question.ask === "look") port?.postMessage(await look(question.part, question.paths));
  else if (question.ask === "print") port?.postMessage(print(question.part));
  else learn(question.known);
}
