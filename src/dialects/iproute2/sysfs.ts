import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { type BondOptions, optionNamed, optionRow } from "../../model/options.ts";
import { linkNamed, makeBond, type Network } from "./network.ts";
import { join, readOptionText, setOptions } from "./operate.ts";

/** Whether a file of /sys or /proc/sys is one that is played. */
export function isOfTheNetwork(path: string): boolean {
  return /^\/sys\/class\/net\/|^\/proc\/sys\/net\/ipv6\/conf\/[^/]+\/(accept_ra|autoconf)$/.test(path);
}

/** Plays a write to a file of /sys or /proc/sys. Other files are nobody's business here. `value` undefined: not known. */
export function takeWrite(
  network: Network,
  path: string,
  value: string | undefined,
  at: Span,
  diagnostics: Diagnostic[],
): void {
  const [, name = "", file = ""] = /^\/sys\/class\/net\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const isMasters = path === "/sys/class/net/bonding_masters";
  const [, conf = "", key = ""] = /^\/proc\/sys\/net\/ipv6\/conf\/([^/]+)\/(accept_ra|autoconf)$/.exec(path) ?? [];
  if (!isMasters && name === "" && conf === "") return;
  if (value === undefined) {
    diagnostics.push({
      code: "script-not-followed",
      severity: "warning",
      message: `what is written to ${path} is only known when the script runs: Holdfast leaves it out`,
      at,
    });
    return;
  }
  if (isMasters) takeMasters(network, value.trim(), at);
  else if (conf !== "") takeConf(network, conf, key, value.trim(), at);
  else if (isInterfaceName(name)) takeLinkFile(network, name, file, value.trim(), at, diagnostics);
}

function takeMasters(network: Network, value: string, at: Span): void {
  const name = value.slice(1);
  if (!isInterfaceName(name)) return;
  if (value.startsWith("+")) makeBond(network, name, at);
  else if (value.startsWith("-")) network.links.delete(name);
}

function takeConf(network: Network, name: string, key: string, value: string, at: Span): void {
  if (!isInterfaceName(name) || name === "all" || name === "default") return;
  const { ipv6 } = linkNamed(network, name, at);
  if (key === "accept_ra") ipv6.acceptRa = value !== "0";
  else ipv6.auto = value === "1";
}

function takeLinkFile(
  network: Network,
  name: string,
  file: string,
  value: string,
  at: Span,
  diagnostics: Diagnostic[],
): void {
  const link = linkNamed(network, name, at);
  const inBond = /^bonding\/(\w+)$/.exec(file)?.[1];
  const inBridge = /^bridge\/(\w+)$/.exec(file)?.[1];
  if (inBond === "slaves") takeSlaves(network, name, value, at, diagnostics);
  else if (inBond !== undefined) takeBondFile(network, name, inBond, value, at, diagnostics);
  else if (inBridge !== undefined) {
    const isTime = /^(forward_delay|hello_time|max_age|ageing_time)$/.test(inBridge) && /^\d+$/.test(value);
    link.settings[inBridge] = isTime ? String(Number(value) / 100) : value;
  } else if (file === "mtu" && /^\d{2,5}$/.test(value)) link.mtu = Number(value);
  else if (file === "address") link.mac = value.toLowerCase();
}

function takeSlaves(network: Network, bond: string, value: string, at: Span, diagnostics: Diagnostic[]): void {
  const port = value.slice(1);
  if (!isInterfaceName(port)) return;
  if (value.startsWith("+")) join(network, port, bond, at, diagnostics);
  else if (value.startsWith("-")) delete linkNamed(network, port, at).master;
}

/** Each write is a message of its own, and the later monitor turns the earlier one off. */
function takeBondFile(
  network: Network,
  name: string,
  file: string,
  value: string,
  at: Span,
  diagnostics: Diagnostic[],
): void {
  const option = optionNamed(file);
  if (option === undefined || optionRow(option).scope === "port") return;
  const known = network.links.get(name);
  const bond = known !== undefined && known.kind === "bond" ? known : makeBond(network, name, at);
  const isTarget = optionRow(option).kind === "list";
  const earlier = isTarget ? ((bond.options[option] as readonly string[] | undefined) ?? []) : [];
  if (isTarget && value.startsWith("-")) {
    const left = earlier.filter((target) => target !== value.slice(1));
    bond.options = { ...bond.options, [option]: left };
    return;
  }
  if (isTarget && !value.startsWith("+")) {
    diagnostics.push({
      code: "bad-option-value",
      severity: "error",
      message: `${name}: ${option} takes one address with a plus sign in each write`,
      hint: "Write echo +ADDRESS > …",
      at,
    });
    return;
  }
  const text = isTarget ? [...earlier, value.slice(1)].join(",") : value;
  const read = readOptionText(option, text, name, at, diagnostics);
  if (read !== undefined && setOptions(bond, { [option]: read } as BondOptions, false, network, at, diagnostics))
    network.origins.set(`bond/${name}/option/${option}`, at);
}
