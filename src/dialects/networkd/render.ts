import type { Wifi } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import { differences, isPlainLoopback, isWithin } from "../../model/differences.ts";
import type { Loss, Rendered } from "../dialect.ts";
import { keptByKernel } from "../kept-by-kernel.ts";
import { bareInterface, type Lose, loser, type SayableHost, sayableHost } from "../sayable.ts";
import { radioUnitText } from "../stay-awake.ts";
import {
  radioUnitPath,
  supplicantPath,
  supplicantStartPath,
  supplicantText,
  supplicantUnit,
} from "../wpa-supplicant.ts";
import { placeOfExtra } from "./extras.ts";
import { parse } from "./meaning.ts";
import { dropForeign } from "./render-extras.ts";
import { linkPage, type Recognition, recognitionOf } from "./render-link.ts";
import { netDevPage } from "./render-netdev.ts";
import { networkPage, placesOf } from "./render-network.ts";
import { shownSpelling } from "./spelling.ts";
import { type Page, pageText } from "./write-unit.ts";

const folder = "/etc/systemd/network";
const heading = "# Written by Holdfast for systemd-networkd.\n\n";

/** Writes units for systemd-networkd, in the form 252 handles best:
 *  - One .network for each link, matched by its exact name or by the address the hardware came with: the address in force is the
 *    bond's on every port, and a pattern may fit the bond itself. Files with patterns sort behind the others, as the first that fits counts.
 *  - Ports say RequiredForOnline=no: else the boot waits two minutes for a port without carrier, which is just when a bond is needed.
 *  - Bonds, and the VLANs and bridges above, say ConfigureWithoutCarrier=yes: else networkd takes their addresses away whenever all
 *    ports are without carrier.
 *  - Time spans have units: a bare number counts seconds.
 *  Total over any Config: what can't be said is left out and reported. */
export function render(config: Config): Rendered {
  const first = write(config);
  if (!config.interfaces.some(({ extra }) => extra.some(({ from }) => from === "networkd"))) return first;
  // An extra of ours is taken at its word, unless it would say something else than it says: then it goes.
  const back = parse(first.files).config;
  const spoilt = differences(config, back).filter((key) => !first.losses.some(({ about }) => isWithin(key, about)));
  const names = new Set(spoilt.flatMap((key) => /^(?:interface|bond)\/([^/]*)/.exec(key)?.[1] ?? []));
  if (names.size === 0) return first;
  const losses: Loss[] = [];
  const lose = loser("networkd-cannot-say", losses);
  const interfaces = config.interfaces.map((iface) => {
    if (!names.has(iface.name)) return iface;
    lose(`interface/${iface.name}/extra`, "what else was said of it is left out: it would be read as something else");
    return { ...iface, extra: iface.extra.filter(({ from }) => from !== "networkd") };
  });
  const second = write({ ...config, interfaces });
  return { ...second, losses: [...losses, ...second.losses] };
}

/** Names that can stand in a file's name and in a [Match] section as they are. Source: ifname_valid(). */
export function isUnitName(name: string): boolean {
  return /^[A-Za-z0-9_.@+-]{1,15}$/.test(name) && !/^(\d+|\.{1,2}|all|default)$/.test(name);
}

const limits = {
  isName: isUnitName,
  unsayable: (option: Parameters<typeof shownSpelling>[0]) =>
    shownSpelling(option) === null ? `networkd has no word for it, and ${keptByKernel(option)}` : undefined,
};

