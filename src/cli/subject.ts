import { existsSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import { type FilesRead, readText, readTree } from "../host/linux/read-files.ts";
import { readProblem, sayUnread } from "../host/linux/read-problem.ts";

/** One thing the user named: a file, or a directory that stands for a host's root. */
export interface Subject {
  /** As typed. */
  readonly name: string;
  /** The one file that was named; absent for a directory. A key of `files`. */
  readonly file?: string;
  /** Texts by path as on the host: a root's "etc/network/interfaces" is "/etc/network/interfaces". */
  readonly files: FileSet;
  /** Permission bits by the same paths. */
  readonly modes: ReadonlyMap<string, number>;
  /** Where on this machine each of those paths is, as the user would type it. */
  readonly shown: ReadonlyMap<string, string>;
  /** What could not be read. Places are as shown, everywhere else as on the host. */
  readonly diagnostics: readonly Diagnostic[];
  /** Nothing is there, or it may not be read; the diagnostics say so. */
  readonly isUnread: boolean;
}

/* Where network configuration lives, below a root. Directories end in a slash and are read whole. */
const places = [
  "etc/network/",
  "etc/netplan/",
  "lib/netplan/",
  "usr/lib/netplan/",
  "run/netplan/",
  "etc/cloud/cloud.cfg.d/",
  "etc/systemd/network/",
  "run/systemd/network/",
  "usr/local/lib/systemd/network/",
  "etc/wpa_supplicant/",
  // What brings a radio's supplicant along, and makes it wait for its bond.
  "etc/systemd/system/systemd-networkd.service.d/10-wpa-",
  "etc/systemd/system/wpa_supplicant@",
  "etc/systemd/system/netplan-wpa-",
  "etc/NetworkManager/system-connections/",
  // What of a radio no profile says.
  "etc/NetworkManager/conf.d/90-holdfast-",
  "run/NetworkManager/system-connections/",
  "usr/lib/NetworkManager/system-connections/",
  "etc/nmstate/",
  "etc/sysconfig/network-scripts/",
  "etc/sysconfig/network/",
  "etc/wicked/ifconfig/",
  "etc/holdfast/",
  "etc/dhcpcd.conf",
  "etc/modprobe.d/",
  "etc/modules-load.d/",
  "etc/modules",
  "etc/modprobe.conf",
];

const interfaces = "/etc/network/interfaces";
const units = "/etc/systemd/network";
const profiles = "/etc/NetworkManager/system-connections";
const sysconfigs = ["/etc/sysconfig/network-scripts", "/etc/sysconfig/network"];

/** Reads what a path stands for: a root, a copy of /etc/network, or one file with the interfaces.d/ beside it. */
export async function readSubject(name: string, cwd: string): Promise<Subject> {
  const path = resolve(cwd, name);
  // What other programs call standard input; a file of that name is ./-
  if (name === "-") return nothing(name, sayUnread("- (standard input)", "not-regular"));
  try {
    const about = statSync(path);
    if (isUnit(path) && !about.isDirectory()) return await readUnitsSubject(name, path);
    if (path.endsWith(".nmconnection") && !about.isDirectory()) return await readProfilesSubject(name, path);
    if (isSysconfig(basename(path)) && !about.isDirectory()) return await readSysconfigSubject(name, path);
    if (!about.isDirectory()) return await readFileSubject(name, path);
    if (sysconfigs.some((folder) => path.endsWith(folder)))
      return below(name, onHost(path), await readTree(path, isInSysconfig));
    if (existsSync(join(path, "etc"))) return below(name, "", await readTree(path, isPlace));
    if (basename(path) === "etc")
      return below(name, "/etc", await readTree(path, (inside) => isPlace(`etc/${inside}`)));
    if (existsSync(join(path, "interfaces"))) return below(name, "/etc/network", await readTree(path, isVisible));
    return below(
      name,
      [units, profiles].find((known) => path.endsWith(known)) ?? "",
      await readTree(path, isConfiguration),
    );
  } catch (problem) {
    return nothing(name, sayUnread(name, readProblem(problem)));
  }
}

/** A unit of systemd-networkd means nothing without those beside it: the first that fits a link counts. */
async function readUnitsSubject(name: string, path: string): Promise<Subject> {
  const folder = dirname(path);
  const tree = await readTree(folder, (inside) => isUnit(inside) && inside.split("/").length <= 2);
  return { ...below(dirname(name), folder.endsWith(units) ? units : "", tree), name };
}

/** A profile says nothing of the bond's ports: theirs name the bond. */
async function readProfilesSubject(name: string, path: string): Promise<Subject> {
  const folder = dirname(path);
  const isBeside = (inside: string) => inside.split("/").length <= 2 && inside.endsWith(".nmconnection");
  const tree = await readTree(folder, (inside) => isVisible(inside) && isBeside(inside));
  return { ...below(dirname(name), folder.endsWith(profiles) ? profiles : "", tree), name };
}

/** A file of one interface means little without those of its ports, its routes and its keys. */
async function readSysconfigSubject(name: string, path: string): Promise<Subject> {
  const folder = dirname(path);
  return { ...below(dirname(name), onHost(folder), await readTree(folder, isInSysconfig)), name };
}

/** A sysconfig folder of any root as it is called on the host; "" for any other. */
function onHost(folder: string): string {
  return sysconfigs.find((known) => folder.endsWith(known)) ?? "";
}

function isInSysconfig(path: string): boolean {
  return (
    isVisible(path) && path.split("/").length <= 2 && (isSysconfig(basename(path)) || /^\/?(routes|config)$/.test(path))
  );
}

/** What an interface, its routes, rules and keys are called on Red Hat's and SUSE's systems. */
function isSysconfig(name: string): boolean {
  return /^(ifcfg|route6?|rule6?|keys|ifroute|ifsysctl)-[^/]+$/.test(name);
}

/** A .netdev, .network or .link, or what lies in its drop-in directory. */
function isUnit(path: string): boolean {
  return isVisible(path) && /(^|\/)[^/]+\.(network|netdev|link)(\.d\/([^/]+\.conf)?)?$/.test(path);
}

async function readFileSubject(name: string, path: string): Promise<Subject> {
  // The host's own file, or a root's: the files it sources may be anywhere in that root.
  if (path.endsWith(interfaces)) {
    const root = path.slice(0, -interfaces.length);
    const shown = name.endsWith(interfaces) ? name.slice(0, -interfaces.length) : root;
    return { ...below(shown, "", await readTree(root || "/", isPlace)), name };
  }
  const read = await readText(path);
  if (typeof read === "string") return nothing(name, sayUnread(name, read));
  const beside = join(dirname(path), "interfaces.d");
  const tree = existsSync(beside) ? await readTree(beside, isVisible) : noFiles;
  const siblings = below(join(dirname(name), "interfaces.d"), beside, tree);
  return {
    name,
    file: path,
    files: new Map([[path, read.text], ...siblings.files]),
    modes: new Map([[path, read.mode], ...siblings.modes]),
    shown: new Map([[path, name], ...siblings.shown]),
    isUnread: false,
    diagnostics: [...(read.isUtf8 ? [] : [sayUnread(name, "not-utf8")]), ...siblings.diagnostics],
  };
}

/** The same subject with the named file taken for /etc/network/interfaces and the files beside it for interfaces.d. */
export function asInterfaces(subject: Subject): Subject {
  const { file } = subject;
  if (file === undefined) return subject;
  const folder = dirname(file);
  const from = folder === "/" ? 0 : folder.length;
  const onHost = (path: string) => (path === file ? interfaces : dirname(interfaces) + path.slice(from));
  const moved = <T>(map: ReadonlyMap<string, T>) => new Map([...map].map(([path, value]) => [onHost(path), value]));
  return {
    ...subject,
    file: interfaces,
    files: moved(subject.files),
    modes: moved(subject.modes),
    shown: moved(subject.shown),
  };
}

/** The same subject without the files beside the named one: other languages don't know interfaces.d. */
export function alone(subject: Subject): Subject {
  const { file } = subject;
  if (file === undefined) return subject;
  const only = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([path]) => path === file));
  return { ...subject, files: only(subject.files), modes: only(subject.modes), shown: only(subject.shown) };
}

