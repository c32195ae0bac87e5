import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { ShellCommand, ShellWord } from "../../syntax/shell-words.ts";

/** One command with every variable known put in. */
export interface PlainCommand {
  readonly words: readonly string[];
  readonly redirects: readonly { readonly operator: string; readonly target: string }[];
  readonly at: Span;
  /** The place of each word. */
  readonly places: readonly Span[];
}

/** Commands one after the other, loops over words unrolled, variables with known values put in. What depends on more than the text
 *  (conditions, functions, output of commands) becomes a diagnostic. Of loops at most `limit` commands come out, whatever they do. */
export function followScript(
  commands: readonly ShellCommand[],
  take: (command: PlainCommand) => void,
  diagnostics: Diagnostic[],
): void {
  const run: Run = { commands, ends: blockEnds(commands), take, diagnostics, told: new Set(), loops: 0, left: limit };
  runRange(run, 0, commands.length, new Map());
}

/* More than the loops of any script that sets up a host, few enough to be done at once. */
const limit = 20_000;

interface Run {
  readonly commands: readonly ShellCommand[];
  /** The command that ends the loop or function beginning at an index. */
  readonly ends: ReadonlyMap<number, number>;
  readonly take: (command: PlainCommand) => void;
  readonly diagnostics: Diagnostic[];
  readonly told: Set<string>;
  /** How many loops we are in. */
  loops: number;
  /** How many more commands of loops come out. */
  left: number;
}

type Variables = Map<string, string>;

/** Words before a command that don't change what it does. */
const prefixes: ReadonlySet<string> = new Set([
  "then",
  "else",
  "do",
  "{",
  "!",
  "sudo",
  "doas",
  "exec",
  "command",
  "time",
  "nohup",
]);
const conditions: ReadonlySet<string> = new Set(["if", "elif", "while", "until", "case", "select"]);
/** Commands that only look, print or wait. */
const harmless: ReadonlySet<string> = new Set(
  "fi done esac } ;; : true false exit return break continue set shift alias unalias ulimit hash pwd sleep echo printf test [ [[ cat grep ls which id logger trap umask cd date wait ping udevadm".split(
    " ",
  ),
);

/** Commands that say something of the shell's own variables, and nothing of the network. */
const declarations: ReadonlySet<string> = new Set([
  "export",
  "readonly",
  "local",
  "declare",
  "typeset",
  "unset",
  "read",
]);

function runRange(run: Run, from: number, to: number, variables: Variables): void {
  for (let at = from; at < to && (run.loops === 0 || run.left > 0); at++) {
    const command = run.commands[at];
    if (command === undefined) continue;
    const end = run.ends.get(at);
    if (end !== undefined && keywords(command)[0]?.text === "for") {
      runLoop(run, command, at, end, variables);
      at = end;
    } else if (end !== undefined) {
      tell(
        run,
        "script-function",
        command.at,
        "a function is defined here: Holdfast doesn't look into it, nor into its calls",
      );
      at = end;
    } else runCommand(run, command, variables);
  }
}

