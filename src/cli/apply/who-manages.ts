import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { hostTree } from "../../host/linux/observe/tree.ts";
import type { Config } from "../../model/config.ts";
import type { HostState } from "../../model/host-state.ts";
import { type ManagerName, managers } from "../../model/managers.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import type { BackendName } from "../../plan/change.ts";

/** Whose files are changed, and by which sign. */
export interface InCharge {
  readonly backend: BackendName;
  /** "ifupdown configures eth0" */
  readonly because: string;
}

const managerOf: Readonly<Partial<Record<BackendName, readonly ManagerName[]>>> = {
  ifupdown: ["ifupdown"],
  ifupdown2: ["ifupdown"],
  netplan: ["networkd", "networkmanager"],
  networkd: ["networkd"],
  networkmanager: ["networkmanager"],
};

/** Who brings the wanted ports up: whoever says it configures them, else whoever is in charge of the host. Fails where two claim them, where
 *  another than the asked one does, and where nobody does. */
export async function whoManages(
  root: string,
  state: HostState,
  wanted: Config,
  asked: BackendName | undefined,
): Promise<Result<InCharge, Diagnostic>> {
  const names = new Set(wanted.bonds.flatMap(({ name, ports }) => [name, ...ports]));
  const claims = state.links
    .filter(({ name }) => names.has(name))
    .flatMap(({ name, owners }) => owners.map((owner) => ({ owner, name })));
  const owners = [...new Set(claims.map(({ owner }) => owner))];
  if (owners.length > 1) return failed(twoManagers(claims));
  const owner = owners[0] ?? state.inCharge;
  if (asked === "netlink") {
    return owners[0] === undefined
      ? ok({ backend: "netlink", because: "it was asked for, and nobody manages the ports" })
      : failed(notInCharge(asked, claims));
  }
  if (asked !== undefined && owner !== undefined && managerOf[asked]?.includes(owner) !== true)
    return failed(notInCharge(asked, owners.length > 0 ? claims : [{ owner, name: "the network" }]));
  if (owner === undefined) {
    return asked === undefined
      ? failed(nobody())
      : ok({ backend: asked, because: "it was asked for, and nobody else was found" });
  }
  const backend = asked ?? (await backendOf(root, state, owner));
  if (backend === undefined) return failed(cannotDrive(owner));
  const own = claims.map(({ name }) => name);
  const because =
    own.length > 0
      ? `${managers[owner].title} configures ${own.join(" and ")}`
      : `${managers[owner].title} runs or is started at boot`;
  return ok({ backend, because });
}

async function backendOf(root: string, state: HostState, owner: ManagerName): Promise<BackendName | undefined> {
  const there = state.managers.find(({ name }) => name === owner)?.languages ?? [];
  const language = managers[owner].languages.find((one) => there.includes(one)) ?? managers[owner].languages.at(0);
  if (owner === "ifupdown") {
    const tree = hostTree(root);
    const second = await Promise.all(["/usr/share/ifupdown2", "/sbin/ifreload"].map((path) => tree.isThere(path)));
    return second.includes(true) ? "ifupdown2" : "ifupdown";
  }
  if (language === "netplan")
    return there.includes("netplan") ? "netplan" : owner === "networkd" ? "networkd" : "networkmanager";
  return language === "networkd" || language === "networkmanager" ? language : undefined;
}

type Claims = readonly { readonly owner: ManagerName; readonly name: string }[];

function said(claims: Claims): string {
  return claims.map(({ owner, name }) => `${managers[owner].title} configures ${name}`).join(", ");
}

function twoManagers(claims: Claims): Diagnostic {
  return {
    code: "plan-other-manager",
    severity: "error",
    message: `two programs manage the bond and its ports: ${said(claims)}`,
    hint: "Leave all of them to one program, and tell the other to keep away (NetworkManager: unmanaged-devices; networkd: Unmanaged=yes; ifupdown: no stanza).",
  };
}

function notInCharge(asked: BackendName, claims: Claims): Diagnostic {
  return {
    code: "plan-other-manager",
    severity: "error",
    message: `${asked} would get files for interfaces that another program manages: ${said(claims)}`,
    hint: "Leave --to out, or hand the interfaces over by hand first.",
  };
}

function nobody(): Diagnostic {
  return {
    code: "plan-nobody-in-charge",
    severity: "error",
    message: "no program was found that manages this host's network",
    hint: "Name one with --to, or use --to netlink to change only what runs now, until the next boot.",
  };
}

function cannotDrive(owner: ManagerName): Diagnostic {
  return {
    code: "plan-no-backend",
    severity: "error",
    message: `${managers[owner].title} manages the ports, and Holdfast can't make bonds with it on a running host`,
    hint: "Write its files with holdfast render, and put them in place under holdfast guard.",
  };
}
