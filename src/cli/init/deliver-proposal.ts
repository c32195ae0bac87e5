import { dirname, resolve } from "node:path";
import type { InitDocument } from "../../api/types.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { printJson } from "../../diagnostic/print-json.ts";
import { printText } from "../../diagnostic/print-text.ts";
import { unifiedDiff } from "../../diagnostic/unified-diff.ts";
import { replaceFile } from "../../host/linux/replace-file.ts";
import { writeFiles } from "../../host/linux/write-files.ts";
import type { Proposal } from "../../init/document.ts";
import type { Draft } from "../../init/draft.ts";
import { chooseEngine } from "../../lab/engines.ts";
import { withDefaults } from "../../model/defaults.ts";
import { pictureLines } from "../../topology/picture-lines.ts";
import type { Cli, Prompter } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { installedHere } from "../installed-here.ts";
import { sayNotWritten } from "../print-rendered.ts";
import { docsOf } from "../print-report.ts";
import { type ManagerName, managerNamed } from "../rehearse/managers.ts";
import type { Shown } from "../shown.ts";
import { printDocument, styleFor } from "../style.ts";
import { type Assumed, sayQuestion } from "./ask.ts";
import type { InitWish } from "./init-command.ts";
import { type LabHere, nextSteps } from "./next-steps.ts";

/** A holdfast.yaml that is ready to be written, with all there is to say of it. */
export interface Ready {
  readonly draft: Draft;
  readonly proposal: Proposal;
  readonly diagnostics: readonly Diagnostic[];
  /** Errors in the files that the host has: told, and no fault of the proposal. */
  readonly wrong: Shown;
  readonly assumed: readonly Assumed[];
  /** How many questions were asked. */
  readonly count: number;
  /** The file as it is; absent: there is none. */
  readonly before?: string;
  /** The language of the files that its bond was taken from. */
  readonly importedFrom?: string;
}

type Outcome = InitDocument["outcome"];

/** Shows the file, writes it, and offers what comes next. */
export async function deliverProposal(
  cli: Cli,
  wish: InitWish,
  ready: Ready,
  prompter: Prompter | undefined,
): Promise<Exit> {
  if (wish.format === "text") await show(cli, wish, ready);
  const choice = await choose(cli, wish, ready, prompter);
  if (choice === "left") return "usage";
  if (choice.outcome === "written") {
    const problem = await writeFile(cli, wish.file, ready);
    if (problem !== undefined) return problem;
  }
  await tell(cli, wish, ready, choice.outcome);
  if (choice.outcome === "refused") return "refused";
  const isBroken = ready.diagnostics.some(({ severity }) => severity === "error");
  const manager = managerOf(ready.draft.seen);
  const exit = choice.isRehearsed ? await rehearse(cli, wish, manager) : isBroken ? "findings" : "fine";
  const isThere = choice.outcome === "written" || ready.before === ready.proposal.text;
  if (wish.format === "text" && isThere) {
    // It was to run, and said why it can't: the file is still to be rehearsed.
    const failed = { message: "it didn't run here" };
    const lab = !choice.isRehearsed ? await labHere() : exit === "usage" ? failed : "rehearsed";
    const installed = await installedHere(cli, wish.root);
    cli.stdout.write(nextSteps(ready.draft, ready.proposal.config, { file: wish.file, lab, manager, installed }));
  }
  return exit;
}

/** Whether rehearsals run on this machine, and if not, why. */
async function labHere(): Promise<LabHere> {
  const engine = await chooseEngine();
  return engine.ok ? "can rehearse" : { message: engine.error.message };
}

async function show(cli: Cli, wish: InitWish, { proposal, diagnostics, assumed, before, importedFrom }: Ready) {
  const { stdout } = cli;
  const style = styleFor(cli, stdout);
  const title = (text: string) => `\n${style.paint("strong", text)}\n`;
  if (importedFrom !== undefined) {
    const from = importedFrom === "running" ? "the bond that runs" : `the host's own files (${importedFrom})`;
    stdout.write(`\nThe bond was taken over from ${from}.\n`);
  }
  if (assumed.length > 0) stdout.write(title("Taken for granted"));
  for (const { text, flag } of assumed) stdout.write(`  ${text}   ${style.paint("faint", flag)}\n`);
  if (before === undefined) stdout.write(`${title(wish.file)}${proposal.text}`);
  else if (before !== proposal.text)
    stdout.write(`${title(`${wish.file}, with what is new`)}${unifiedDiff(wish.file, before, proposal.text)}`);
  stdout.write(`\n${pictureLines(withDefaults(proposal.config)).join("\n")}\n`);
  // Advice has its own command; what must be mended is told now.
  const grave = diagnostics.filter(({ severity }) => severity !== "advice");
  const files = new Map([[wish.file, proposal.text]]);
  if (grave.length > 0)
    stdout.write(`${title("What check says of it")}${printText(grave, files, style, await docsOf(cli))}`);
}

