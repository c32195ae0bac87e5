import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import { secretRanges } from "../diagnostic/secrets.ts";
import { withSourceDefaults } from "../dialects/account.ts";
import type { HostFacts } from "../dialects/dialect.ts";
import { dialectNamed } from "../dialects/registry.ts";
import type { Config } from "../model/config.ts";
import { withDefaults } from "../model/defaults.ts";
import type { HostState } from "../model/host-state.ts";
import { isLeftToNetworkManager } from "../model/managers.ts";
import { failed, ok, type Result } from "../model/result.ts";
import type { Acts, BondTurn, Situation } from "./backend.ts";
import { ifupdownBackend } from "./backends/ifupdown.ts";
import { ifupdown2Backend } from "./backends/ifupdown2.ts";
import { netlinkBackend } from "./backends/netlink.ts";
import { netplanBackend } from "./backends/netplan.ts";
import { networkdBackend } from "./backends/networkd.ts";
import { networkmanagerBackend } from "./backends/networkmanager.ts";
import type { BackendName, Change, FileChange, FileImage } from "./change.ts";
import { isCloudInit, toldOff } from "./cloud-init.ts";
import { type Merged, mergeInto } from "./merge.ts";
import { readdressingOf } from "./readdress.ts";
import { type HostRoute, mergeIntoRunning } from "./running-host.ts";
import { saySummary } from "./summary.ts";
import { withTellings } from "./tell-daemons.ts";
import { turnOf } from "./turn.ts";
import { sayWhoseMac } from "./whose-mac.ts";

/** A host before a change, as far as the change must know it. */
export interface HostNow {
  readonly state: HostState;
  /** Files of the language that counts, and of programs its renderer writes for, by path as on the host. */
  readonly files: FileSet;
  /** The same files as they stand on the disk. */
  readonly images: ReadonlyMap<string, FileImage>;
  readonly facts: HostFacts;
  /** Routes of the main table through routers; only a change by netlink alone asks for them. */
  readonly routes?: readonly HostRoute[];
}

/** What would be done, and what it makes of the host. */
export interface Plan {
  readonly change: Change;
  readonly merged: Merged;
  /** "bond0: miimon 100 → 50" */
  readonly summary: string;
  /** What nobody asked for in so many words, with why and what it costs, a sentence or two each. */
  readonly unasked: readonly string[];
  /** Neither a file nor the running host has to change. */
  readonly isNothing: boolean;
}

const backends: Readonly<Partial<Record<BackendName, (situation: Situation) => Acts>>> = {
  ifupdown: ifupdownBackend,
  ifupdown2: ifupdown2Backend,
  netlink: netlinkBackend,
  netplan: netplanBackend,
  networkd: networkdBackend,
  networkmanager: networkmanagerBackend,
};

/** Languages by the backend that reads them; netlink reads none. */
export const languageOf: Readonly<Partial<Record<BackendName, string>>> = {
  ifupdown: "ifupdown",
  ifupdown2: "ifupdown2",
  netplan: "netplan",
  networkd: "networkd",
  networkmanager: "networkmanager",
};

/** Plans how a host becomes what a holdfast.yaml declares. Touches nothing. Fails with every reason why it can't be done for sure. */
export function planChange(declared: Config, now: HostNow, name: BackendName): Result<Plan, readonly Diagnostic[]> {
  const backend = backends[name];
  if (backend === undefined) return failed([noBackend(name)]);
  const merged = mergedBy(declared, now, name);
  if (!merged.ok) return merged;
  const files = fileChanges(merged.value, now);
  if (!files.ok) return files;
  const meant = dialectNamed(languageOf[name] ?? "")?.spellOutDefaults(merged.value.wanted) ?? merged.value.wanted;
  const situation = { host: now.state, merged: merged.value, meant, bonds: turnsOf(merged.value, meant, now.state) };
  const isSettled = [...situation.bonds.values()].every(isSame);
  const acts = isSettled && files.value.length === 0 ? nothing : backend(situation);
  const change: Change = { files: files.value, ...withTellings(acts, files.value, name) };
  const isNothing = change.files.length + change.quiesce.length + change.converge.length === 0;
  const unasked = sayWhoseMac(declared, merged.value.before);
  return ok({ change, merged: merged.value, summary: saySummary(situation, change), unasked, isNothing });
}

