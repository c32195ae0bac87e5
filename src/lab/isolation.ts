import { spawnSync } from "node:child_process";
import { assetPath } from "./assets.ts";
import { scratchDirectory } from "./scratch.ts";

/** How a kernel's process is kept from the host. "private": mount, process and network namespaces of its own, where every file
 *  system is read-only. "plain": only by what its user id may not do, where namespaces are forbidden. */
export interface Isolation {
  readonly kind: "private" | "plain";
  /** The command that a sandbox, or the kernel itself, is started through; may be empty. */
  readonly enter: readonly string[];
}

const namespaces = ["--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child=KILL", "--"];

/** The strictest isolation this machine allows this user, found by trying (some 10 ms). */
export function findIsolation(): Isolation {
  const asRoot = process.getuid?.() === 0;
  const script = assetPath("assets/lab/sandbox.sh");
  // The script reads two descriptors.
  const empty = ["sh", "-c", 'exec "$@" 4</dev/null 5</dev/null', "probe"];
  const ways = [["unshare", "--user", "--map-root-user", ...namespaces]];
  if (asRoot) ways.unshift(["unshare", ...namespaces]);
  const enter = ways.find((way) => succeeds([...empty, ...way, "sh", script, scratchDirectory([]), "true"]));
  if (enter) return { kind: "private", enter };
  return plainIsolation();
}

/** Isolation without namespaces: an ordinary user as he is; root becomes nobody, or nothing would hold him back. */
export function plainIsolation(): Isolation {
  const enter = process.getuid?.() === 0 ? nobody().find((way) => succeeds([...way, "true"])) : [];
  if (!enter) throw new Error("root can neither make namespaces nor become nobody here");
  return { kind: "plain", enter };
}

/** With the right to read every file where root has that to give: the project may lie in /root. */
function nobody(): readonly (readonly string[])[] {
  const plain = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"];
  const reading = "-all,+dac_read_search";
  return [
    // no_setuid_fixup: without it access(2), which is how a guest asks what it may read, ignores the capability.
    [
      ...plain,
      "--securebits=+no_setuid_fixup",
      `--inh-caps=${reading}`,
      `--ambient-caps=${reading}`,
      `--bounding-set=${reading}`,
      "--",
    ],
    [...plain, "--inh-caps=-all", "--bounding-set=-all", "--"],
  ];
}

function succeeds(command: readonly string[]): boolean {
  const [program = "", ...rest] = command;
  return spawnSync(program, rest, { stdio: "ignore", timeout: 10_000 }).status === 0;
}
