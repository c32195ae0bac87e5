import { join } from "node:path";
import type { Change, FileChange, FileImage } from "../../plan/change.ts";
import { inside, type Manifest } from "../../plan/protocol.ts";
import { attempt } from "../../transact/disk-problem.ts";
import { byNumber } from "../../transact/finish.ts";
import { hostPorts } from "../../transact/host-ports.ts";
import { idPattern } from "../../transact/next-id.ts";
import type { Ports } from "../../transact/ports.ts";
import { expectationAgain } from "../../transact/probes/probes.ts";
import { readBaseline, readTransaction, shared, type Transaction } from "../../transact/transaction.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";
import { styleFor } from "../style.ts";
import { patienceFor } from "./apply-command.ts";
import { wayBack } from "./guard-command.ts";
import { narrator } from "./narrate.ts";
import { openPorts } from "./open-ports.ts";
import { runTransaction, type TransactionWish } from "./run-transaction.ts";
import { unlessRoot } from "./unless-root.ts";

/** `apply --previous`: undoes the last confirmed change, as a change of its own that has to be confirmed too. */
export async function previousCommand(cli: Cli, wish: Omit<TransactionWish, "change" | "summary">): Promise<Exit> {
  const denied = unlessRoot(cli);
  if (denied !== undefined) return denied;
  const last = lastConfirmed(hostPorts());
  if (last === undefined) {
    return sayUsage(cli, "no change has been confirmed on this host", "holdfast history lists what there was.");
  }
  const { manifest } = last;
  const [files, back] = [reversed(hostPorts(), last), await wayBack()];
  if (files === undefined || back === undefined) {
    return sayUsage(cli, `${manifest.id} can't be read any more`, "Put the files back by hand, under holdfast guard.");
  }
  const change: Change = {
    backend: manifest.backend,
    files,
    quiesce: [],
    converge: manifest.restore.map((step) => ({ ...step, onFailure: "go-on" as const })),
    ...back,
  };
  const summary = `back to what was before ${manifest.id} (${manifest.summary})`;
  const tale = narrator(cli, { ...wish, change });
  const opened = openPorts(cli, {
    // What works now must work; but for ports and bonds that weren't there then.
    expectation: expectationAgain(readBaseline(hostPorts(), last)),
    patienceSeconds: patienceFor(wish.seconds),
    onProgress: tale.passing,
  });
  if (typeof opened === "string") return opened;
  try {
    tale.line(styleFor(cli, cli.stdout).paint("strong", summary));
    return await runTransaction(cli, opened.ports, { ...wish, change, summary }, tale);
  } finally {
    opened.close();
  }
}

type Past = Transaction & { readonly manifest: Manifest };

/** The newest confirmed one that hasn't been undone by another. */
function lastConfirmed(ports: Ports): Past | undefined {
  const { history } = shared(ports.places);
  const listed = attempt(() => ports.disk.list(history));
  const ids = (listed.ok ? listed.value : []).filter((name) => idPattern.test(name)).toSorted(byNumber);
  const undone = new Set<string>();
  for (const id of ids.toReversed()) {
    const { manifest, ...found } = readTransaction(ports, id, history);
    if (found.state !== "confirmed" || manifest === undefined || undone.has(id)) continue;
    const named = /^back to what was before (\S+) /.exec(manifest.summary)?.[1];
    if (named === undefined) return { ...found, manifest };
    undone.add(named);
  }
  return undefined;
}

function reversed(ports: Ports, { directory, manifest }: Past): readonly FileChange[] | undefined {
  const image = (record: Manifest["files"][number]["before"], name: string): FileImage | null | undefined => {
    if (record === null) return null;
    const bytes = attempt(() => ports.disk.read(join(directory, name)));
    if (!bytes.ok) return undefined;
    const { mode, uid, gid, attributes = {} } = record;
    const named = Object.entries(attributes).map(([key, value]) => [key, Buffer.from(value, "base64")] as const);
    return { bytes: bytes.value, mode, uid, gid, attributes: new Map(named) };
  };
  const files: FileChange[] = [];
  for (const [index, file] of manifest.files.entries()) {
    const [before, after] = [image(file.after, inside.after(index)), image(file.before, inside.before(index))];
    if (before === undefined || after === undefined) return undefined;
    files.push({ path: file.path, before, after, isSecret: file.isSecret });
  }
  return files;
}
