import { startedInterface, supplicantInterface, supplicantPath, supplicantUnit } from "../dialects/wpa-supplicant.ts";
import type { Acts } from "./backend.ts";
import { netplanGenerate } from "./backends/netplan.ts";
import type { BackendName, Change, FileChange, Step } from "./change.ts";
import { reloadUnits, systemctl } from "./systemd-steps.ts";

/** What a backend's steps become where other programs' files change with its own: who reads them only when told is told, there and
 *  back, and before the network starts at a boot. */
export function withTellings(acts: Acts, files: readonly FileChange[], backend: BackendName): Omit<Change, "files"> {
  const paths = files.map(({ path }) => path);
  const reload = tells(paths);
  const names = new Set(files.flatMap(({ path }) => radioOf(path) ?? []));
  // The backend may have one begin anew already, there and back.
  const radios = [...names]
    .map((name) => supplicantOf(name, files))
    .filter(({ forth }) => !isAmong(acts.converge, forth));
  const isGenerated = backend === "netplan" && files.length > 0;
  const atBoot = isGenerated ? [generate, reloadUnits] : reload.atBoot;
  return {
    backend,
    ...acts,
    converge: [...reload.now, ...acts.converge, ...radios.map(({ forth }) => forth)],
    restore: [...reload.now.map(goOn), ...acts.restore, ...radios.map(({ back }) => goOn(back))],
    ...(atBoot.length === 0 ? {} : { atBoot }),
  };
}

/** systemd runs netplan's generator before anything of ours: what it made of new files must be made anew of the old ones. */
const generate = goOn(netplanGenerate);

/** Source: nmcli(1), general reload; systemctl(1), daemon-reload. */
function tells(paths: readonly string[]): { readonly now: readonly Step[]; readonly atBoot: readonly Step[] } {
  const isOf = (folder: string) => paths.some((path) => path.startsWith(folder));
  const settings: Step = {
    argv: ["nmcli", "general", "reload", "conf"],
    limitSeconds: 30,
    why: "Tells NetworkManager to read its settings again",
    onFailure: "go-on",
  };
  const units = isOf("/etc/systemd/system/") ? [reloadUnits] : [];
  return { now: [...units, ...(isOf("/etc/NetworkManager/conf.d/") ? [settings] : [])], atBoot: units };
}

interface Supplicant {
  readonly forth: Step;
  readonly back: Step;
}

/** The radio that a file is about: what its supplicant reads, or what starts that. */
function radioOf(path: string): string | undefined {
  const own = supplicantInterface(path);
  return own !== undefined && path === supplicantPath(own) ? own : startedInterface(path);
}

/** wpa_supplicant of one radio, as networkd's files have it: it reads its file only when it starts, and networkd starts it with itself alone.
 *  One whose file was there may have run, whoever started it. */
function supplicantOf(name: string, files: readonly FileChange[]): Supplicant {
  const changed = files.filter(({ path }) => radioOf(path) === name);
  const start = systemctl(["restart", supplicantUnit(name)], `Lets ${name} join the network that its file names`);
  const stop = systemctl(["stop", supplicantUnit(name)], `Lets ${name} leave its network`);
  return {
    forth: changed.some(({ after }) => after === null) ? stop : start,
    back: changed.every(({ before }) => before === null) ? stop : start,
  };
}

function isAmong(steps: readonly Step[], one: Step): boolean {
  return steps.some(({ argv }) => argv.join(" ") === one.argv.join(" "));
}

function goOn(step: Step): Step {
  return { ...step, onFailure: "go-on" };
}
