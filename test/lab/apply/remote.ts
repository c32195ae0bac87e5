import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runLab } from "../../../src/lab/boot.ts";
import { chooseEngine } from "../../../src/lab/engines.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import { probeEngine } from "../../../src/lab/probe.ts";
import { bundleGuest } from "../bundle-guest.ts";
import { type HostKind, hostOf, type KindOfHost } from "./host-kinds.ts";
import { radioKeys } from "./radio-world.ts";
import { remoteHost } from "./world.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What the host and the operator have installed. */
const packages = ["openssh-server", "openssh-client", "iproute2", "iputils-ping", "kmod", "systemd"];

/** An engine whose clock is real (systemd's timers are what is tried), or why there is none. */
export async function realEngine(name: "uml" | "uml-tt" = "uml"): Promise<Engine | string> {
  const chosen = await chooseEngine(name);
  if (!chosen.ok) return chosen.error.message;
  return (await probeEngine(chosen.value))?.message ?? chosen.value;
}

const unit = (name: string): string => readFileSync(join(root, "deploy", name), "utf8");

/** All that stands on the host's disk before it is booted first. */
function filesOf(host: KindOfHost): Readonly<Record<string, string>> {
  return {
    ...host.files,
    "/etc/holdfast/holdfast.yaml": host.wanted,
    "/etc/holdfast/wrong.yaml": host.wrong,
    "/etc/init.d/holdfast-recover": unit("init.d/holdfast-recover"),
    "/etc/holdfast/openrc-recover": unit("openrc/holdfast-recover"),
    "/usr/lib/systemd/system/holdfast-recover.service": unit("holdfast-recover.service"),
  };
}

/** Plays scenes in one lab, and gives what each said. Throws when the lab itself failed. */
export async function playScenes(
  engine: Engine,
  names: readonly string[],
  onSaid: (said: Record<string, unknown>) => void,
  timeoutMs: number,
  kind: HostKind = "ifupdown",
): Promise<void> {
  const host = hostOf(kind);
  const runner = join(root, ".cache", `apply-guest-${process.pid}.mjs`);
  await bundleGuest(root, "test/lab/apply/guest.ts", runner);
  try {
    let trouble = "";
    const result = await runLab({
      engine,
      job: {
        plan: remoteHost(host.router),
        clock: "real",
        radioKeys,
        drills: [],
        files: filesOf(host),
        modes: host.modes,
        host: {
          units: host.units,
          isDaemon: host.isDaemon,
          hasUdev: host.hasUdev,
          init: host.init,
          address: host.address,
          router: host.router,
        },
        program: process.env["HOLDFAST_HOME"] ?? root,
        modules: ["koffi", "@koromix"].map((name) => join(root, "node_modules", name)),
        scenes: names,
      },
      runner,
      packages: [...packages, ...host.packages],
      memoryMb: 768,
      timeoutMs,
      onMessage(message) {
        const said = message as Record<string, unknown>;
        if (said["failed"] !== undefined && said["scene"] === undefined) trouble = String(said["failed"]);
        else onSaid(said);
      },
    });
    if (trouble !== "") throw new Error(trouble);
    if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message} ${result.error.log ?? ""}`);
  } finally {
    rmSync(runner, { force: true });
  }
}
