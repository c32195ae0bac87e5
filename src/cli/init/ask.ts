import type { TextStyle } from "../../diagnostic/text-style.ts";
import { wrap } from "../../diagnostic/wrap.ts";
import type { Answers } from "../../init/answers.ts";
import type { Draft } from "../../init/draft.ts";
import { nextQuestion, type Question } from "../../init/questions.ts";
import type { Prompter } from "../command.ts";

/** What was taken for granted, and how to say otherwise. */
export interface Assumed {
  readonly text: string;
  readonly flag: string;
}

/** How a round of questions ended. */
export type Asked =
  | { readonly end: "known"; readonly draft: Draft; readonly assumed: readonly Assumed[]; readonly count: number }
  /** Nobody is there to answer, and there is nothing to take for granted. */
  | { readonly end: "open"; readonly question: Question }
  /** Somebody pressed Ctrl-C or Ctrl-D. */
  | { readonly end: "left" };

/** How questions are put: to somebody, or to nobody. */
export interface Asking {
  readonly prompter?: Prompter;
  readonly write: (text: string) => void;
  readonly style: TextStyle;
  /** The draft with these answers. */
  readonly redraft: (answers: Answers) => Draft;
}

/** Asks until all is known. Without anybody to ask, what may be taken for granted is. */
export async function askAll(draft: Draft, asking: Asking): Promise<Asked> {
  const assumed: Assumed[] = [];
  let known = draft;
  for (let number = 1; ; number += 1) {
    const question = nextQuestion(known);
    if (question === undefined) return { end: "known", draft: known, assumed, count: number - 1 };
    const answers = asking.prompter === undefined ? assume(question, assumed) : await put(question, number, asking);
    if (answers === "left") return { end: "left" };
    if (answers === undefined) return { end: "open", question };
    known = asking.redraft(answers);
  }
}

function assume(question: Question, assumed: Assumed[]): Answers | undefined {
  const taken = question.fallback === undefined ? undefined : question.accept(question.fallback);
  if (taken?.ok !== true) return undefined;
  assumed.push({ text: question.assumed ?? question.text, flag: question.flag });
  return taken.value;
}

async function put(question: Question, number: number, asking: Asking): Promise<Answers | "left"> {
  const { prompter, write } = asking;
  write(`\n${sayQuestion(question, number, asking.style)}`);
  for (;;) {
    const line = await prompter?.ask(sayPrompt(question));
    if (line === undefined) return "left";
    const text = line.trim() === "" ? (question.fallback ?? "") : line;
    const read = question.accept(text);
    if (read.ok) return read.value;
    write(`   ${asking.style.paint("error", `${read.error}.`)}\n`);
  }
}

/** A question with its reason and what there is to choose from. */
export function sayQuestion(
  { text, why, choices = [] }: Question,
  number: number,
  { columns, paint }: TextStyle,
): string {
  const width = Math.min(columns, 100) - 4;
  const head = `${number}. `;
  const [first = "", ...more] = wrap(text, width);
  return [
    paint("strong", `${head}${first}`),
    ...more.map((line) => paint("strong", `   ${line}`)),
    ...wrap(why, width).map((line) => paint("faint", `   ${line}`)),
    ...choices.flatMap(({ label }, at) => {
      const [one = "", ...rest] = wrap(label, width - 6);
      return [`   ${String(at + 1).padStart(2)}  ${one}`, ...rest.map((line) => `       ${line}`)];
    }),
    "",
  ].join("\n");
}

function sayPrompt({ choices, fallback }: Question): string {
  const at = choices?.findIndex(({ value }) => value === fallback) ?? -1;
  const shown = at === -1 ? fallback : String(at + 1);
  return shown === undefined ? "   > " : `   [${shown}] > `;
}