const noFiles: FilesRead = { files: new Map(), modes: new Map(), diagnostics: [] };

/** What was read below a directory the user calls `name`, with paths that begin with `prefix` on the host. */
function below(name: string, prefix: string, tree: FilesRead): Subject {
  const moved = <T>(map: ReadonlyMap<string, T>) => new Map([...map].map(([path, value]) => [prefix + path, value]));
  const bare = name.replace(/(?<!\/)\/+$/, "");
  const shown = (path: string) => bare + path;
  return {
    name,
    files: moved(tree.files),
    modes: moved(tree.modes),
    isUnread: false,
    shown: new Map([...tree.files.keys()].map((path) => [prefix + path, shown(path)])),
    diagnostics: tree.diagnostics.filter(isWorthSaying).map((one) => ({
      ...one,
      message: one.at === undefined ? one.message : one.message.replace(one.at.file, shown(one.at.file)),
      ...(one.at === undefined ? {} : { at: { ...one.at, file: shown(one.at.file) } }),
    })),
  };
}

/** Debian ships /etc/modules-load.d/modules.conf as a link to a file that needn't be there. */
function isWorthSaying({ code, at }: Diagnostic): boolean {
  return code !== "link-leads-nowhere" || !/^\/?etc\/(modules|modprobe)/.test(at?.file ?? "");
}

function nothing(name: string, problem: Diagnostic): Subject {
  return { name, files: new Map(), modes: new Map(), shown: new Map(), diagnostics: [problem], isUnread: true };
}

/** A file or directory that is, holds or is held by one of the places. */
function isPlace(path: string): boolean {
  // netplan's and wpa_supplicant's own programs lie beside their files.
  const isProgram =
    (/(^|\/)netplan\/[^/]+$/.test(path) && !path.endsWith(".yaml")) || /(^|\/)wpa_supplicant\/[^/]+\.sh$/.test(path);
  const folder = path.endsWith("/") ? path : `${path}/`;
  return places.some((place) => path.startsWith(place) || place.startsWith(folder)) && isVisible(path) && !isProgram;
}

/** In a directory of any kind, what is named as network configuration is; nothing else in it is looked at. */
function isConfiguration(path: string): boolean {
  const named =
    /(^|\/)(interfaces|(ifcfg|ifroute|route6?|rule6?)-[^/]+|routes|[^/]+\.(ya?ml|network|netdev|link|nmconnection)|wpa_supplicant-[^/]+\.conf|[^/]+\.(network|netdev|link)\.d\/[^/]+\.conf)$/;
  const isDirectory = path.endsWith("/");
  return isVisible(path) && (isDirectory ? path.split("/").length <= deepest : named.test(path));
}

/* Levels below a directory of any kind: enough for a site's hosts, too few to walk through a whole disk. */
const deepest = 5;

/** Not a dot file, and not what editors and package managers leave behind. */
function isVisible(path: string): boolean {
  const name = basename(path);
  return !name.startsWith(".") && !/(~|\.bak|\.dpkg-\w+|\.orig|\.rej|\.sw[op])$/.test(name);
}
