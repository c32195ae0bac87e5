import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseHoldfast } from "../../config/parse-holdfast.ts";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { printText } from "../../diagnostic/print-text.ts";
import { redactor } from "../../diagnostic/secrets.ts";
import type { TextStyle } from "../../diagnostic/text-style.ts";
import { visible } from "../../diagnostic/visible.ts";
import { wrap } from "../../diagnostic/wrap.ts";
import { errnoOf } from "../../host/linux/read-problem.ts";
import type { Answers } from "../../init/answers.ts";
import { type Proposal, propose } from "../../init/document.ts";
import { type Draft, draftOf } from "../../init/draft.ts";
import type { Config } from "../../model/config.ts";
import { type Cli, type Prompter, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { progressOn } from "../progress.ts";
import { styleFor } from "../style.ts";
import { askAll } from "./ask.ts";
import { checkProposal } from "./check-proposal.ts";
import { deliverProposal, type Ready } from "./deliver-proposal.ts";
import { type Looked, lookAtHost } from "./look-at-host.ts";
import { sayHost } from "./print-seen.ts";

export interface InitWish {
  /** Where the file goes, as typed. */
  readonly file: string;
  /** The root that is looked at. */
  readonly root: string;
  readonly answers: Answers;
  /** "assume": what isn't answered by flags is taken for granted, terminal or not. */
  readonly asking: "ask" | "assume";
  /** "print": nothing is written. */
  readonly writing: "write" | "print";
  readonly rehearsing: "offer" | "rehearse";
  readonly format: "text" | "json";
}

/** `holdfast init`: looks, asks, shows, writes, and offers the rehearsal. Leaves the network alone. */
export async function initCommand(cli: Cli, wish: InitWish): Promise<Exit> {
  const existing = await readExisting(cli, wish.file);
  if (existing === "unread") return "usage";
  const broken = existing?.diagnostics.filter(({ severity }) => severity === "error") ?? [];
  if (existing !== undefined && broken.length > 0) return sayBroken(cli, wish.file, existing.text, broken);
  const progress = progressOn(cli.stderr);
  progress.say("looking at this host");
  const looked = await lookAtHost(wish.root, cli.cwd);
  progress.end();
  const base = existing?.config ?? looked.declared;
  const draft = draftOf(looked.seen, base, wish.answers);
  if (draft.ports.length < 2) return sayTooFew(cli, draft);
  const unknown = unknownPort(draft);
  if (unknown !== undefined) {
    return sayUsage(cli, `${unknown} is no port of the bond`, `Its ports are ${draft.ports.join(", ")}; see --ports.`);
  }
  const prompter = wish.asking === "ask" && wish.format === "text" ? cli.prompter?.() : undefined;
  try {
    return await converse(
      cli,
      wish,
      { looked, draft, base, ...(existing === undefined ? {} : { existing }) },
      prompter,
    );
  } finally {
    prompter?.end();
  }
}

/** Errors in the files that are there, as where they mean to make a bond and don't: whoever wrote them is told first. */
function sayWrong(root: string, { diagnostics, files }: Looked["wrong"], style: TextStyle): string {
  const [first, ...more] = diagnostics;
  if (first === undefined) return "";
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  const command = root === "/" ? "holdfast check --host" : `holdfast check ${root}`;
  const text = `The files that are there have an error${others}: ${first.message}. ${command} says where, and what mends it.`;
  const lines = wrap(visible(redactor(files)(text)), Math.min(style.columns, 100) - 2);
  return `\n${lines.map((line) => `  ${style.paint("error", line)}`).join("\n")}\n`;
}

interface Begun {
  readonly looked: Looked;
  readonly draft: Draft;
  readonly base: Config;
  readonly existing?: Existing;
}

async function converse(cli: Cli, wish: InitWish, begun: Begun, prompter: Prompter | undefined): Promise<Exit> {
  const { looked, base, existing } = begun;
  const style = styleFor(cli, cli.stdout);
  const write = (text: string): void => (wish.format === "text" ? cli.stdout.write(text) : undefined);
  write(`${style.paint("strong", "What is here")}\n${sayHost(looked.seen, style)}`);
  for (const { message } of looked.unread) write(`  ${style.paint("warning", "not read")}: ${message}\n`);
  write(sayWrong(wish.root, looked.wrong, style));
  if (existing !== undefined) write(`\n${wish.file} is there: what it says stays as it is.\n`);
  const asked = await askAll(begun.draft, {
    write,
    style,
    redraft: (answers) => draftOf(looked.seen, base, answers),
    ...(prompter === undefined ? {} : { prompter }),
  });
  if (asked.end === "left") {
    cli.stderr.write("\nholdfast: nothing was written\n");
    return "usage";
  }
  if (asked.end === "open")
    return sayUsage(cli, `nobody answers: ${asked.question.text}`, `Say ${asked.question.flag}.`);
  const proposed = propose(asked.draft, existing === undefined ? undefined : { file: wish.file, text: existing.text });
  if (!proposed.ok) {
    const hint = "Write it to another file with --out, and carry over by hand what is missing.";
    cli.stderr.write(`holdfast: ${wish.file} was left alone: ${proposed.error}\n  ${hint}\n`);
    return "refused";
  }
  const ready = readyOf(wish, asked.draft, proposed.value, existing, looked);
  return await deliverProposal(cli, wish, { ...ready, assumed: asked.assumed, count: asked.count }, prompter);
}

function readyOf(
  wish: InitWish,
  draft: Draft,
  proposal: Proposal,
  existing: Existing | undefined,
  looked: Looked,
): Omit<Ready, "assumed" | "count"> {
  const isImported = existing === undefined && looked.declared.bonds.length > 0;
  return {
    draft,
    proposal,
    diagnostics: [...checkProposal(wish.file, proposal.text), ...proposal.losses],
    wrong: looked.wrong,
    ...(existing === undefined ? {} : { before: existing.text }),
    ...(isImported ? { importedFrom: looked.seen.language } : {}),
  };
}

interface Existing {
  readonly text: string;
  readonly config: Config;
  readonly diagnostics: readonly Diagnostic[];
}

/** The file that is there; undefined: none is. */
async function readExisting(cli: Cli, file: string): Promise<Existing | "unread" | undefined> {
  try {
    const text = await readFile(resolve(cli.cwd, file), "utf8");
    return { text, ...parseHoldfast(file, text) };
  } catch (problem) {
    const errno = errnoOf(problem);
    if (errno === "ENOENT") return undefined;
    sayUsage(cli, `cannot read ${file} (${errno})`, "Choose another file with --out.");
    return "unread";
  }
}

function sayBroken(cli: Cli, file: string, text: string, broken: readonly Diagnostic[]): Exit {
  cli.stderr.write(printText(broken, new Map([[file, text]]), styleFor(cli, cli.stderr)));
  return sayUsage(cli, `${file} was left alone`, "Mend it first, or write another file with --out.");
}

function sayTooFew(cli: Cli, { ports }: Draft): Exit {
  const here = ports.length === 0 ? "no port" : `one port, ${ports[0]}`;
  cli.stderr.write(
    `holdfast: this host has ${here}; two are needed to stand in for each other\n  Plug in a USB network adapter or switch the Wi-Fi on, or name ports that aren't there yet: --ports eth0 eth1.\n`,
  );
  return "findings";
}

/** A port that answers speak of and the bond doesn't have. */
function unknownPort({ answers, ports }: Draft): string | undefined {
  const named = [...answers.places.keys(), ...answers.networks.keys(), answers.primary];
  return named.find((one) => one !== undefined && !ports.includes(one));
}