function mergedBy(declared: Config, now: HostNow, name: BackendName): Result<Merged, readonly Diagnostic[]> {
  if (name === "netlink") return mergeIntoRunning(withDefaults(declared), now.state, now.routes ?? []);
  const dialect = dialectNamed(languageOf[name] ?? "");
  if (dialect === undefined) return failed([noBackend(name)]);
  const wanted = withSourceDefaults(withDefaults(declared), { spellOutDefaults: (config) => config }, dialect);
  const cloud = new Map([...now.files].filter(([path]) => isCloudInit(path)));
  const own = new Map([...now.files].filter(([path]) => !isCloudInit(path)));
  const merged = mergeInto(dialect, own, asRendered(wanted, now, name), now.facts);
  if (!merged.ok) return merged;
  const { files } = merged.value;
  return ok({ ...merged.value, files: new Map([...files, ...cloud, ...toldOff(cloud, own, files)]) });
}

/** netplan's definitions say who carries them out: whoever does now, or whom its files name. */
function asRendered(wanted: Config, { state, files }: HostNow, name: BackendName): Config {
  if (name !== "netplan") return wanted;
  const isNamed = [...files.values()].some(isLeftToNetworkManager);
  if (!isNamed && state.inCharge !== "networkmanager") return wanted;
  const renderer = { key: "renderer", value: '"NetworkManager"', from: "netplan" };
  return { ...wanted, interfaces: wanted.interfaces.map((iface) => ({ ...iface, extra: [...iface.extra, renderer] })) };
}

const nothing: Acts = { quiesce: [], converge: [], restore: [] };

function isSame({ turn, readdressing, changedPorts }: BondTurn): boolean {
  return turn.kind === "same" && readdressing.kind === "same" && changedPorts.length === 0;
}

function turnsOf(merged: Merged, meant: Config, host: HostState): ReadonlyMap<string, BondTurn> {
  return new Map(
    meant.bonds.map((bond) => {
      const running = host.bonds.find(({ name }) => name === bond.name);
      const turn = turnOf(running, bond);
      const readdressing = readdressingOf(bond.name, merged.before, merged.after);
      const changedPorts = (running?.ports ?? []).filter(
        (port) => bond.ports.includes(port) && readdressingOf(port, merged.before, merged.after).kind !== "same",
      );
      return [bond.name, { turn, readdressing, changedPorts }];
    }),
  );
}

/** Files with other bytes or other permissions than they have. */
function fileChanges({ files, secret }: Merged, now: HostNow): Result<readonly FileChange[], readonly Diagnostic[]> {
  const changes: FileChange[] = [];
  for (const path of new Set([...now.files.keys(), ...files.keys()])) {
    const [was, is] = [now.files.get(path), files.get(path)];
    if (was === is) continue;
    const before = now.images.get(path) ?? null;
    if (was !== undefined && (before === null || !isText(before.bytes, was))) return failed([noText(path)]);
    const isSecret = secret.has(path) || [was, is].some((text) => text !== undefined && secretRanges(text).length > 0);
    const after = is === undefined ? null : imageOf(is, before, isSecret || secret.has(path));
    changes.push({ path, before, after, isSecret });
  }
  return ok(changes.toSorted((a, b) => (a.path < b.path ? -1 : 1)));
}

/** The owner and the permissions stay; a file that gets a key is nobody else's to read. */
function imageOf(text: string, before: FileImage | null, isSecret: boolean): FileImage {
  const mode = before?.mode ?? 0o644;
  return {
    uid: 0,
    gid: 0,
    ...before,
    bytes: new TextEncoder().encode(text),
    mode: isSecret ? mode & 0o700 : mode,
  };
}

function isText(bytes: Uint8Array, text: string): boolean {
  const again = new TextEncoder().encode(text);
  return again.length === bytes.length && again.every((byte, at) => byte === bytes[at]);
}

function noText(path: string): Diagnostic {
  return {
    code: "plan-cannot-merge",
    severity: "error",
    message: `${path} holds bytes that are no UTF-8: Holdfast would not give them back as they are`,
    hint: "Mend the file (often a comment in an old encoding), then plan again.",
    at: { file: path, start: 0, end: 0 },
  };
}

function noBackend(name: BackendName): Diagnostic {
  return {
    code: "plan-no-backend",
    severity: "error",
    message: `Holdfast can't plan for ${name}`,
    hint: "Write the files with holdfast render, and put them in place under holdfast guard.",
  };
}
