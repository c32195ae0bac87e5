import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import type { Origins } from "../../diagnostic/origins.ts";
import type { Bond } from "../../model/bond.ts";
import {
  type Config,
  type Extra,
  emptyConfig,
  type Hook,
  type Interface,
  type IpSettings,
} from "../../model/config.ts";
import { parseOption } from "../../model/option-value.ts";
import type { BondOptions } from "../../model/options.ts";
import { conflictsIn } from "../../model/validate-options.ts";
import { familyOf, isAddress, isCidr, prefixOfNetmask } from "../netmask.ts";
import { readSettingCommand } from "../setting-commands.ts";
import { withoutAwake } from "../stay-awake.ts";
import { readSupplicantFiles, supplicantPath } from "../wpa-supplicant.ts";
import { bridgeKeys, settingValue } from "./bridge-settings.ts";
import type { Interface as Said } from "./read-file.ts";
import { isFlag, optionOfKey } from "./spelling.ts";

type Draft<T> = { -readonly [K in keyof T]: T[K] };

interface Reading {
  readonly origins: Map<string, Span>;
  readonly problems: Diagnostic[];
  readonly radios: ReturnType<typeof readSupplicantFiles>;
}

/** What the interfaces amount to once ifup has run. A template is none by itself. */
export function interpret(
  found: ReadonlyMap<string, Said>,
  files: FileSet,
): { readonly config: Config; readonly origins: Origins; readonly diagnostics: readonly Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const reading: Reading = { origins: new Map(), problems, radios: readSupplicantFiles(files, problems) };
  const real = [...found.values()].filter(({ isTemplate }) => !isTemplate);
  const bonds = real.flatMap((one) => readBond(reading, one));
  const interfaces = real.map((one) =>
    readInterface(
      reading,
      one,
      bonds.some(({ name }) => name === one.name),
    ),
  );
  return {
    config: withoutAwake({ ...emptyConfig, bonds, interfaces }),
    origins: reading.origins,
    diagnostics: problems,
  };
}

/** The whole line is one `ip link add`: what ip or the kernel refuses costs the bond. */
function readBond({ origins, problems }: Reading, { name, attributes, at }: Said): readonly Bond[] {
  const members = attributes.filter(({ key }) => key === "bond-members").at(-1);
  const own = attributes.filter(({ key }) => key.startsWith("bond-"));
  if (own.length === 0) return [];
  const options: Record<string, unknown> = {};
  const refuse = (message: string, where: Span): readonly Bond[] => {
    problems.push({
      code: "ifupdown-ng-no-bond",
      severity: "error",
      message: `${name}: ${message}: there is no ${name}`,
      at: where,
    });
    return [];
  };
  for (const { key, value, at: where } of own) {
    if (key === "bond-members") continue;
    const option = optionOfKey(key);
    if (option === undefined) return refuse(`ip refuses ${key}`, where);
    const parsed = parseOption(option, isFlag(option) ? value.replace(/^on$/, "1").replace(/^off$/, "0") : value);
    if (!parsed.ok || (Array.isArray(parsed.value) && /\s/.test(value)))
      return refuse(
        `ip refuses the value of ${key}${parsed.ok ? " (commas, and no blanks)" : `: it ${parsed.error.message}`}`,
        where,
      );
    options[option] = parsed.value;
    origins.set(`bond/${name}/option/${option}`, where);
  }
  const [conflict] = conflictsIn(options as BondOptions);
  if (conflict !== undefined) return refuse(conflict.message, at);
  const ports = [...new Set((members?.value ?? "").split(/\s+/).filter((word) => word !== "" && word !== "none"))];
  origins.set(`bond/${name}`, members?.at ?? at);
  for (const port of ports) origins.set(`bond/${name}/port/${port}`, members?.at ?? at);
  return [{ name, ports, options: options as BondOptions }];
}

