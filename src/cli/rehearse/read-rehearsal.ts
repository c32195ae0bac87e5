import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { dialectNamed } from "../../dialects/registry.ts";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import { defaultObjectives, withDefaults } from "../../model/defaults.ts";
import { shareFiles } from "../../model/managers.ts";
import { check } from "../../rules/check.ts";
import { withLabKeys } from "../../topology/radios.ts";
import { type Reading, type Understood, understand } from "../judge.ts";
import { asShown, type Shown } from "../shown.ts";
import { readSubject, type Subject } from "../subject.ts";
import { readTopology } from "../topology-file.ts";
import { type Manager, type ManagerName, managerNamed } from "./managers.ts";

/** What the user asks to have rehearsed. */
export interface RehearsalRequest {
  readonly path: string;
  readonly cwd: string;
  readonly dialect?: string;
  readonly topology?: string;
  readonly maxBonds?: number;
  /** What brings the host up; absent: the manager whose language the files are in, or ifupdown. */
  readonly manager?: ManagerName;
}

/** All that a rehearsal needs to know, read and understood. */
export interface RehearsalInput {
  readonly subject: string;
  /** The network around the host, with objectives: the topology file's where one is given. */
  readonly config: Config;
  /** What the host's network manager reads, by path on the host. */
  readonly files: FileSet;
  readonly manager: ManagerName;
  /** Files that only root may read. */
  readonly secret: ReadonlySet<string>;
  readonly maxBonds: number;
  readonly findings: Shown;
  /** Of those, what the manager's language can't say and makes another bond of it. */
  readonly grave: readonly Diagnostic[];
}

export type RehearsalReading =
  | { readonly input: RehearsalInput }
  /** It can't be rehearsed; the diagnostics say why. */
  | { readonly refused: Shown };

/** Reads a holdfast.yaml (rendered for the host's manager) or files of a dialect (taken as they are). */
export async function readRehearsal(request: RehearsalRequest): Promise<RehearsalReading> {
  const around = request.topology === undefined ? undefined : await readTopology(request.topology, request.cwd);
  if (around?.isRead === false) return { refused: around.shown };
  const subject = await readSubject(request.path, request.cwd);
  if (subject.isUnread) return { refused: asShown(subject, []) };
  const read = understandAs(subject, request, around?.around);
  if ("code" in read) return { refused: asShown(subject, [read]) };
  const input =
    read.judged.dialect === "holdfast"
      ? ofHoldfast(read, request.manager)
      : ofDialect(read, request.manager, around?.config);
  if (!("files" in input)) return { refused: asShown(read.subject, input) };
  const { losses, ...rest } = input;
  const findings = asShown(read.subject, [...check(read.judged), ...losses]);
  const grave = losses.filter(({ severity }) => severity === "error");
  return { input: { ...rest, subject: request.path, maxBonds: request.maxBonds ?? input.maxBonds, findings, grave } };
}

/** Files that several managers read are read as the one that is asked for reads them. */
function understandAs(
  subject: Subject,
  { dialect, manager, maxBonds }: RehearsalRequest,
  around: Reading["around"],
): ReturnType<typeof understand> {
  const reading = {
    ...(dialect === undefined ? {} : { dialect }),
    ...(maxBonds === undefined ? {} : { maxBonds }),
    ...(around === undefined ? {} : { around }),
  };
  const read = understand(subject, reading);
  if (dialect !== undefined || manager === undefined || "code" in read) return read;
  const own = read.judged.dialect;
  return own !== manager && shareFiles(own, manager) ? understand(subject, { ...reading, dialect: manager }) : read;
}

/** `losses`: what the manager's language cannot say of it. */
type Part = Omit<RehearsalInput, "subject" | "findings" | "grave"> & { readonly losses: readonly Diagnostic[] };

/** A holdfast.yaml with errors says nothing definite that could be brought up. */
function ofHoldfast({ judged }: Understood, manager: ManagerName = "ifupdown"): Part | readonly Diagnostic[] {
  if (judged.diagnostics.some(({ severity }) => severity === "error")) return judged.diagnostics;
  const config = withDefaults(judged.config);
  const { losses, ...rest } = written(config, manager);
  // What another language cannot say of a holdfast.yaml is no news to its author, unless it is another bond then.
  const grave = losses.filter(({ severity }) => severity === "error");
  return { config, ...rest, losses: grave, manager, maxBonds: 0 };
}

/** The configuration in the manager's language. In the lab every link has the name the files know it by, and no hardware behind it
 *  that another name could be hung on. */
function written(config: Config, manager: ManagerName): Pick<Part, "files" | "secret" | "losses"> {
  const interfaces = withLabKeys(config).interfaces.map(({ match: _, ...iface }) => iface);
  const rendered = dialectNamed(manager)?.render({ ...config, interfaces });
  return {
    files: rendered?.files ?? new Map<string, string>(),
    secret: rendered?.secret ?? new Set(),
    losses: rendered?.losses ?? [],
  };
}

/** Somebody's own files are brought up as they are, whatever we think of them; for a manager of another language they are written
 *  anew. What the network around the host looks like comes from the topology file; without one it is guessed from the files. */
function ofDialect({ judged }: Understood, wanted: ManagerName | undefined, around: Config | undefined): Part {
  const own = managerNamed(judged.dialect);
  const manager = wanted ?? own?.name ?? "ifupdown";
  const maxBonds = judged.ifupdown?.facts.maxBonds ?? 0;
  const config = surroundings(judged.config, around);
  if (own?.name !== manager) return { config, ...written(judged.config, manager), manager, maxBonds: 0 };
  const files = inPlace(judged.files, own);
  const isSecret = (path: string): boolean => own.needsSecrecy === true || path.startsWith("/etc/wpa_supplicant/");
  const secret = new Set([...files.keys()].filter(isSecret));
  return { config, files, secret, losses: [], manager, maxBonds };
}

/** The manager's files where it looks for them: those of a host are there; those of any other directory are put there. */
function inPlace(files: FileSet, { places }: Manager): FileSet {
  const there = new Map([...files].filter(([path]) => places.some((place) => path.startsWith(place))));
  if (there.size > 0) return there;
  return new Map([...files].map(([path, text]) => [`${places[0] ?? "/"}${path.replace(/^\/+/, "")}`, text]));
}

/** The topology file's word counts for everything outside the host; the host's own files for its ports and addresses,
 *  as far as they came to anything. */
function surroundings(own: Config, around: Config | undefined): Config {
  const base = around === undefined ? emptyConfig : withDefaults(around);
  const bonds = own.bonds.some(({ ports }) => ports.length > 0) ? own.bonds : base.bonds;
  // Which network a port joins, and with what key, its own files know.
  const joining = (one: Interface): Interface => {
    const wifi = own.interfaces.find(({ name }) => name === one.name)?.wifi;
    return wifi === undefined ? one : { ...one, wifi };
  };
  const names = new Set(bonds.map(({ name }) => name));
  const addressed = own.interfaces.filter(({ name, ipv4 }) => names.has(name) && ipv4.addresses.length > 0);
  const taken = new Set(addressed.map(({ name }) => name));
  const rest = base.interfaces.filter(({ name }) => !taken.has(name));
  const others = around === undefined ? own.interfaces.filter(({ name }) => !taken.has(name)) : rest.map(joining);
  return {
    ...own,
    ...base,
    bonds,
    interfaces: [...addressed, ...others],
    objectives: base.objectives ?? defaultObjectives,
  };
}
