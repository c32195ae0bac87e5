import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import { type HostState, linkNamed } from "../model/host-state.ts";
import { type ManagerName, managers } from "../model/managers.ts";
import type { BackendName, Change } from "./change.ts";
import type { Merged } from "./merge.ts";

/** What of a plan can be seen to fail on the host as it runs now: better said before anything is touched than found out without a network. */
export function unfitNow(
  { change, merged }: { readonly change: Change; readonly merged: Merged },
  state: HostState,
  isInstalled: (program: string) => boolean,
): readonly Diagnostic[] {
  return [...resting(change.backend, state), ...missingPorts(merged, state), ...missingPrograms(change, isInstalled)];
}

/** A manager that doesn't run makes nothing real, neither the change nor the way back. ifupdown has nothing that would run. */
function resting(backend: BackendName, state: HostState): readonly Diagnostic[] {
  const name = carrierOut(backend, state);
  if (name === undefined || state.managers.some((one) => one.name === name && one.isRunning)) return [];
  const [unit = ""] = managers[name].units;
  return [
    problem(
      "plan-not-running",
      `${managers[name].title} doesn't run, and nobody else would make these files real`,
      `Start it (systemctl start ${unit}) and look whether the host is still reached, or name with --to who really manages the network.`,
    ),
  ];
}

function carrierOut(backend: BackendName, { inCharge }: HostState): ManagerName | undefined {
  if (backend === "netplan") return inCharge === "networkmanager" ? "networkmanager" : "networkd";
  return backend === "networkd" || backend === "networkmanager" ? backend : undefined;
}

/** A port that isn't there any more, or not yet: a bond without it works, but nobody has seen it work with it. */
function missingPorts({ wanted }: Merged, state: HostState): readonly Diagnostic[] {
  const isThere = (name: string): boolean =>
    linkNamed(state, name) !== undefined ||
    // It is given that name when the bond's files are in place.
    wanted.interfaces.some((one) => one.name === name && one.match !== undefined);
  return wanted.bonds.flatMap((bond) => {
    const missing = bond.ports.filter((port) => !isThere(port));
    const [are, they] = missing.length === 1 ? ["isn't", "it is"] : ["aren't", "they are"];
    if (missing.length === 0) return [];
    if (missing.length === bond.ports.length)
      return [
        problem(
          "plan-no-port",
          `none of the ports of ${bond.name} is on this host: ${missing.join(", ")}`,
          "Plug one in, or correct its name: ip link lists what there is.",
        ),
      ];
    return [
      problem(
        "plan-port-missing",
        `${missing.join(" and ")} ${are} on this host now: ${bond.name} could not be proven with ${missing.length === 1 ? "it" : "them"}`,
        `Plug ${missing.length === 1 ? "it" : "them"} in or correct the name; --accept plan-port-missing goes on without, until ${they} there.`,
      ),
    ];
  });
}

function missingPrograms(change: Change, isInstalled: (program: string) => boolean): readonly Diagnostic[] {
  const programs = [...change.quiesce, ...change.converge, ...change.restore].map(({ argv }) => argv[0]);
  return [...new Set(programs)]
    .filter((program) => !isInstalled(program))
    .map((program) =>
      problem(
        "plan-program-missing",
        `${program} isn't installed, and the change or the way back needs it`,
        `Install the package that has ${program}, or name with --to who really manages the network.`,
      ),
    );
}

function problem(code: string, message: string, hint: string): Diagnostic {
  return { code, severity: "error", message, hint };
}
