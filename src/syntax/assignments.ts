import type { Span } from "../diagnostic/diagnostic.ts";
import { partOfWord, readCommands, type ShellCommand, type ShellWord } from "./shell-words.ts";

/** One NAME=value that holds when the file has been read. */
export interface Assignment {
  readonly name: string;
  /** Without its quotes and escapes; expansions stand as they are written. */
  readonly value: string;
  readonly at: Span;
  readonly nameAt: Span;
  readonly valueAt: Span;
  /** Something in the value would be replaced by a shell: what it is cannot be known here. */
  readonly expands: boolean;
  readonly word: ShellWord;
}

/** What in the file is no assignment. "command": a command of its own, also `NAME = value`. "passing": an assignment before a
 *  command, or in the background; it is gone when the command ends. "unclosed": a quote that is never closed. */
export interface Stray {
  readonly what: "command" | "passing" | "unclosed";
  readonly at: Span;
  /** The name of an assignment that does not hold. */
  readonly name?: string;
}

export interface AssignmentFile {
  readonly assignments: readonly Assignment[];
  readonly strays: readonly Stray[];
}

/** Reads a file of shell assignments as a shell that sources it would, without running anything. Never throws; linear time. */
export function readAssignments(file: string, text: string): AssignmentFile {
  const assignments: Assignment[] = [];
  const strays: Stray[] = [];
  for (const command of readCommands(file, text.replace(/^\uFEFF/, " "))) takeCommand(command, assignments, strays);
  return { assignments, strays };
}

const declaring: ReadonlySet<string> = new Set(["export", "readonly", "declare", "typeset", "local"]);

function takeCommand(command: ShellCommand, assignments: Assignment[], strays: Stray[]): void {
  const [first, ...rest] = command.words;
  const isDeclared = first !== undefined && !first.quoted && declaring.has(first.text);
  const words = isDeclared ? rest.filter(({ text }) => !/^-[A-Za-z]+$/.test(text)) : command.words;
  const all = words.map(assignmentOf);
  for (const word of words) if (word.unclosed) strays.push({ what: "unclosed", at: word.at });
  const holds = command.redirects.length === 0 && ![command.before, command.after].some(isApart);
  const isPlain = all.every((one, index) => one !== undefined || (isDeclared && isName(words[index])));
  if (isPlain && holds) {
    for (const one of all) if (one !== undefined) assignments.push(one);
    return;
  }
  const name = all[0]?.name;
  strays.push(name === undefined ? { what: "command", at: command.at } : { what: "passing", at: command.at, name });
}

/** Operators that put a command into a process of its own. */
function isApart(operator: string): boolean {
  return operator === "|" || operator === "&" || operator === "(" || operator === ")";
}

function isName(word: ShellWord | undefined): boolean {
  return word !== undefined && /^[A-Za-z_]\w*$/.test(word.text);
}

function assignmentOf(word: ShellWord): Assignment | undefined {
  const found = /^([A-Za-z_]\w*)=/.exec(word.text);
  const name = found?.[1];
  // A name with a quote in it is a command's.
  if (name === undefined || (word.quoted && word.pieces[0] !== undefined && !startsPlain(word, name))) return undefined;
  const { file, start, end } = word.at;
  return {
    name,
    value: word.text.slice(name.length + 1),
    at: word.at,
    nameAt: { file, start, end: start + name.length },
    valueAt: { file, start: start + name.length + 1, end },
    expands: word.expands,
    word,
  };
}

/** Whether the name and its "=" stand in the file as they are. */
function startsPlain(word: ShellWord, name: string): boolean {
  const [first, second] = word.pieces;
  return first?.at === word.at.start && (second === undefined || second.from > name.length);
}

/** The place of a part of an assignment's value: offsets in the value, end exclusive. */
export function partOfAssigned({ name, word }: Assignment, start: number, end: number): Span {
  return partOfWord(word, name.length + 1 + start, name.length + 1 + end);
}

/** A value as one word that every shell, and every program that reads such files without one, takes back as it was: bare, in double
 *  quotes with backslashes. undefined: there is none, for a line feed or another control character in it. */
export function quoteValue(value: string): string | undefined {
  if (/^[\w.,:/+@%=-]+$/.test(value)) return value;
  // A lone surrogate would not survive being written.
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(value)) return undefined;
  return `"${value.replace(/[\\"$`]/g, "\\$&")}"`;
}
