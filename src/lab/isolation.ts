import { spawnSync } from "node:child_process";
import { assetPath } from "./assets.ts";
import { scratchDirectory } from "./scratch.ts";

/** How a kernel's process is kept from the host. "private": mount, process and network namespaces of its own, where every file
 *  system is read-only. "plain": only by what its user id may not do, where namespaces are forbidden. */
export interface Isolation {
  readonly kind: "private" | "plain";
  /** The command that a sandbox, or the kernel itself, is started through; may be empty. */
  readonly enter: readonly string[];
  /** Who that command becomes, where it is somebody else. */
  readonly becomes?: number;
}

/** Finds an isolation in which these host paths stay readable, by trying (some 10 ms). */
export type FindIsolation = (visible: readonly string[]) => Isolation;

const namespaces = ["--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child=KILL", "--"];

/** The strictest isolation this machine allows this user. */
export const findIsolation: FindIsolation = (visible) => {
  const ways = [["unshare", "--user", "--map-root-user", ...namespaces]];
  if (process.getuid?.() === 0) ways.unshift(["unshare", ...namespaces]);
  const script = assetPath("assets/lab/sandbox.sh");
  // The script reads two descriptors.
  const empty = ["sh", "-c", 'exec "$@" 4</dev/null 5</dev/null', "probe"];
  const scratch = scratchDirectory(visible);
  const enter = ways.find((way) => succeeds([...empty, ...way, "sh", script, scratch, "true"]));
  return enter ? { kind: "private", enter } : plainIsolation(visible);
};

/** Isolation without namespaces: an ordinary user as he is; root as nobody. Where nobody could not read what the lab needs
 *  (all of it below /root, in a container that may not override that), root stays root, without any capability. */
export const plainIsolation: FindIsolation = (visible) => {
  if (process.getuid?.() !== 0) return { kind: "plain", enter: [] };
  const readAll = ["sh", "-c", 'for path; do [ -r "$path" ] || exit 1; done', "probe", ...visible];
  const nobody = asNobody.find((way) => succeeds([...way, ...readAll]));
  if (nobody) return { kind: "plain", enter: nobody, becomes: nobodyId };
  return { kind: "plain", enter: powerless };
};

const nobodyId = 65_534;
const nobody = [`--reuid=${nobodyId}`, `--regid=${nobodyId}`, "--clear-groups", "--no-new-privs"];
const reading = "-all,+dac_read_search";

/** The first may read every file, where root has that to give.
 *  no_setuid_fixup: without it access(2), which is how a guest asks what it may read, ignores the capability. */
const asNobody: readonly (readonly string[])[] = [
  [
    ...["setpriv", ...nobody, "--securebits=+no_setuid_fixup"],
    ...[`--inh-caps=${reading}`, `--ambient-caps=${reading}`, `--bounding-set=${reading}`, "--"],
  ],
  ["setpriv", ...nobody, "--inh-caps=-all", "--bounding-set=-all", "--"],
];

const powerless = ["setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"];

function succeeds(command: readonly string[]): boolean {
  const [program = "", ...rest] = command;
  return spawnSync(program, rest, { stdio: "ignore", timeout: 10_000 }).status === 0;
}
