import { Worker } from "node:worker_threads";
import type { Known, Tally, Task } from "./part.ts";
import type { Question } from "./worker.ts";

/** A checker in a thread of its own. One question at a time; a thread that ended for whatever reason rejects it. */
export interface Thread {
  look(part: number, paths: readonly string[]): Promise<Tally>;
  learn(known: Known): void;
  print(part: number): Promise<string>;
  end(): Promise<unknown>;
}

/* What is read and judged is rubbish at once: a nursery of this size is enough for one part, and two of them fit beside each other. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 };

/** Starts a thread. `program`: the bundled worker. */
export function startThread(program: string, task: Task): Thread {
  const worker = new Worker(program, { workerData: task, resourceLimits });
  let waiting: { readonly resolve: (answer: unknown) => void; readonly reject: (problem: Error) => void } | undefined;
  let broken: Error | undefined;
  const fail = (problem: Error): void => {
    broken ??= problem;
    waiting?.reject(broken);
    waiting = undefined;
  };
  worker.on("message", (answer) => {
    const asked = waiting;
    waiting = undefined;
    asked?.resolve(answer);
  });
  worker.on("error", fail);
  worker.on("exit", (status) => fail(new Error(`a thread that checks ended with status ${status}`)));
  const ask = (question: Question): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (broken !== undefined) {
        reject(broken);
        return;
      }
      waiting = { resolve, reject };
      worker.postMessage(question);
    });
  return {
    look: (part, paths) => ask({ ask: "look", part, paths }) as Promise<Tally>,
    learn: (known) => worker.postMessage({ ask: "learn", known } satisfies Question),
    print: (part) => ask({ ask: "print", part }) as Promise<string>,
    end: () => worker.terminate(),
  };
}
