import { dirname, join, resolve } from "node:path";
import { agentPlaces } from "../../agent/places.ts";
import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { isMadeByItself } from "../../dialects/networkmanager/generated.ts";
import { dialectNamed } from "../../dialects/registry.ts";
import { observeHost } from "../../host/linux/observe/observe-host.ts";
import { readText } from "../../host/linux/read-files.ts";
import { readHostRoutes } from "../../host/linux/read-host-routes.ts";
import { readImage } from "../../host/linux/read-image.ts";
import { isInstalled } from "../../host/linux/run-step.ts";
import { Secret } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import type { HostState } from "../../model/host-state.ts";
import { isFileOf } from "../../model/managers.ts";
import type { BackendName, FileImage } from "../../plan/change.ts";
import { unfitNow } from "../../plan/fit-to-apply.ts";
import { type HostNow, languageOf, type Plan, planChange } from "../../plan/plan-change.ts";
import { check } from "../../rules/check.ts";
import { ifupdownSubject } from "../../rules/ifupdown-subject.ts";
import type { Subject as Judged } from "../../rules/rule.ts";
import { understand } from "../judge.ts";
import { maxBondsOf } from "../module-options.ts";
import { asShown, type Shown } from "../shown.ts";
import { readSubject, type Subject } from "../subject.ts";
import { withAgentsPrimary } from "./agents-primary.ts";
import { type InCharge, whoManages } from "./who-manages.ts";

/** What is asked of `plan` and `apply`. */
export interface PlanRequest {
  /** A holdfast.yaml. */
  readonly path: string;
  readonly cwd: string;
  /** This host's "/", or a directory with a copy of a host. */
  readonly root: string;
  readonly to?: BackendName;
  /** Codes of findings that shall not stop it. */
  readonly accept: readonly string[];
}

/** What came of planning. Nothing was touched. */
export type PlanOutcome =
  /** The holdfast.yaml can't be read, or has mistakes. */
  | { readonly kind: "unread"; readonly shown: Shown; readonly isFound: boolean }
  /** Why the change can't be made for sure, or shouldn't. */
  | { readonly kind: "refused"; readonly shown: Shown; readonly by?: InCharge }
  | {
      readonly kind: "planned";
      readonly plan: Plan;
      readonly by: InCharge;
      readonly state: HostState;
      readonly declared: Config;
      /** As it was written: keys aren't read in. */
      readonly written: Config;
      /** What the rules say of the result, and what its language can't express: nothing that stops it. */
      readonly shown: Shown;
    };

/** Plans how a host becomes what a holdfast.yaml declares. Changes nothing; needs no rights but to read. */
export async function makePlan(request: PlanRequest): Promise<PlanOutcome> {
  const { path, cwd, root } = request;
  const named = await readSubject(path, cwd);
  if (named.isUnread) return { kind: "unread", shown: asShown(named, []), isFound: false };
  const understood = understand(named, { dialect: "holdfast" });
  if ("code" in understood) return { kind: "unread", shown: asShown(named, [understood]), isFound: true };
  const mistakes = check(understood.judged).filter(({ severity }) => severity === "error");
  const own = asShown(understood.subject, mistakes);
  if (understood.judged.diagnostics.some(({ severity }) => severity === "error"))
    return { kind: "unread", shown: own, isFound: true };
  const declared = await withKeys(understood.judged.config, [dirname(resolve(cwd, path)), join(root, "etc/holdfast")]);
  const refused = (problems: readonly Diagnostic[], by?: InCharge): PlanOutcome => ({
    kind: "refused",
    shown: { files: own.files, diagnostics: problems },
    ...(by === undefined ? {} : { by }),
  });
  if ("code" in declared) return refused([declared]);
  const seen = await observeHost(root);
  const state = root === "/" ? await withAgentsPrimary(seen, agentPlaces.socket) : seen;
  const by = await whoManages(root, state, declared, request.to);
  if (!by.ok) return refused([by.error]);
  const host = await readSubject(root, cwd);
  const language = languageOf[by.value.backend];
  const unread = host.diagnostics.filter(
    ({ at }) => language !== undefined && at !== undefined && isFileOf(familyOf(language), onHost(root, at.file)),
  );
  if (unread.length > 0) return refused(unread.map(mustBeRead), by.value);
  const now = await hostNow(root, state, host, language);
  const planned = planChange(declared, now, by.value.backend);
  if (!planned.ok) return refused(planned.error, by.value);
  const plan = planned.value;
  // Of a copy it can't be seen what runs on the host itself.
  const unfit = root === "/" && !plan.isNothing ? unfitNow(plan, state, isInstalled) : [];
  const found = findings({ language, plan, host, declared, unfit, accept: request.accept });
  const shown = { files: new Map([...own.files, ...plan.merged.files]), diagnostics: found.told };
  if (found.stopping.length > 0)
    return { kind: "refused", shown: { ...shown, diagnostics: found.stopping }, by: by.value };
  return { kind: "planned", plan, by: by.value, state, declared, written: understood.judged.config, shown };
}

