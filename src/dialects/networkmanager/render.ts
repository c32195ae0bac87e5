import type { Config, Interface } from "../../model/config.ts";
import type { Loss, Rendered } from "../dialect.ts";
import { loseForeign } from "../foreign-settings.ts";
import type { Lose } from "../sayable.ts";
import { mayBeWritten, ourName } from "./extras.ts";
import { type Loser, loserInto } from "./losses.ts";
import { type Planned, planProfiles } from "./plan-profiles.ts";
import { addRadioDefaults } from "./radio-defaults.ts";
import { writeBond, writePort } from "./render-bond.ts";
import { writeAddresses } from "./render-ip.ts";
import { hasName, writeBridge, writeDevice, writeMatch, writeWifi } from "./render-link.ts";
import { profileUuid } from "./uuid.ts";
import { type Draft, newDraft, open, pathFor, set, setRaw, textOf } from "./write-profile.ts";

/** Writes a profile for every interface. Ports name their bond by its interface, with the key names every NetworkManager reads
 *  (the new ones are read since 1.46 only); bonds and bridges bring up their ports themselves, so that no other profile keeps a
 *  port. Uuids follow from the names: rendering twice replaces, it doesn't add. */
export function render(config: Config): Rendered {
  const losses: Loss[] = [];
  const lose = loserInto(losses);
  const files = new Map<string, string>();
  const planned = planProfiles(config, lose);
  for (const one of planned) files.set(pathFor(one.iface.name), profileText(one, lose));
  const secret = new Set(files.keys());
  for (const one of planned)
    if (one.controller !== undefined && kindOf(one) === "wifi") addRadioDefaults(one.iface.name, files);
  tellPrimaries(planned, lose);
  // NetworkManager passes over a profile that others may read, whether a secret is in it or not.
  return { files, losses, secret };
}

function profileText(planned: Planned, lose: Loser): string {
  const { iface, bond, controller } = planned;
  const draft = newDraft();
  const kind = kindOf(planned);
  if (iface.wifi !== undefined && kind !== "wifi")
    lose(
      `interface/${iface.name}/wifi`,
      `${iface.name}: the Wi-Fi network is left out: its name is none, or this is no radio`,
    );
  writeConnection(draft, planned, kind);
  const section = kind === "wifi" ? "wifi" : "ethernet";
  writeDevice(draft, iface, section, lose);
  if (kind === "wifi" || kind === "ethernet") writeMatch(draft, iface, section, lose);
  else {
    setRaw(draft, "connection", "interface-name", iface.name.replaceAll("\\", "\\\\"));
    if (iface.match !== undefined)
      lose(
        `interface/${iface.name}/match`,
        `${iface.name}: it is made, not recognised; what to recognise it by is left out`,
      );
  }
  if (kind === "wifi" && iface.wifi !== undefined) writeWifi(draft, iface, iface.wifi, lose);
  if (bond !== undefined) writeBond(draft, bond, lose);
  if (kind === "vlan" && iface.vlan !== undefined) {
    setRaw(draft, "vlan", "id", String(iface.vlan.id));
    set(draft, "vlan", "parent", iface.vlan.parent);
  }
  writeControlling(draft, planned, kind, lose);
  if (controller === undefined) writeAddresses(draft, iface, lose);
  else losePortAddresses(iface, controller.name, lose);
  writeExtras(draft, iface, controller === undefined ? "own" : "port", lose);
  losePlainThings(iface, lose);
  return textOf(draft);
}

type Kind = "bond" | "bridge" | "vlan" | "wifi" | "ethernet";

function kindOf({ iface, bond }: Planned): Kind {
  if (bond !== undefined) return "bond";
  if (iface.bridge !== undefined) return "bridge";
  if (iface.vlan !== undefined) return "vlan";
  return iface.wifi !== undefined && hasName(iface.wifi) ? "wifi" : "ethernet";
}

function writeConnection(draft: Draft, { iface, controller }: Planned, kind: Kind): void {
  set(draft, "connection", "id", iface.name);
  setRaw(draft, "connection", "uuid", profileUuid(iface.name));
  setRaw(draft, "connection", "type", kind);
  if (iface.start === "manual") setRaw(draft, "connection", "autoconnect", "false");
  if (kind === "bond" || kind === "bridge") setRaw(draft, "connection", "autoconnect-slaves", "1");
  if (controller !== undefined) {
    set(draft, "connection", "master", controller.name);
    setRaw(draft, "connection", "slave-type", controller.bond === undefined ? "bridge" : "bond");
  }
}

