import type { FileImage } from "../../plan/change.ts";
import type { Machine } from "./machine.ts";
import { type Story, secretWord } from "./story.ts";

/** What is known of a run beside the machine itself. */
export interface Expected {
  /** What the operator was told last. "perhaps": a confirmation was asked for, and no answer came. */
  told: "nothing" | "refused" | "rolled back" | "perhaps" | "confirmed" | "confirmed by a wrong token";
  /** What somebody else wrote meanwhile. */
  readonly edits: Map<string, FileImage>;
  readonly offences: string[];
}

/** Every promise that is broken now, in words. "files": only those about the managed files. */
export function offencesAgainst(
  machine: Machine,
  story: Story,
  expected: Expected,
  which: "all" | "files" = "all",
): readonly string[] {
  const { told, offences } = expected;
  if (told === "confirmed by a wrong token") return [told];
  const allowed = told === "confirmed" ? ["new"] : told === "perhaps" ? ["old", "new"] : ["old"];
  const set = setOf(machine, story, expected);
  const wrong = allowed.includes(set) ? [] : [`the files are ${set}, and should be ${allowed.join(" or ")}`];
  if (which === "files") return wrong;
  const network = machine.network === machine.signature() ? [] : ["the running network isn't that of the files"];
  return [...offences, ...wrong, ...network, ...leftovers(machine, story, set), ...lostEdits(machine, expected, set)];
}

/** Whether the files are the old ones or the new ones, to the last bit of their modes. */
function setOf(machine: Machine, { request }: Story, { edits }: Expected): "old" | "new" | string {
  const { files } = request.change;
  const isAs = (path: string, image: FileImage | null) => {
    const found = machine.disk.find(path);
    if (found === undefined || image === null) return found === undefined && image === null;
    const { mode, uid, gid } = found.dress;
    return (
      Buffer.from(found.bytes).equals(image.bytes) && mode === image.mode && uid === image.uid && gid === image.gid
    );
  };
  if (files.every(({ path, before }) => isAs(path, before))) return "old";
  // An edit of somebody else's stays when the change does.
  if (files.every(({ path, after }) => isAs(path, edits.get(path) ?? after))) return "new";
  const each = files.map(({ path, before, after }) =>
    isAs(path, before) ? "old" : isAs(path, after) ? "new" : `other (${describe(machine, path)})`,
  );
  return `mixed: ${each.join(", ")}`;
}

function describe(machine: Machine, path: string): string {
  const found = machine.disk.find(path);
  return found === undefined
    ? "none"
    : `${Buffer.from(found.bytes).toString("latin1")} ${found.dress.mode.toString(8)}`;
}

function leftovers(machine: Machine, { request }: Story, set: string): readonly string[] {
  const paths = machine.disk.paths();
  const { files } = request.change;
  const wasThere = (directory: string) =>
    files.some(({ before, path }) => before !== null && path.startsWith(`${directory}/`));
  // What somebody else put into a directory of ours keeps it.
  const isEmpty = (directory: string) => !paths.some((path) => path.startsWith(`${directory}/`));
  const isLeft = (path: string) =>
    (path.includes(".hf-") && !path.endsWith("-kept")) ||
    /^\/var\/lib\/holdfast\/tx\/(active|\d+-[^/]+)$/.test(path) ||
    (set === "old" && path === "/etc/new.d" && !wasThere(path) && isEmpty(path));
  return paths.filter(isLeft).map((path) => `${path} was left`);
}

/** Text of somebody else that was put aside must be somewhere. */
function lostEdits(machine: Machine, { edits }: Expected, set: string): readonly string[] {
  if (set !== "old" || edits.size === 0) return [];
  const kept = machine.disk
    .paths()
    .some(
      (path) =>
        /conflict\.|-kept$/.test(path) && Buffer.from(machine.disk.find(path)?.bytes ?? []).toString() === "by hand",
    );
  return kept ? [] : ["what somebody else wrote is lost"];
}

/** Before everything that is done: nobody but root may read a file with a secret, under whatever name. */
export function watchSecrets(machine: Machine, { offences }: Expected): void {
  const { before } = machine;
  let last = "";
  machine.before = (act, path, partly, process) => {
    const inode = last === "" ? undefined : machine.disk.find(last);
    if (inode?.kind === "file" && (inode.dress.mode & 0o077) !== 0 && Buffer.from(inode.bytes).includes(secretWord)) {
      offences.push(`the secret in ${last} could be read by others`);
    }
    last = path.startsWith("/") ? path : "";
    before(act, path, partly, process);
  };
}