/** The words less those that only say where in a construct the command stands. */
function keywords({ words }: ShellCommand): readonly ShellWord[] {
  const from = words.findIndex(({ text, quoted }) => quoted || !/^(then|else|do|\{|!)$/.test(text));
  return from < 0 ? [] : words.slice(from);
}

function runLoop(run: Run, command: ShellCommand, at: number, end: number, variables: Variables): void {
  const [, name, keyword, ...rest] = keywords(command);
  const words = keyword?.text === "in" ? rest.map((word) => expanded(word, variables)) : [undefined];
  const isKnown = words.every((word) => word !== undefined && !/[*?[]/.test(word.join(" ")));
  if (name === undefined || !isKnown) {
    tell(
      run,
      "script-not-followed",
      command.at,
      "what this loop goes over is only known when it runs: Holdfast leaves it out",
    );
    return;
  }
  run.loops++;
  for (const value of words.flatMap((word) => word ?? [])) {
    if (run.left <= 0) break;
    variables.set(name.text, value);
    runRange(run, at + 1, end, variables);
  }
  run.loops--;
  if (run.left <= 0)
    tell(
      run,
      "script-not-followed",
      command.at,
      `this loop runs more than ${limit} commands: Holdfast leaves the rest out`,
    );
}

function runCommand(run: Run, command: ShellCommand, variables: Variables): void {
  if (run.loops > 0) run.left--;
  const words = command.words.slice(prefixLength(command.words));
  const first = words[0];
  if (first === undefined) return;
  if (!first.quoted && conditions.has(first.text)) {
    tell(
      run,
      "script-condition",
      command.at,
      "whether this holds is only known when it runs: Holdfast reads on as though it did",
    );
    return;
  }
  const assigned = /^([A-Za-z_]\w*)=/.exec(first.text);
  if (assigned !== null) {
    for (const word of words) assign(word, variables);
    return;
  }
  if (!first.quoted && declarations.has(first.text)) {
    declare(first.text, words.slice(1), variables);
    return;
  }
  const isQuiet =
    !first.expands &&
    harmless.has(first.text) &&
    command.redirects.every(({ operator, target }) => operator.startsWith("2") || target.text === "/dev/null");
  if (isQuiet) return;
  const all: string[] = [];
  const places: Span[] = [];
  let isKnown = true;
  for (const word of words) {
    const parts = expanded(word, variables);
    isKnown &&= parts !== undefined;
    for (const part of parts ?? []) {
      all.push(part);
      places.push(word.at);
    }
  }
  const redirects = command.redirects.map(({ operator, target }) => ({
    operator,
    target: expanded(target, variables)?.join(" "),
  }));
  if (!isKnown || redirects.some(({ target }) => target === undefined)) {
    if (isOurs(first.text))
      tell(
        run,
        "script-not-followed",
        command.at,
        "a value here is only known when the script runs: Holdfast leaves the command out",
      );
    return;
  }
  run.take({
    words: all,
    redirects: redirects.map(({ operator, target }) => ({ operator, target: target ?? "" })),
    at: command.at,
    places,
  });
}

/** Commands that change the network: of those, one that can't be followed must be told. */
function isOurs(command: string): boolean {
  return /^(.*\/)?(ip|ifenslave|modprobe|brctl|ifconfig|sysctl|echo|printf|tee|vconfig|\$)/.test(command);
}

/** How many words stand before the command: prefixes, and sudo's options. Counted, since a line may have thousands. */
function prefixLength(words: readonly ShellWord[]): number {
  let count = 0;
  for (let word = words[0]; word !== undefined && !word.quoted && prefixes.has(word.text); word = words[count]) {
    count++;
    if (word.text === "sudo" || word.text === "doas") while (/^-[A-Za-z]+$/.test(words[count]?.text ?? "")) count++;
  }
  return count;
}

function assign(word: ShellWord, variables: Variables): void {
  const found = /^([A-Za-z_]\w*)=/.exec(word.text);
  if (found?.[1] === undefined) return;
  const value = expandedText(word, variables)?.slice(found[0].length);
  if (value === undefined) variables.delete(found[1]);
  else variables.set(found[1], value);
}

/** What they leave of a variable: its value, where it is said; the same as before, where only the name is, or nothing. */
function declare(command: string, words: readonly ShellWord[], variables: Variables): void {
  const isGone = command === "unset" || command === "read";
  for (const word of words) {
    if (isGone) variables.delete(word.text);
    else assign(word, variables);
  }
}

/** A word with its variables put in; several where it isn't quoted and a value has blanks. undefined: not all of it is known. */
function expanded(word: ShellWord, variables: Variables): readonly string[] | undefined {
  const text = expandedText(word, variables);
  if (text === undefined || !word.expands || word.quoted) return text === undefined ? undefined : [text];
  return text.split(/[ \t\n]+/).filter((part) => part !== "");
}

function expandedText(word: ShellWord, variables: Variables): string | undefined {
  if (!word.expands) return word.text;
  let isKnown = !/\$\(|`/.test(word.text);
  const text = word.text.replace(
    /\$(?:\{([^}]*)(?:\}|$)|([A-Za-z_]\w*|[0-9@*#?$!-]))/g,
    (_all, braced?: string, plain?: string) => {
      const value = variables.get(braced ?? plain ?? "");
      if (value === undefined) isKnown = false;
      return value ?? "";
    },
  );
  return isKnown && text.length < 10_000 ? text : undefined;
}

function tell(
  run: Run,
  code: "script-function" | "script-condition" | "script-not-followed",
  at: Span,
  message: string,
): void {
  const key = `${code} ${at.start}`;
  if (run.told.has(key)) return;
  run.told.add(key);
  run.diagnostics.push(about(code, at, message));
}

function about(
  code: "script-function" | "script-condition" | "script-not-followed",
  at: Span,
  message: string,
): Diagnostic {
  if (code === "script-condition") return { code: "script-condition", severity: "advice", message, at };
  if (code === "script-function")
    return {
      code: "script-function",
      severity: "warning",
      message,
      hint: "Write its commands out where they are called.",
      at,
    };
  return {
    code: "script-not-followed",
    severity: "warning",
    message,
    hint: "Write the values out, or check this part yourself.",
    at,
  };
}

/** The ends of loops over words and of functions, by where they begin. */
function blockEnds(commands: readonly ShellCommand[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const loops: number[] = [];
  const braces: number[] = [];
  for (const [index, command] of commands.entries()) {
    const { words, before } = command;
    const keyword = keywords(command)[0];
    const text = keyword === undefined || keyword.quoted ? "" : keyword.text;
    if (/^(for|while|until|select)$/.test(text)) loops.push(index);
    if (text === "done") {
      const start = loops.pop();
      const begun = start === undefined ? undefined : commands[start];
      if (start !== undefined && begun !== undefined && keywords(begun)[0]?.text === "for") ends.set(start, index);
    }
    const isFunction = (before === "(" && words.length === 1) || text === "function";
    if (isFunction && commands[index + 1]?.words[0]?.text === "{") braces.push(index);
    if (text === "}") {
      const start = braces.pop();
      if (start !== undefined) ends.set(start, index);
    }
  }
  return ends;
}
