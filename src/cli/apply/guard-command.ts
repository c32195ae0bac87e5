import { visible } from "../../diagnostic/visible.ts";
import { openLinuxHost } from "../../host/linux/host.ts";
import { observeHost } from "../../host/linux/observe/observe-host.ts";
import type { Change } from "../../plan/change.ts";
import { captureFiles } from "../../transact/guard/capture-files.ts";
import { managerSteps } from "../../transact/guard/manager-steps.ts";
import { runtimeSteps } from "../../transact/guard/runtime-steps.ts";
import { noExpectation } from "../../transact/probes/expectation.ts";
import { takeSnapshot } from "../../transact/probes/snapshot.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { styleFor } from "../style.ts";
import { patienceFor } from "./apply-command.ts";
import { narrator } from "./narrate.ts";
import { openPorts } from "./open-ports.ts";
import { runTransaction, type TransactionWish } from "./run-transaction.ts";
import { unlessRoot } from "./unless-root.ts";

export interface GuardWish extends Omit<TransactionWish, "change" | "summary"> {
  readonly words: readonly string[];
}

/** Runs a command as a change: the files of every manager and the running network are kept first. */
export async function guardCommand(cli: Cli, wish: GuardWish): Promise<Exit> {
  const denied = unlessRoot(cli);
  if (denied !== undefined) return denied;
  const change = await changeOf(wish);
  if (change === undefined) return sayUsage(cli, "the running network can't be read", "It needs Linux with netlink.");
  const summary = `guarded: ${wish.words.join(" ")}`;
  const tale = narrator(cli, { ...wish, change });
  const opened = openPorts(cli, {
    expectation: noExpectation,
    patienceSeconds: patienceFor(wish.seconds),
    onProgress: tale.passing,
    operator: { environment: cli.env, workingDirectory: cli.cwd },
  });
  if (typeof opened === "string") return opened;
  try {
    tale.line(styleFor(cli, cli.stdout).paint("strong", visible(summary)));
    return await runTransaction(cli, opened.ports, { ...wish, change, summary }, tale);
  } finally {
    opened.close();
  }
}

async function changeOf({ words, seconds }: GuardWish): Promise<Change | undefined> {
  const back = await wayBack();
  if (back === undefined) return undefined;
  const { files, watched } = await captureFiles();
  const [program = "", ...rest] = words;
  return {
    backend: "guard",
    files,
    watched,
    quiesce: [],
    // It may hang as long as there is time to prove it and to go back.
    converge: [
      {
        argv: [program, ...rest],
        limitSeconds: Math.round(seconds / 2),
        why: "The guarded command",
        onFailure: "stop",
      },
    ],
    ...back,
  };
}

/** The steps that make the running network what it is now; undefined where it can't be read. */
export async function wayBack(): Promise<Required<Pick<Change, "restore" | "atBoot">> | undefined> {
  const host = openLinuxHost();
  if (!host.ok) return undefined;
  const now = takeSnapshot(host.value);
  host.value.close();
  const state = await observeHost();
  const managers = managerSteps(state);
  // Managers first: what they do not undo is undone after them.
  return { restore: [...managers.now, ...runtimeSteps(now, state)], atBoot: managers.boot };
}
