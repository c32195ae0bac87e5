import { existsSync, readFileSync } from "node:fs";
import type { HostLink, HostState } from "../../model/host-state.ts";
import { type ManagerName, managers } from "../../model/managers.ts";
import type { Step } from "../../plan/change.ts";

/** What tells the managers that their files are the old ones again; "now" on a running host, "boot" before its network starts. */
export interface ManagerSteps {
  readonly now: readonly Step[];
  readonly boot: readonly Step[];
}

const SYSTEMD = "/run/systemd/system";
const IFSTATE = "/run/network/ifstate";

/** The steps for the managers a host has. A manager that wasn't there isn't told. */
export function managerSteps(state: HostState): ManagerSteps {
  const running = new Set(state.managers.filter(({ isRunning }) => isRunning).map(({ name }) => name));
  const hasNetplan = state.managers.some(({ languages }) => languages.includes("netplan"));
  const generate = step(["netplan", "generate"], "netplan writes what its files say");
  const now: Step[] = running.size > 0 && existsSync(SYSTEMD) ? [...running].flatMap(startStep) : [];
  if (hasNetplan) now.push(step(["netplan", "apply"], "netplan has it done"));
  else if (running.has("networkd")) {
    now.push(step(["networkctl", "reload"], "networkd reads its files again"));
    const own = state.links.filter(({ owners }) => owners.includes("networkd")).map(({ name }) => name);
    if (own.length > 0)
      now.push(step(["networkctl", "reconfigure", ...own], `networkd sets up ${own.join(" and ")} again`));
  }
  if (running.has("networkmanager") && !hasNetplan) {
    now.push(step(["nmcli", "connection", "reload"], "NetworkManager reads its files again"));
    now.push(...state.links.filter(({ owners }) => owners.includes("networkmanager")).map(profileStep));
  }
  if (existsSync(IFSTATE)) now.push(ifstateStep());
  return { now, boot: hasNetplan ? [generate, step(["systemctl", "daemon-reload"], "systemd reads them")] : [] };
}

/** A command may have stopped it; one that runs is left alone. */
function startStep(name: ManagerName): readonly Step[] {
  const { process, title, units } = managers[name];
  return process === "" ? [] : units.map((unit) => step(["systemctl", "start", unit], `${title} runs`));
}

/** A link that is up follows its old profile while packets flow. One that was taken down, or away, is brought up by the profile it had. */
function profileStep({ name, index }: HostLink): Step {
  const why = `NetworkManager sets up ${name} again`;
  const uuid = /^connection-uuid=([\da-f-]+)$/m.exec(readOr(`/run/NetworkManager/devices/${index}`))?.[1];
  if (uuid === undefined) return step(["nmcli", "device", "reapply", name], why);
  const script = 'nmcli device reapply "$0" || nmcli --wait 20 connection up uuid "$1"';
  return step(["/bin/sh", "-c", script, name, uuid], why);
}

function readOr(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** What ifupdown believes to be up; empty after a boot. */
function ifstateStep(): Step {
  const stdin = readFileSync(IFSTATE, "utf8");
  return { ...step(["/bin/sh", "-c", `cat >${IFSTATE}`], "ifupdown knows what was up"), stdin };
}

function step(argv: Step["argv"], why: string): Step {
  return { argv, limitSeconds: 60, why, onFailure: "go-on" };
}
