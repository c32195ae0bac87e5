import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { prefixOfClass, prefixOfNetmask } from "../netmask.ts";
import { readOptionWords, optionWords as splitOptions } from "../option-words.ts";
import { takeIp } from "./ip-commands.ts";
import { linkNamed, makeBond, type Network } from "./network.ts";
import { join, setAddress } from "./operate.ts";
import type { PlainCommand } from "./run-script.ts";
import { takeWrite } from "./sysfs.ts";

const played: ReadonlySet<string> = new Set(
  "ip ifenslave modprobe ifconfig brctl sysctl dhclient dhcpcd udhcpc".split(" "),
);

/** Whether a program is one of those whose commands are played. */
export function isPlayed(name: string): boolean {
  return played.has(name);
}

/** Plays one command on the network. Commands that don't change it are passed over; what should and can't be followed is told. */
export function takeCommand(network: Network, command: PlainCommand, diagnostics: Diagnostic[]): void {
  const [path = "", ...words] = command.words;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const writes = command.redirects.filter(({ operator }) => operator.endsWith(">"));
  // Once for all of them: a line may have thousands.
  const value = writes.length === 0 ? undefined : valueWritten(name, words);
  for (const { target } of writes) takeWrite(network, target, value, command.at, diagnostics);
  switch (name) {
    case "ip":
      takeIp(network, command, words, diagnostics);
      break;
    case "ifenslave":
      takeIfenslave(network, command, words, diagnostics);
      break;
    case "modprobe":
      takeModprobe(network, command, words, diagnostics);
      break;
    case "ifconfig":
      takeIfconfig(network, command, words);
      break;
    case "brctl":
      takeBrctl(network, command, words, diagnostics);
      break;
    case "sysctl":
      takeSysctl(network, command, words, diagnostics);
      break;
    case "dhclient":
    case "dhcpcd":
    case "udhcpc":
      takeClient(network, command, words);
      break;
    default:
      break;
  }
}

/** What echo or printf writes; undefined for the output of another command. */
function valueWritten(name: string, words: readonly string[]): string | undefined {
  const from = words.findIndex((word) => !/^-[neE]+$/.test(word));
  if (name === "printf") return words[0]?.includes("%") === true ? words[1] : words[0]?.replace(/\\n$/, "");
  return name === "echo" ? words.slice(from < 0 ? words.length : from).join(" ") : undefined;
}

/** ifenslave BOND PORT…: takes the ports down itself; -d lets them go. */
function takeIfenslave(
  network: Network,
  { at }: PlainCommand,
  words: readonly string[],
  diagnostics: Diagnostic[],
): void {
  const isRelease = words.some((word) => word === "-d" || word === "--detach");
  const [bond, ...ports] = words.filter((word) => !word.startsWith("-") && isInterfaceName(word));
  if (bond === undefined) return;
  for (const port of ports) {
    if (isRelease) delete linkNamed(network, port, at).master;
    else {
      linkNamed(network, port, at).up = false;
      join(network, port, bond, at, diagnostics);
    }
  }
}

/** modprobe bonding NAME=VALUE…: the defaults of every bond made later, unless the module is in already. */
function takeModprobe(
  network: Network,
  { at }: PlainCommand,
  words: readonly string[],
  diagnostics: Diagnostic[],
): void {
  const [module, ...parameters] = words.filter((word) => !word.startsWith("-"));
  if (module !== "bonding") return;
  const all = splitOptions(parameters.join(" "));
  const bonds = Number(all.find(({ key }) => key === "max_bonds")?.value ?? "x");
  const { options, problems } = readOptionWords(
    all.filter(({ key }) => key !== "max_bonds" && key !== "tx_queues"),
    () => true,
  );
  if (problems.length > 0)
    diagnostics.push({
      code: "bonding-module-option",
      severity: "error",
      message: `the bonding module has no parameter like ${JSON.stringify(problems[0]?.word.key)}, or not with this value: it refuses to load`,
      hint: "Remove it, or write it as NAME=VALUE.",
      at,
    });
  if (network.isLoaded) {
    if (Object.keys(options).length > 0)
      diagnostics.push({
        code: "module-options-too-late",
        severity: "warning",
        message: "the bonding module is loaded by now: these parameters change nothing",
        hint: "Load the module first, or set the options with ip link set dev BOND type bond …",
        at,
      });
    return;
  }
  network.moduleOptions = options;
  network.isLoaded = true;
  for (let index = 0; index < bonds && index < 64; index++) makeBond(network, `bond${index}`, at);
}

function takeIfconfig(network: Network, { at }: PlainCommand, words: readonly string[]): void {
  const [name, ...rest] = words;
  if (name === undefined || !isInterfaceName(name) || rest.length === 0) return;
  const link = linkNamed(network, name, at);
  let address: string | undefined;
  let prefix: number | undefined;
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? "";
    const next = rest[index + 1] ?? "";
    if (word === "up" || word === "down") link.up = word === "up";
    else if (word === "mtu" && /^\d{2,5}$/.test(next)) link.mtu = Number(next);
    else if (word === "netmask") prefix = prefixOfNetmask(next);
    else if (word === "hw" && next === "ether") link.mac = (rest[index + 2] ?? "").toLowerCase();
    else if (/^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(word) && address === undefined && index === 0) address = word;
  }
  if (address === undefined) return;
  const [bare = ""] = address.split("/");
  setAddress(link, address.includes("/") ? address : `${bare}/${prefix ?? prefixOfClass(bare)}`);
  link.up = true;
}

function takeBrctl(network: Network, { at }: PlainCommand, words: readonly string[], diagnostics: Diagnostic[]): void {
  const [verb, bridge, value] = words;
  if (bridge === undefined || !isInterfaceName(bridge)) return;
  const link = linkNamed(network, bridge, at);
  if (verb === "addbr") link.kind = "bridge";
  else if (verb === "addif" && value !== undefined && isInterfaceName(value)) {
    link.kind = "bridge";
    join(network, value, bridge, at, diagnostics);
  } else if (verb === "stp" && value !== undefined) link.settings["stp_state"] = /^(on|yes|1)$/.test(value) ? "1" : "0";
  else if (verb === "setfd" && value !== undefined) link.settings["forward_delay"] = value;
}

function takeSysctl(network: Network, { at }: PlainCommand, words: readonly string[], diagnostics: Diagnostic[]): void {
  for (const word of words) {
    const [key = "", value] = word.split("=");
    if (value === undefined || !key.startsWith("net")) continue;
    const path = key.includes("/") ? key : key.replaceAll(".", "/");
    takeWrite(network, `/proc/sys/${path}`, value, at, diagnostics);
  }
}

function takeClient(network: Network, { at }: PlainCommand, words: readonly string[]): void {
  const isSix = words.includes("-6");
  for (const word of words) {
    // Options' own arguments are paths or numbers; an interface is one that somebody has spoken of, or looks like one.
    const isLink = network.links.has(word) || /^(bond|br|eth|en|wl|usb|vlan)[\w.]*$/.test(word);
    if (!word.startsWith("-") && isInterfaceName(word) && isLink)
      linkNamed(network, word, at)[isSix ? "ipv6" : "ipv4"].asks = true;
  }
}
