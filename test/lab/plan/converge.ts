import { fileURLToPath } from "node:url";
import { packagesWith } from "../../../src/cli/rehearse/managers.ts";
import { startBus } from "../../../src/cli/rehearse/start-bus.ts";
import { parseHoldfast } from "../../../src/config/parse-holdfast.ts";
import { dialectNamed } from "../../../src/dialects/registry.ts";
import { runLab } from "../../../src/lab/boot.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import { emptyConfig } from "../../../src/model/config.ts";
import type { HostBond, HostLink, HostState } from "../../../src/model/host-state.ts";
import type { ManagerName } from "../../../src/model/managers.ts";
import type { BackendName, FileImage } from "../../../src/plan/change.ts";
import { type Plan, planChange } from "../../../src/plan/plan-change.ts";
import { broughtUpBy } from "./managers.ts";

/** What one playing of a change in the lab showed. */
export interface Played {
  readonly plan: Plan;
  readonly first: Seen;
  readonly forth: Flow;
  readonly changed: Seen;
  readonly back: Flow;
  readonly restored: Seen;
  readonly again: Flow;
  readonly changedAgain: Seen;
  readonly log: readonly string[];
}

interface Flow {
  /** Whether every step that had to work did. */
  readonly value: boolean;
  readonly sent: number;
  readonly lost: number;
  readonly lostMs: number;
}

type Row = Readonly<Record<string, unknown>>;
interface Seen {
  readonly links: readonly Row[];
  readonly addresses: readonly Row[];
  readonly routes: readonly Row[];
}

export interface Scene {
  readonly backend: Exclude<BackendName, "guard">;
  /** Files of the host before. */
  readonly before: ReadonlyMap<string, string>;
  /** The holdfast.yaml. */
  readonly wanted: string;
  readonly running: readonly HostBond[];
}

const guest = fileURLToPath(new URL("./guest.mjs", import.meta.url));
const peer = "192.0.2.1";

/** The links of the lab's host as it is observed before. */
function link(name: string, owner: Scene["backend"], bond: HostBond | undefined): HostLink {
  return {
    name,
    index: 1,
    kind: name.startsWith("bond") ? "bond" : "veth",
    driver: "",
    mac: "",
    permanentMac: "",
    mtu: 1500,
    isUp: true,
    hasCarrier: true,
    operState: "up",
    master: bond?.ports.includes(name) === true ? bond.name : "",
    on: [],
    device: "",
    isRadio: false,
    addresses: name === (bond?.name ?? "eth0") ? ["192.0.2.5/24"] : [],
    owners: (name === "eth1" && bond === undefined) || owner === "netlink" ? [] : [managerOf(owner)],
  };
}

/** The program that carries out what the files say. */
function managerOf(backend: Exclude<Scene["backend"], "netlink">): ManagerName {
  if (backend === "ifupdown2") return "ifupdown";
  return backend === "netplan" ? "networkd" : backend;
}

const isOfNetworkd = (backend: Scene["backend"]): boolean => backend === "networkd" || backend === "netplan";

export function planFor({ backend, before, wanted, running }: Scene): Plan {
  const names = ["eth0", "eth1", ...running.map(({ name }) => name)];
  const state: HostState = {
    kernel: "",
    commandLine: "",
    links: names.map((name) => link(name, backend, running[0])),
    bonds: running,
    managers: [],
    ...(backend === "netlink" ? {} : { inCharge: managerOf(backend) }),
    trace: [],
    radios: [],
    supplicants: [],
    units: [],
    rootType: "",
    namespaces: [],
    texts: new Map(),
    unseen: [],
  };
  const mode = backend === "networkmanager" ? 0o600 : 0o644;
  const images = new Map(
    [...before].map(([path, text]): [string, FileImage] => [
      path,
      { bytes: new TextEncoder().encode(text), mode, uid: 0, gid: 0 },
    ]),
  );
  const { config } = parseHoldfast("holdfast.yaml", wanted);
  const routes = [{ link: running[0]?.name ?? "eth0", to: "default", via: peer, metric: 0 }];
  const plan = planChange(config, { state, files: before, images, facts: { maxBonds: 0 }, routes }, backend);
  if (!plan.ok) throw new Error(JSON.stringify(plan.error));
  return plan.value;
}

/** Plays a change in a lab, back and forth again. */
export async function play(engine: Engine, scene: Scene): Promise<Played> {
  const plan = planFor(scene);
  const images = (which: "before" | "after") =>
    Object.fromEntries(
      plan.change.files.map((file) => {
        const image = file[which];
        return [file.path, image === null ? null : { text: new TextDecoder().decode(image.bytes), mode: image.mode }];
      }),
    );
  const untouched = [...scene.before].filter(([path]) => !plan.change.files.some((file) => file.path === path));
  const mode = scene.backend === "networkmanager" ? 0o600 : 0o644;
  const rest = Object.fromEntries(untouched.map(([path, text]) => [path, { text, mode }]));
  const manager = broughtUpBy(scene.backend, peer);
  const { commands, sys, emptied = [] } = manager.bringUp(scene.before);
  const prepare = [
    ...(sys === "read-only" ? ["mount --bind /sys/devices /sys/devices && mount -o remount,bind,ro /sys"] : []),
    ...emptied.map((path) => `mkdir -p ${path} && mount -t tmpfs -o mode=755 tmpfs ${path}`),
    ...(isOfNetworkd(scene.backend) ? [busForNetworkd] : []),
  ];
  const job = {
    peer,
    prepare,
    before: { ...rest, ...images("before") },
    after: images("after"),
    gone: Object.fromEntries(Object.entries(images("before")).filter(([, image]) => image === null)),
    bringUp: commands,
    change: plan.change,
    isPlayedTwice: scene.running.length === 0,
    settleMs: ["ifupdown", "ifupdown2", "netlink"].includes(scene.backend) ? 1000 : 3000,
  };
  const messages: unknown[] = [];
  const ran = await runLab({
    engine,
    job,
    runner: guest,
    packages: [...packagesWith(manager), "dbus-daemon"],
    timeoutMs: 120_000,
    onMessage: (message) => messages.push(message),
  });
  if (!ran.ok) throw new Error(`${ran.error.message} ${JSON.stringify(messages)}`);
  const told = messages.at(-1) as Played & { readonly failed?: string };
  if (told === undefined || told.failed !== undefined)
    throw new Error(JSON.stringify(told ?? ran.value.log.slice(-2000), null, 1));
  return { ...told, plan };
}

/** networkctl asks networkd over the system's bus. */
const busForNetworkd = `mkdir -p /run/systemd/netif; ${startBus}`;

/** Files that a manager's own dialect writes of a configuration. */
export function filesOf(backend: string, wanted: string): ReadonlyMap<string, string> {
  const { config } = parseHoldfast("holdfast.yaml", wanted);
  return dialectNamed(backend)?.render({ ...emptyConfig, ...config }).files ?? new Map();
}