function write(config: Config): Rendered {
  const losses: Loss[] = [];
  const lose = loser("networkd-cannot-say", losses);
  const host = withFoundations(withoutIdle(sayableHost(withoutLoopback(config, lose), limits, lose)), lose);
  const files = new Map<string, string>();
  const secret = new Set<string>();
  const put = (name: string, page: Page | undefined) => {
    if (page !== undefined) files.set(`${folder}/${name}.${page.kind}`, heading + pageText(page));
  };
  const devices = new Map(host.interfaces.map((iface) => [iface.name, netDevPage(iface, host, lose)]));
  const made = new Set([...devices].filter(([, page]) => page !== undefined).map(([name]) => name));
  const places = placesOf(host, made);
  const recognised = new Set<string>();
  for (const iface of host.interfaces) {
    const place = places.get(iface.name);
    if (place === undefined) continue;
    const recognition = place.isMade ? undefined : firstOf(recognised, iface, recognitionOf(iface, lose), lose);
    dropForeign(iface, lose);
    if (!place.isMade) put(`10-${iface.name}`, linkPage(iface, recognition, lose));
    put(`10-${iface.name}`, devices.get(iface.name));
    const number = recognition?.pattern === undefined ? 10 : 60;
    put(`${number}-${iface.name}`, networkPage(iface, place, recognition, lose));
    if (iface.wifi !== undefined && addRadio(iface.name, iface.wifi, files, secret, lose)) {
      if (host.masterOf.has(iface.name)) files.set(...waitForBond(iface.name));
    }
  }
  const sorted = new Map([...files].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return { files: sorted, losses, ...(secret.size === 0 ? {} : { secret }) };
}

/** networkd joins no radio network: wpa_supplicant does, from a file of its own, and networkd's start brings it along. False: there is no
 *  network to join. */
function addRadio(name: string, wifi: Wifi, files: Map<string, string>, secret: Set<string>, lose: Lose): boolean {
  const path = supplicantPath(name);
  const text = supplicantText(name, wifi, lose);
  if (text === undefined) return false;
  files.set(path, text);
  secret.add(path);
  const wants = `[Unit]\nWants=${supplicantUnit(name)}\n`;
  files.set(supplicantStartPath(name), heading + wants);
  return true;
}

/** The kernel takes no link into a bond that is up, and wpa_supplicant sets its radio up: it has to come second. networkd says that it has
 *  started before it has done anything, so being ordered behind it isn't enough. Half a minute without a bond, and the radio joins its
 *  network all the same. Power saving is the kernel's default; a radio that sleeps answers its monitors late. */
function waitForBond(name: string): readonly [string, string] {
  const order = "[Unit]\nAfter=systemd-networkd.service\n\n";
  return [radioUnitPath(name), radioUnitText(name, heading + order)];
}

/** Two links that are recognised by the same are one to networkd: the first file that fits takes it. */
function firstOf(
  recognised: Set<string>,
  iface: Interface,
  recognition: Recognition | undefined,
  lose: Lose,
): Recognition | undefined {
  if (recognition === undefined || recognition.pattern !== undefined) return recognition;
  const key = JSON.stringify(recognition);
  if (recognised.has(key)) {
    lose(
      `interface/${iface.name}/match`,
      "what it is recognised by is left out: another link is recognised by the same",
    );
    return undefined;
  }
  recognised.add(key);
  return recognition;
}

/** lo is there and up without a word. */
function withoutLoopback(config: Config, lose: Lose): Config {
  const idle = config.interfaces.filter(isIdleLoopback);
  for (const iface of idle) dropForeign(iface, lose);
  return idle.length === 0 ? config : { ...config, interfaces: config.interfaces.filter((one) => !idle.includes(one)) };
}

/** The same for a loopback of which nothing is left that can be said. */
function withoutIdle(host: SayableHost): SayableHost {
  const isBusy = new Set([
    ...host.masterOf.keys(),
    ...host.bridgeOf.keys(),
    ...host.interfaces.flatMap(({ vlan }) => vlan?.parent ?? []),
  ]);
  const interfaces = host.interfaces.filter((iface) => !isIdleLoopback(iface) || isBusy.has(iface.name));
  return { ...host, interfaces };
}

function isIdleLoopback(iface: Interface): boolean {
  const { match, wifi, vlan, bridge } = iface;
  const isMore = [match, wifi, vlan, bridge].some((one) => one !== undefined);
  const extra = iface.extra.filter((one) => placeOfExtra(one) !== undefined);
  return !isMore && isPlainLoopback({ ...iface, hooks: [], extra });
}

/** Links that only a VLAN or a bridge speaks of need files too: networkd makes a VLAN where its parent's file says so. */
function withFoundations(host: SayableHost, lose: Lose): SayableHost {
  const known = new Set(host.interfaces.map(({ name }) => name));
  const wanted = [...host.interfaces.flatMap(({ vlan }) => vlan?.parent ?? []), ...host.bridgeOf.keys()];
  const missing = [...new Set(wanted)].filter((name) => !known.has(name));
  for (const name of missing)
    lose(`interface/${name}`, "gets a file of its own and is brought up: what stands on it is named there", {
      severity: "advice",
    });
  return missing.length === 0 ? host : { ...host, interfaces: [...host.interfaces, ...missing.map(bareInterface)] };
}