function writeControlling(draft: Draft, { iface, bond, controller }: Planned, kind: Kind, lose: Loser): void {
  const { bridge, vlan, name } = iface;
  if (bridge !== undefined) {
    if (kind === "bridge") writeBridge(draft, iface, bridge.settings, lose);
    else lose(`interface/${name}/bridge`, `${name}: it is a bond; the bridge is left out`);
  }
  if (vlan !== undefined && kind !== "vlan")
    lose(`interface/${name}/vlan`, `${name}: it is no VLAN; the tag is left out`);
  if (controller?.bond !== undefined) writePort(draft, controller.bond, name, lose);
  else if (controller !== undefined) open(draft, "bridge-port");
  if (bond === undefined) return;
  const ports = new Set(bond.ports);
  for (const port of Object.keys(bond.portOptions ?? {}))
    if (!ports.has(port)) lose(`bond/${name}/port/${port}`, `${name}: options of what is no port of it are left out`);
}

function losePortAddresses(iface: Interface, controller: string, lose: Loser): void {
  for (const family of ["ipv4", "ipv6"] as const) {
    const { method, addresses, gateway, routes, acceptRa, dhcp } = iface[family];
    const isPlain = (method === "none" || method === "manual") && addresses.length === 0;
    if (isPlain && gateway === undefined && routes === undefined && acceptRa === undefined && dhcp === undefined)
      continue;
    lose(
      `interface/${iface.name}/${family}`,
      `${iface.name}: its ${family} settings are left out: it is a port of ${controller}, and NetworkManager gives a port no addresses`,
    );
  }
  if (iface.dns !== undefined)
    lose(`interface/${iface.name}/dns`, `${iface.name}: its name servers are left out: it is a port of ${controller}`);
}

/** What it said itself and the model has no word for. */
function writeExtras(draft: Draft, iface: Interface, role: "port" | "own", lose: Loser): void {
  for (const extra of iface.extra) {
    const { key, value, from } = extra;
    const [section = "", word = ""] = [key.slice(0, key.indexOf(".")), key.slice(key.indexOf(".") + 1)];
    const isOurs = from === ourName && isSection(section) && /^[\w.-]{1,80}$/.test(word) && isValue(value);
    const isPlaced = !(role === "port" && /^ipv[46]$/.test(section)) && mayBeWritten(section, word);
    const isSaid = draft.sections.get(section)?.has(word) === true;
    if (key === `ipv4.method` || key === "ipv6.method") {
      if (draft.sections.get(section)?.get("method") !== value || !isOurs) loseExtra(iface.name, extra, lose);
    } else if (isOurs && isPlaced && !isSaid) setRaw(draft, section, word, value);
    else loseExtra(iface.name, extra, lose);
  }
}

function loseExtra(name: string, extra: Interface["extra"][number], lose: Loser): void {
  const say: Lose = (about, text, more) => lose(about, `${name}: ${text}`, more?.severity, more?.hint);
  loseForeign(name, extra, "NetworkManager", say, ourName);
}

function isSection(name: string): boolean {
  return /^[\w-]{1,40}$/.test(name) && !/^802-(?:3|11)-/.test(name);
}

/** One line that means what it meant. */
function isValue(value: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what would end or spoil the line.
  return value.trim() !== "" && value.trimStart() === value && !/[\0-\x08\x0a-\x1f\x7f\uFEFF]|\p{Cs}/u.test(value);
}

function losePlainThings(iface: Interface, lose: Loser): void {
  const { name } = iface;
  if (iface.start === "hotplug")
    lose(
      `interface/${name}/start`,
      `${name}: NetworkManager brings it up at boot too, and whenever it appears`,
      "advice",
    );
  if (iface.optional === true)
    lose(
      `interface/${name}/optional`,
      `${name}: NetworkManager-wait-online waits while it is being brought up; a link without carrier doesn't count`,
      "advice",
    );
  if (iface.hooks.length > 0)
    lose(
      `interface/${name}/hooks`,
      `${name}: its commands are left out: a profile runs none`,
      "warning",
      "Put them into a script in /etc/NetworkManager/dispatcher.d.",
    );
}

/** A primary is named by its interface; one that is recognised by its MAC address may be called otherwise. */
function tellPrimaries(planned: readonly Planned[], lose: Loser): void {
  const recognised = new Set(planned.filter(({ iface }) => iface.match !== undefined).map(({ iface }) => iface.name));
  for (const { bond } of planned) {
    const primary = bond?.options.primary;
    if (bond === undefined || primary === undefined || !recognised.has(primary)) continue;
    lose(
      `bond/${bond.name}/option/primary`,
      `${bond.name}: ${primary} is primary only while the kernel calls it so: NetworkManager recognises it otherwise, and renames nothing`,
      "advice",
    );
  }
}
