import { dirname, join } from "node:path";
import { failed, ok, type Result } from "../model/result.ts";
import type { Change } from "../plan/change.ts";
import { type BaselineRecord, inside, type Manifest, markers, mostTries } from "../plan/protocol.ts";
import { rollbackScript } from "../plan/rollback-script.ts";
import { checkTargets, type Targets } from "./check-targets.ts";
import { discard } from "./discard.ts";
import { diskProblem, trying } from "./disk-problem.ts";
import { besidePath, directoriesOf, dressOf, imageAt, isSwapped, recordOf, writeNew } from "./images.ts";
import { nextId } from "./next-id.ts";
import type { Ports } from "./ports.ts";
import { diskRefusal, type Refusal } from "./refusal.ts";
import { makeToken, type Token } from "./token.ts";
import { reach, readTransaction, shared, type Transaction, toJson } from "./transaction.ts";

/** What is to be applied, and who asks. */
export interface ApplyRequest {
  readonly change: Change;
  /** For people, one line. */
  readonly summary: string;
  readonly who: string;
  /** See Manifest.session. */
  readonly session: string;
  /** From arming to rolling back. */
  readonly seconds: number;
}

export interface Staged {
  readonly transaction: Transaction;
  readonly manifest: Manifest;
  readonly token: Token;
}

const readableByRoot = { mode: 0o600, uid: 0, gid: 0 };

/** Writes everything that will be needed, for going forward and for going back, so that from here on nothing needs room. A
 *  refusal leaves nothing behind. The lock is held. */
export function stage(ports: Ports, request: ApplyRequest, baseline: BaselineRecord): Result<Staged, Refusal> {
  let id: string | undefined;
  try {
    const { disk, places } = ports;
    makePlaces(ports);
    id = nextId(ports);
    const targets = checkTargets(ports, request.change.files, id);
    if (!targets.ok) return targets;
    const token = makeToken(ports.random(16));
    const manifest = manifestOf(ports, id, request, targets.value, baseline, token);
    const directory = join(places.state, id);
    writeImages(ports, directory, manifest, targets.value, baseline);
    writeBeside(ports, manifest, targets.value);
    reach(ports, { directory }, "staged");
    disk.symlink(id, shared(places).active);
    disk.syncDirectory(places.state);
    return ok({ transaction: readTransaction(ports, id), manifest, token });
  } catch (problem) {
    const refused = diskProblem(problem);
    const begun = id;
    if (begun !== undefined) trying(() => discard(ports, readTransaction(ports, begun)));
    return failed(diskRefusal(refused));
  }
}

function makePlaces({ disk, places }: Ports): void {
  const { history } = shared(places);
  const make = (directory: string, mode: number): void => {
    if (disk.look(directory) !== null) return;
    make(dirname(directory), 0o755);
    disk.makeDirectory(directory, mode);
    disk.syncDirectory(dirname(directory));
  };
  // Nothing else may have been installed on this host, and no agent started.
  for (const directory of [places.state, history]) make(directory, 0o700);
}

function manifestOf(
  { clock, disk }: Ports,
  id: string,
  { change, summary, who, session, seconds }: ApplyRequest,
  { files, directories }: Targets,
  { emergency }: BaselineRecord,
  { sha256 }: Token,
): Manifest {
  const { backend, quiesce, converge, restore, atBoot = [], watched = [] } = change;
  return {
    ...{ format: 1, id, backend, summary, who, session, seconds, directories, tokenSha256: sha256 },
    ...{ startedAt: clock.wall(), boot: clock.boot(), quiesce, converge, restore, atBoot, emergency },
    watched: watched.filter((path) => disk.look(path) !== null).map((path) => ({ path, names: disk.list(path) })),
    // The attributes are the file's own: a plan doesn't know them, and what replaces a file keeps them.
    files: files.map(({ path, before, after, isSecret }) => {
      const now = imageAt(disk, path)?.attributes;
      const worn = now === undefined ? {} : { attributes: now };
      return {
        path,
        before: before === null ? null : recordOf({ ...worn, ...before }),
        after: after === null ? null : recordOf({ ...worn, ...after }),
        isSecret,
      };
    }),
  };
}

/** Everything of the transaction's own directory. After this its manifest is on the disk, and with it the names of all that
 *  is written elsewhere. */
function writeImages(
  { disk, places }: Ports,
  directory: string,
  manifest: Manifest,
  { files }: Targets,
  baseline: BaselineRecord,
): void {
  const write = (name: string, bytes: Uint8Array) => writeNew(disk, join(directory, name), bytes, readableByRoot);
  disk.makeDirectory(directory, 0o700);
  for (const [index, { before, after }] of files.entries()) {
    if (before !== null) write(inside.before(index), before.bytes);
    if (after !== null) write(inside.after(index), after.bytes);
  }
  write(inside.manifest, toJson(manifest));
  write(inside.baseline, toJson(baseline));
  write(inside.script, Buffer.from(rollbackScript(manifest, places)));
  for (const marker of Object.values(markers)) {
    write(marker === markers.undecided ? marker : inside.unreached(marker), new Uint8Array(0));
  }
  write(inside.tries(0), new Uint8Array(0));
  disk.syncDirectory(directory);
  disk.syncDirectory(places.state);
}

/** Both images of every file beside it, dressed as they will be: going either way is a rename. A file that doesn't change (a
 *  guarded command may still change it) has no new image. */
function writeBeside({ disk }: Ports, { id, files, directories }: Manifest, targets: Targets): void {
  for (const directory of directories) {
    disk.makeDirectory(directory, 0o755);
    disk.syncDirectory(dirname(directory));
  }
  for (const [index, record] of files.entries()) {
    const { before, after } = targets.files[index] ?? { before: null, after: null };
    if (before !== null && record.before !== null) {
      writeNew(disk, besidePath(record.path, id, "old"), before.bytes, dressOf(record.before));
    }
    if (after !== null && record.after !== null && isSwapped(record)) {
      writeNew(disk, besidePath(record.path, id, "new"), after.bytes, dressOf(record.after));
    }
  }
  for (const directory of directoriesOf(files.map(({ path }) => path))) disk.syncDirectory(directory);
}

/** How many times going back has been begun, by the name of the file that counts it. */
export function triesOf(names: readonly string[]): number {
  const counts = names.flatMap((name) => /^tries-(\d)$/.exec(name)?.[1] ?? []).map(Number);
  return Math.min(mostTries, Math.max(0, ...counts));
}