function readInterface(reading: Reading, said: Said, isBond: boolean): Interface {
  const { name, attributes, uses, isAuto } = said;
  reading.origins.set(`interface/${name}`, said.at);
  const { ipv4, ipv6 } = readIp(reading, said);
  const hooks: Hook[] = [];
  const extra: Extra[] = [];
  const link: Draft<Partial<Interface>> = {};
  const settings: Record<string, string> = {};
  for (const attribute of attributes) {
    const { key, value } = attribute;
    if (/^(address|netmask|gateway|metric|vlan-id|vlan-raw-device|bridge-ports)$/.test(key) || key.startsWith("bond-"))
      continue;
    if (/^((pre|post)-)?(up|down)$/.test(key)) readCommand(key as Hook["when"], value, ipv4, ipv6, hooks);
    else if (key === "mtu" && /^[1-9]\d{1,5}$/.test(value)) link.mtu = Number(value);
    else if (key === "hwaddress" && /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(value)) link.mac = value.toLowerCase();
    else if (key === "wifi-config-path" && value === supplicantPath(name) && reading.radios.has(name)) continue;
    else {
      const setting = bridgeKeys.find(([one]) => one === key)?.[1];
      const read = setting === undefined ? undefined : settingValue(setting, value);
      if (setting !== undefined && read !== undefined) settings[setting] = read;
      else extra.push({ key, value, from: "ifupdown-ng" });
    }
  }
  const wifi = attributes.some(({ key, value }) => key === "wifi-config-path" && value === supplicantPath(name))
    ? reading.radios.get(name)
    : undefined;
  const ports = attributes.findLast(({ key }) => key === "bridge-ports")?.value;
  const vlan = isBond ? undefined : vlanOf(said);
  if (name === "lo" && uses.has("loopback")) ipv4.method = "loopback";
  return {
    name,
    start: isAuto ? "boot" : "manual",
    ipv4,
    ipv6,
    ...link,
    ...(wifi === undefined ? {} : { wifi }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(ports === undefined
      ? {}
      : { bridge: { ports: ports.split(/\s+/).filter((word) => word !== "" && word !== "none"), settings } }),
    hooks,
    extra,
  };
}

function readIp(
  { problems }: Reading,
  { name, attributes, uses }: Said,
): { ipv4: Draft<IpSettings>; ipv6: Draft<IpSettings> } {
  const ipv4: Draft<IpSettings> = { method: uses.has("dhcp") ? "dhcp" : "none", addresses: [] };
  const ipv6: Draft<IpSettings> = { method: uses.has("ipv6-ra") ? "auto" : "none", addresses: [] };
  const netmask = attributes.findLast(({ key }) => key === "netmask")?.value;
  const addresses = { ipv4: new Set<string>(), ipv6: new Set<string>() };
  const metric = attributes.findLast(({ key }) => key === "metric")?.value;
  for (const { key, value, at } of attributes) {
    const text = value.split(/\s+/)[0] ?? "";
    const family = familyOf(text.split("/")[0] ?? "") ?? "ipv4";
    const ip = family === "ipv4" ? ipv4 : ipv6;
    if (key === "address") {
      const cidr = text.includes("/") ? text : `${text}/${bitsOf(family, netmask)}`;
      if (isCidr(cidr, family)) addresses[family].add(family === "ipv6" ? cidr.toLowerCase() : cidr);
      else
        problems.push({
          code: "ifupdown-ng-bad-address",
          severity: "error",
          message: `${name}: "${text}" is no address`,
          at,
        });
    } else if (key === "gateway" && isAddress(text, family) && ip.gateway === undefined) {
      ip.gateway = text;
      if (metric !== undefined && /^\d{1,10}$/.test(metric)) ip.metric = Number(metric);
    }
  }
  for (const [ip, all] of [
    [ipv4, addresses.ipv4],
    [ipv6, addresses.ipv6],
  ] as const) {
    ip.addresses = [...all];
    if (all.size > 0 && ip.method === "none") ip.method = "static";
  }
  return { ipv4, ipv6 };
}

/** Without a length /24 or /64 is presumed. */
function bitsOf(family: "ipv4" | "ipv6", netmask: string | undefined): number {
  const said =
    netmask === undefined ? undefined : /^\d{1,3}$/.test(netmask) ? Number(netmask) : prefixOfNetmask(netmask);
  return said ?? (family === "ipv4" ? 24 : 64);
}

function readCommand(
  when: Hook["when"],
  command: string,
  ipv4: Draft<IpSettings>,
  ipv6: Draft<IpSettings>,
  hooks: Hook[],
): void {
  // Blanks around it are not written again.
  const setting = readSettingCommand(when, command.trim());
  if (setting?.sets === "route") {
    const ip = setting.family === "inet" ? ipv4 : ipv6;
    const routes = (ip.routes ?? []) as (typeof setting.route)[];
    routes.push(setting.route);
    ip.routes = routes;
  } // Commands run in order: the last one counts.
  else if (setting?.sets === "accept-ra") ipv6.acceptRa = setting.acceptRa;
  else hooks.push({ when, command });
}

/** NAME.ID by its name; vlanID with vlan-raw-device; others by both attributes. Source: executor-scripts/linux/link. */
export function vlanOf({ name, attributes }: Pick<Said, "name" | "attributes">): Interface["vlan"] {
  const said = (key: string): string => attributes.findLast((one) => one.key === key)?.value ?? "";
  const dot = name.lastIndexOf(".");
  const isNamed = dot > 0 && !name.startsWith("vlan");
  if (!isNamed && dot > 0 && /^vlan.*\./.test(name)) return undefined;
  const parent = isNamed ? name.slice(0, dot) : said("vlan-raw-device");
  const id = isNamed ? name.slice(dot + 1) : name.startsWith("vlan") ? name.slice("vlan".length) : said("vlan-id");
  if (parent === "" || /\s/.test(parent) || !/^\d{1,4}$/.test(id) || Number(id) > 4094) return undefined;
  return { parent, id: Number(id) };
}
