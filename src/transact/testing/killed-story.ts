import { join } from "node:path";
import type { FileChange, FileImage } from "../../plan/change.ts";
import { apply } from "../apply.ts";
import { confirm } from "../confirm.ts";
import type { Ports } from "../ports.ts";
import { rollBack } from "../roll-back.ts";

function image(text: string, mode: number): FileImage {
  return { bytes: Buffer.from(`${text}\n`), mode, uid: 0, gid: 0 };
}

/** One file that changes, one with a key that comes, one that goes, one in a directory that isn't there. */
export function filesOf(root: string): readonly FileChange[] {
  const file = (path: string, before: FileImage | null, after: FileImage | null): FileChange => ({
    path: join(root, "etc", path),
    before,
    after,
    isSecret: path.includes("wpa"),
  });
  return [
    file("network/interfaces", image("auto eth0", 0o644), image("auto bond0", 0o644)),
    file("network/wpa.conf", null, image("psk=secret", 0o600)),
    file("netplan/01.yaml", image("network: {}", 0o600), null),
    file("network/made/bond0", null, image("bond0", 0o640)),
  ];
}

/** Applies the change, and ends it by "confirm" or "rollback". Throws when it doesn't go as it should. */
export async function operateOn(ports: Ports, root: string, ending: string): Promise<void> {
  const step = (why: string) => ({ argv: ["true"] as [string], limitSeconds: 5, why, onFailure: "stop" as const });
  const change = {
    backend: "ifupdown" as const,
    files: filesOf(root),
    quiesce: [step("quiesce")],
    converge: [step("converge")],
    restore: [{ ...step("reach"), beforeFiles: true as const }, step("restore")],
  };
  const request = { change, summary: "a bond", who: "test", session: "one", seconds: 120 };
  const applied = await apply(ports, request, { tell: () => {}, accept: "nothing" });
  if (applied.outcome !== "verified") throw new Error(JSON.stringify(applied));
  const proof = { by: "token" as const, token: applied.token, session: "two" };
  const ended = ending === "confirm" ? await confirm(ports, proof) : await rollBack(ports);
  if (!ended.ok) throw new Error(ended.error.message);
}
