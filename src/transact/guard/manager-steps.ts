import { existsSync, readFileSync } from "node:fs";
import type { HostState } from "../../model/host-state.ts";
import type { Step } from "../../plan/change.ts";

/** What tells the managers that their files are the old ones again; "now" on a running host, "boot" before its network starts. */
export interface ManagerSteps {
  readonly now: readonly Step[];
  readonly boot: readonly Step[];
}

const IFSTATE = "/run/network/ifstate";

/** The steps for the managers a host has. A manager that wasn't there isn't told. */
export function managerSteps(state: HostState): ManagerSteps {
  const running = new Set(state.managers.filter(({ isRunning }) => isRunning).map(({ name }) => name));
  const hasNetplan = state.managers.some(({ languages }) => languages.includes("netplan"));
  const generate = step(["netplan", "generate"], "netplan writes what its files say");
  const now: Step[] = [];
  if (hasNetplan) now.push(step(["netplan", "apply"], "netplan has it done"));
  else if (running.has("networkd")) {
    now.push(step(["networkctl", "reload"], "networkd reads its files again"));
    const own = state.links.filter(({ owners }) => owners.includes("networkd")).map(({ name }) => name);
    if (own.length > 0)
      now.push(step(["networkctl", "reconfigure", ...own], `networkd sets up ${own.join(" and ")} again`));
  }
  if (running.has("networkmanager") && !hasNetplan) {
    now.push(step(["nmcli", "connection", "reload"], "NetworkManager reads its files again"));
    const own = state.links.filter(({ owners }) => owners.includes("networkmanager"));
    now.push(
      ...own.map(({ name }) => step(["nmcli", "device", "reapply", name], `NetworkManager sets up ${name} again`)),
    );
  }
  if (existsSync(IFSTATE)) now.push(ifstateStep());
  return { now, boot: hasNetplan ? [generate, step(["systemctl", "daemon-reload"], "systemd reads them")] : [] };
}

/** What ifupdown believes to be up; empty after a boot. */
function ifstateStep(): Step {
  const stdin = readFileSync(IFSTATE, "utf8");
  return { ...step(["/bin/sh", "-c", `cat >${IFSTATE}`], "ifupdown knows what was up"), stdin };
}

function step(argv: Step["argv"], why: string): Step {
  return { argv, limitSeconds: 60, why, onFailure: "go-on" };
}