interface Choice {
  readonly outcome: Outcome;
  readonly isRehearsed: boolean;
}

const offers = [
  { value: "rehearse", label: "write it, and rehearse it now (a minute or two; nothing here is touched)" },
  { value: "write", label: "write it" },
  { value: "nothing", label: "write nothing" },
];

async function choose(
  cli: Cli,
  { file, writing, rehearsing, asking }: InitWish,
  { before, proposal, count }: Ready,
  prompter: Prompter | undefined,
): Promise<Choice | "left"> {
  const isRehearsed = rehearsing === "rehearse";
  if (writing === "print" || before === proposal.text)
    return { outcome: "kept", isRehearsed: isRehearsed && before === proposal.text };
  if (prompter === undefined)
    return { outcome: before === undefined || asking === "assume" ? "written" : "refused", isRehearsed };
  const { stdout } = cli;
  const hasLab = (await labHere()) === "can rehearse";
  const choices = hasLab ? offers : offers.filter(({ value }) => value !== "rehearse");
  const text = before === undefined ? `Write this to ${file}?` : `Change ${file} so?`;
  const why = hasLab
    ? "The rehearsal boots a real kernel as a program of yours, and makes every part fail that you see above."
    : "Nothing on the network changes by it: that is what apply does, later.";
  stdout.write(
    `\n${sayQuestion({ text, why, choices, flag: "", accept: () => noAnswer }, count + 1, styleFor(cli, stdout))}`,
  );
  for (;;) {
    const line = (await prompter.ask("   [1] > "))?.trim();
    if (line === undefined) return "left";
    const value = (choices[Number(line === "" ? 1 : line) - 1] ?? choices.find((one) => one.value === line))?.value;
    if (value === "nothing") return { outcome: "kept", isRehearsed: false };
    if (value !== undefined) return { outcome: "written", isRehearsed: value === "rehearse" };
  }
}

/** Who brings the rehearsed host up: whoever does here, where the lab has it. What netplan writes, networkd or NetworkManager reads. */
function managerOf({ host, language }: Draft["seen"]): ManagerName | undefined {
  const named = [host.language, host.inCharge, language].map((name) => managerNamed(name ?? "")?.name);
  return named.find((name) => name !== undefined);
}

const noAnswer = { ok: false, error: "" } as const;

/** undefined: it is on the disk. */
async function writeFile(cli: Cli, file: string, { before, proposal }: Ready): Promise<Exit | undefined> {
  const target = resolve(cli.cwd, file);
  if (before !== undefined) {
    const done = await replaceFile(target, before, proposal.text);
    if (done.ok) return undefined;
    const why = done.error.code === "changed" ? "it changed since it was read" : done.error.errno;
    cli.stderr.write(`holdfast: ${file} was left alone: ${why}\n  Run holdfast init again.\n`);
    return "refused";
  }
  const files = new Map([[target.slice(dirname(target).length), proposal.text]]);
  const written = await writeFiles({ root: dirname(target), files, secret: new Set(), existing: "keep" });
  return written.ok ? undefined : sayNotWritten(cli, written.error, "--out");
}

async function tell(cli: Cli, wish: InitWish, ready: Ready, outcome: Outcome): Promise<void> {
  const { proposal, diagnostics, wrong, assumed, before } = ready;
  if (wish.format === "json") {
    const files = new Map([...wrong.files, [wish.file, proposal.text]]);
    const all = [...diagnostics, ...wrong.diagnostics];
    const found = printJson(all, files, await docsOf(cli)).diagnostics;
    const { text: config } = proposal;
    printDocument(cli, { config, diagnostics: found, file: wish.file, outcome, assumed } satisfies InitDocument);
    return;
  }
  if (outcome === "refused") {
    cli.stderr.write(
      `holdfast: ${wish.file} is there, and was left as it is\n  Add --yes to have it changed as shown.\n`,
    );
    return;
  }
  if (before === proposal.text) cli.stdout.write(`\n${wish.file} says all of this already.\n`);
  if (outcome === "written") cli.stdout.write(`\nwrote ${wish.file}\n`);
}

async function rehearse(cli: Cli, { file, format }: InitWish, manager: ManagerName | undefined): Promise<Exit> {
  const { rehearseCommand } = await import("../rehearse/rehearse-command.ts");
  cli.stdout.write("\n");
  return rehearseCommand(cli, {
    path: file,
    scenarios: [],
    listOnly: "run",
    repeat: 1,
    format,
    radios: "simulated",
    agent: "with",
    ssh: "without",
    ...(manager === undefined ? {} : { manager }),
  });
}
