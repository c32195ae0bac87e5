import { resolve } from "node:path";
import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { secretKeyOf } from "../../diagnostic/secret-keys.ts";
import { observeAround } from "../../host/linux/observe/observe-around.ts";
import { observeHost } from "../../host/linux/observe/observe-host.ts";
import type { Seen } from "../../init/seen.ts";
import type { Wifi } from "../../model/bond.ts";
import { type Config, emptyConfig } from "../../model/config.ts";
import { optionInForce } from "../../model/defaults.ts";
import { type BondOptions, optionNames } from "../../model/options.ts";
import { check } from "../../rules/check.ts";
import { hostSubject } from "../../rules/host-subject.ts";
import { understand } from "../judge.ts";
import { maxBondsOf } from "../module-options.ts";
import { asShown, type Shown } from "../shown.ts";
import { readSubject, type Subject } from "../subject.ts";

/** A host, looked at. */
export interface Looked {
  readonly seen: Seen;
  /** What its files declare, if that is a bond with ports; else nothing. */
  readonly declared: Config;
  /** Errors that `check` finds in its files, with their texts; what it would say of what runs isn't among them. Paths are as typed. */
  readonly wrong: Shown;
  /** Files that could not be read. */
  readonly unread: readonly Diagnostic[];
}

/** Looks at this host, or at a copy below another root. Changes nothing and sends nothing. */
export async function lookAtHost(root: string, cwd: string): Promise<Looked> {
  const place = resolve(cwd, root);
  const subject = await readSubject(root, cwd);
  const host = await observeHost(place);
  const around = await observeAround(host, place);
  const facts = { maxBonds: maxBondsOf(subject.files) ?? 0 };
  const judged = hostSubject(subject.files, host, { facts, fileModes: subject.modes });
  // Nobody runs who would read them, as below another root: the files speak for themselves.
  const detected = host.language === undefined && host.bonds.length === 0 ? understand(subject, facts) : undefined;
  const read = detected === undefined || "code" in detected ? judged : detected.judged;
  const { config, dialect } = read;
  const seen = { host, around, configured: config, language: dialect, networks: networksIn(subject.files, config) };
  const unread = asShown(subject, []).diagnostics;
  return { seen, declared: declaredIn(config, dialect), wrong: wrongIn(subject, check(read)), unread };
}

function wrongIn(subject: Subject, found: readonly Diagnostic[]): Shown {
  const errors = found.filter(({ severity, at }) => severity === "error" && subject.files.has(at?.file ?? ""));
  return asShown({ ...subject, diagnostics: [] }, errors);
}

/** Names of radio networks, from what was understood and from the files of programs that join them. */
function networksIn(files: FileSet, config: Config): readonly string[] {
  const understood = config.interfaces.flatMap(({ wifi }) => (wifi === undefined ? [] : [wifi.ssid]));
  const written = [...files].flatMap(([path, text]) => {
    if (path.startsWith("/etc/wpa_supplicant/")) return captures(text, /^[ \t]*ssid="(.*)"[ \t\r]*$/gm);
    return path.endsWith(".nmconnection") ? captures(text, /^ssid=(.+)$/gm) : [];
  });
  return [...new Set([...understood, ...written])];
}

function captures(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, found = ""]) => found);
}

/** A host without a bond declares nothing that a holdfast.yaml is about. */
function declaredIn(config: Config, language: string): Config {
  const bonds = config.bonds.filter(({ ports }) => ports.length > 0);
  if (bonds.length === 0) return emptyConfig;
  const trimmed = bonds.map((bond) => ({
    ...bond,
    options: language === "running" ? said(bond.options) : bond.options,
  }));
  const interfaces = config.interfaces.map((one) => (one.wifi === undefined ? one : { ...one, wifi: open(one.wifi) }));
  return { ...config, bonds: trimmed, interfaces };
}

/** A kernel shows every option there is: those at its own defaults are left unsaid. */
function said(options: BondOptions): BondOptions {
  const { mode } = options;
  const own: BondOptions = mode === undefined ? {} : { mode };
  const names = optionNames.filter(
    (name) =>
      options[name] !== undefined &&
      JSON.stringify(options[name]) !== JSON.stringify(optionInForce(own, name)) &&
      !(Array.isArray(options[name]) && options[name].length === 0),
  );
  return Object.fromEntries(names.map((name) => [name, options[name]])) as BondOptions;
}

/** What may stand in a holdfast.yaml of how a radio joins: passwords of all kinds stay where they are. */
function open({ settings = {}, ...wifi }: Wifi): Wifi {
  const harmless = Object.entries(settings).filter(([key]) => secretKeyOf(key) === undefined);
  return harmless.length === 0 ? wifi : { ...wifi, settings: Object.fromEntries(harmless) };
}