async function hostNow(root: string, state: HostState, host: Subject, language: string | undefined): Promise<HostNow> {
  const files = language === undefined ? new Map<string, string>() : filesFor(language, host.files);
  const routes = language === undefined && root === "/" ? readHostRoutes() : undefined;
  return {
    state,
    files,
    images: await imagesOf(root, files),
    facts: { maxBonds: maxBondsOf(host.files) ?? 0 },
    ...(routes === undefined ? {} : { routes }),
  };
}

/** The language by which places are known. */
function familyOf(language: string): string {
  return language === "ifupdown2" ? "ifupdown" : language;
}

/** Files of the language, and those of programs that renderers write for. What a manager made for a port nobody has said anything about
 *  is no configuration. */
function filesFor(language: string, files: FileSet): FileSet {
  const own = familyOf(language);
  // NetworkManager speaks to wpa_supplicant itself, and reads none of its files.
  const beside =
    own === "networkmanager"
      ? /^\/etc\/(NetworkManager\/conf\.d|cloud\/cloud\.cfg\.d)\//
      : /^\/etc\/(wpa_supplicant|systemd\/system|cloud\/cloud\.cfg\.d)\//;
  const counts = (path: string, text: string) =>
    (isFileOf(own, path) && !isMadeByItself(path, text)) || beside.test(path);
  return new Map([...files].filter(([path, text]) => counts(path, text)));
}

function onHost(root: string, shown: string): string {
  return root === "/" ? shown : shown.startsWith(root) ? shown.slice(root.length) : shown;
}

async function imagesOf(root: string, files: FileSet): Promise<ReadonlyMap<string, FileImage>> {
  const images = new Map<string, FileImage>();
  for (const path of files.keys()) {
    const image = await readImage(join(root, path));
    if (image !== undefined) images.set(path, image);
  }
  return images;
}

function mustBeRead(one: Diagnostic): Diagnostic {
  return {
    ...one,
    severity: "error",
    hint: "Plan as root: what can't be read can't be kept as it is.",
  };
}

interface Judging {
  readonly language: string | undefined;
  readonly plan: Plan;
  readonly host: Subject;
  readonly declared: Config;
  /** What can be seen to fail now. */
  readonly unfit: readonly Diagnostic[];
  readonly accept: readonly string[];
}

/** What an operator may know better: that a bond works without a port that isn't plugged in. */
const acceptable = new Set(["plan-port-missing"]);

/** What the rules say of the files as they would be. Errors that weren't there before, and all about the wanted bonds, stop the change. */
function findings({ language, plan, host, declared, unfit, accept }: Judging) {
  const { merged } = plan;
  const judged = language === undefined ? [] : check(judgedAs(language, merged.files, host, declared));
  const losses = merged.losses.filter(({ severity }) => severity !== "advice");
  const all = [...losses, ...judged];
  const was = language === undefined ? [] : check(judgedAs(language, host.files, host, declared));
  const before = new Set(was.map(keyOf));
  const names = [...merged.names];
  const isNew = (one: Diagnostic) => !before.has(keyOf(one)) || names.some((name) => one.message.includes(name));
  const stopping = [
    ...unfit.filter(({ code }) => !accept.includes(code) || !acceptable.has(code)),
    ...all.filter((one) => one.severity === "error" && !accept.includes(one.code) && isNew(one)),
  ];
  return { stopping, told: [...unfit, ...all].filter(({ severity }) => severity !== "advice") };
}

function keyOf({ code, message }: Diagnostic): string {
  return `${code} ${message}`;
}

function judgedAs(language: string, files: FileSet, host: Subject, { topology, uplinks }: Config): Judged {
  const facts = { maxBonds: maxBondsOf(host.files) ?? 0 };
  const around = { uplinks, ...(topology === undefined ? {} : { topology }) };
  const own = filesFor(language, files);
  if (language === "ifupdown") return ifupdownSubject(own, { facts, fileModes: host.modes, around });
  const dialect = dialectNamed(language);
  const parsed = dialect?.parse(own, facts);
  if (parsed === undefined) throw new Error(`no language ${language}`);
  return { dialect: language, files: own, ...parsed, config: { ...parsed.config, ...around }, fileModes: host.modes };
}

/** The configuration with the keys that stand in files of their own read from there: the manager's files must hold them. */
async function withKeys(config: Config, folders: readonly string[]): Promise<Config | Diagnostic> {
  const interfaces: Interface[] = [];
  for (const iface of config.interfaces) {
    const psk = iface.wifi?.psk;
    if (iface.wifi === undefined || psk === undefined || "inline" in psk) {
      interfaces.push(iface);
      continue;
    }
    const key = await readKey(psk.file, folders);
    if (typeof key !== "string") return noKey(iface.name, psk.file);
    interfaces.push({ ...iface, wifi: { ...iface.wifi, psk: { inline: new Secret(key) } } });
  }
  return { ...config, interfaces };
}

async function readKey(file: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    const read = await readText(resolve(folder, file));
    if (typeof read !== "string" && read.text.trim() !== "") return read.text.trim();
  }
  return undefined;
}

function noKey(name: string, file: string): Diagnostic {
  return {
    code: "plan-key-unread",
    severity: "error",
    message: `${name}: the Wi-Fi key in ${file} can't be read`,
    hint: "Plan as root, and put the key beside holdfast.yaml or below /etc/holdfast.",
  };
}
