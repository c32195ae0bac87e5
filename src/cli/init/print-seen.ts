import type { TextStyle } from "../../diagnostic/text-style.ts";
import { wrap } from "../../diagnostic/wrap.ts";
import { sayLink } from "../../init/notes.ts";
import { candidates, networkOf, type Seen } from "../../init/seen.ts";
import type { HostLink } from "../../model/host-state.ts";
import { managers } from "../../model/managers.ts";
import { listed } from "../../topology/faults.ts";

/** What was found on the host, for people: a line for each port, bond, router and UPS. */
export function sayHost(seen: Seen, { columns, paint }: TextStyle): string {
  const rows = [...portRows(seen), ...bondRows(seen), ...aroundRows(seen), ...managerRows(seen)];
  const width = Math.max(...rows.map(([name]) => name.length), 6);
  const lines = rows.flatMap(([name, words]) => {
    const [first = "", ...rest] = wrap(words, Math.min(columns, 100) - width - 4);
    const indent = " ".repeat(width + 4);
    return [`  ${paint("strong", name.padEnd(width))}  ${first}`, ...rest.map((line) => `${indent}${line}`)];
  });
  return `${lines.join("\n")}\n`;
}

type Row = readonly [name: string, words: string];

function portRows(seen: Seen): readonly Row[] {
  return candidates(seen).map((link) => [link.name, sayPort(seen, link)]);
}

function sayPort(seen: Seen, link: HostLink): string {
  const { addresses, leased = [], isRadio, owners, master } = link;
  const blocked = seen.host.radios.find(({ links }) => links.includes(link.name))?.blocked ?? "no";
  const radio = seen.around.radios.find((one) => one.link === link.name);
  const ssid = networkOf(seen, link.name);
  const shown = addresses.map((one) => (leased.includes(one) ? `${one} (leased)` : one));
  return [
    isRadio ? "" : "wired",
    sayLink(link),
    isRadio && radio !== undefined ? listed(radio.bands) : "",
    radio?.ssid !== undefined ? `joined to ${radio.ssid}` : isRadio && ssid !== undefined ? `set up for ${ssid}` : "",
    blocked === "no"
      ? ""
      : `switched off (${blocked === "hard" ? "by a switch of the device" : "rfkill unblock wifi"})`,
    master === "" ? "" : `port of ${master}`,
    listed(shown),
    owners.length === 0 ? "" : `managed by ${listed(owners.map((name) => managers[name].title))}`,
  ]
    .filter((word) => word !== "")
    .join(", ");
}

function bondRows({ configured, host, language }: Seen): readonly Row[] {
  return configured.bonds
    .filter(({ ports }) => ports.length > 0)
    .map(({ name, ports, options }) => {
      const runs = host.bonds.some((bond) => bond.name === name) ? "it runs" : "it doesn't run";
      const source = language === "running" ? "made by hand, in no file" : `declared for ${language}; ${runs}`;
      return [name, `a bond over ${listed(ports)}, ${options.mode ?? "mode not said"}; ${source}`];
    });
}

function aroundRows({ around }: Seen): readonly Row[] {
  const routers = around.routers.map(({ address, mac, link }): Row => {
    const known = mac === "" ? "" : ` (MAC address ${mac})`;
    return ["router", `${address}${known} through ${link}`];
  });
  const supplies = around.supplies.map(({ name, model, runtimeMs }): Row => {
    const runtime = runtimeMs === undefined ? "" : `, ${Math.round(runtimeMs / 60_000)} min by its own estimate`;
    return ["UPS", `${name}${model === undefined ? "" : `: ${model}`}${runtime}`];
  });
  const servers = around.nameServers.length === 0 ? [] : [["DNS", listed(around.nameServers)] as const];
  return [...routers, ...servers, ...supplies];
}

function managerRows({ host }: Seen): readonly Row[] {
  const { inCharge } = host;
  if (inCharge === undefined) return [["network", "nobody was found who manages it"]];
  const owners = [...new Set((host.fileOwners ?? []).map(({ program }) => program))];
  const beside = owners.length === 0 ? "" : `, from files that ${listed(owners)} writes`;
  return [["network", `managed by ${managers[inCharge].title}${beside}`]];
}
