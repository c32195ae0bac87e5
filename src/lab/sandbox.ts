import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { assetPath } from "./assets.ts";

/** How the kernel's process is kept from the host. "private": mount, process and network namespaces of its own, every file
 *  system read-only. "plain": only what its user id may not do (where namespaces are forbidden). */
export interface Sandbox {
  readonly kind: "private" | "plain";
  /** Directory for the guest's memory, on the host; in a private sandbox a tmpfs that nobody else sees. */
  readonly scratch: string;
  /** The command that starts another one inside. */
  wrap(command: readonly string[]): readonly string[];
}

// If the parent died before the signal was armed, nobody would send it: compare, then go on.
const onlyUnder = '[ "$PPID" = "$1" ] || exit 125; shift; exec "$@"';

function dyingWithUs(command: readonly string[]): readonly string[] {
  return ["setpriv", "--pdeathsig", "KILL", "--", "sh", "-c", onlyUnder, "lab", String(process.pid), ...command];
}

const namespaces = ["--mount", "--pid", "--net", "--ipc", "--fork", "--kill-child=KILL"];

/** The strictest sandbox this machine allows. `visible`: paths that must stay in sight inside. */
export function chooseSandbox(visible: readonly string[]): Sandbox {
  const scratch = scratchDirectory(visible);
  const script = assetPath("assets/lab/sandbox.sh");
  const asRoot = process.getuid?.() === 0;
  const ways = asRoot ? [[], ["--user", "--map-root-user"]] : [["--user", "--map-root-user"]];
  for (const way of ways) {
    const enter = ["unshare", ...way, ...namespaces, "--", "sh", script, scratch];
    const [program = "", ...rest] = [...enter, "true"];
    if (spawnSync(program, rest, { stdio: "ignore", timeout: 10_000 }).status === 0) {
      return { kind: "private", scratch, wrap: (command) => dyingWithUs([...enter, ...command]) };
    }
  }
  return { kind: "plain", scratch, wrap: (command) => dyingWithUs(command) };
}

function scratchDirectory(visible: readonly string[]): string {
  const free = ["/dev/shm", "/mnt", "/media", "/srv", "/var/tmp"].find(
    (folder) => existsSync(folder) && !visible.some((path) => path.startsWith(`${folder}/`)),
  );
  return free ?? "/tmp";
}
