import type { Rehearsal, ScenarioResult, SshResult } from "../measure/rehearsal.ts";
import type { RadioLink, Sight, Station } from "../measure/sight.ts";
import { count, sayCount, sayMs } from "./words.ts";

/** What a moment of a drill is called. */
export const momentNames: Readonly<Record<Sight["when"], string>> = {
  before: "Before",
  during: "While it lasts",
  after: "Afterwards",
};

/** A fact at each moment: what it is about, and what it was. `isNew`: other than before the fault. */
export interface SightRow {
  /** Whose word it is: "the LAN", "wlan0", "router". */
  readonly group: string;
  readonly name: string;
  readonly cells: readonly { readonly text: string; readonly aside?: string; readonly isNew: boolean }[];
}

/** What was seen at each moment as rows of a table; none where nothing was looked at. */
export function sightRows(result: Pick<ScenarioResult, "sights">): readonly SightRow[] {
  const { sights = [] } = result;
  const [first] = sights;
  if (first === undefined) return [];
  const neighbour = first.neighbour;
  return [
    ...(neighbour === undefined
      ? []
      : [
          rowOf("The LAN", `${neighbour.node} finds ${neighbour.address} at`, sights, (sight) => ({
            text: sight.neighbour?.mac || "nobody",
          })),
        ]),
    ...(first.bond === undefined
      ? []
      : [
          rowOf("The host", `${first.bond.name} sends through`, sights, ({ bond }) => ({
            text: bond?.activePort || "no port",
            ...(bond === undefined ? {} : { aside: bond.mac }),
          })),
        ]),
    ...first.links.map(({ port }) =>
      rowOf("The host", `${port}, as iw link says`, sights, ({ links }) =>
        linkCell(links.find((link) => link.port === port)),
      ),
    ),
    ...stationRows(sights),
  ];
}

function stationRows(sights: readonly Sight[]): readonly SightRow[] {
  const keys = sights.flatMap(({ stations }) => stations.map((station) => keyOf(station)));
  return [...new Set(keys)].map((key) => {
    const [accessPoint = "", whose = ""] = JSON.parse(key) as readonly string[];
    const name = `${whose === "" ? "a stranger" : whose} in its station table`;
    return rowOf(accessPoint, name, sights, ({ stations }) => stationCell(stations.find((one) => keyOf(one) === key)));
  });
}

/** A station goes by its owner: its MAC address is what may change. */
function keyOf({ accessPoint, whose, mac }: Station): string {
  return JSON.stringify([accessPoint, whose, whose === "" ? mac : ""]);
}

interface Cell {
  readonly text: string;
  readonly aside?: string;
}

function rowOf(group: string, name: string, sights: readonly Sight[], cell: (sight: Sight) => Cell): SightRow {
  const cells = sights.map(cell);
  return { group, name, cells: cells.map((each) => ({ ...each, isNew: each.text !== cells[0]?.text })) };
}

function linkCell(link: RadioLink | undefined): Cell {
  if (link?.bssid === undefined) return { text: "not joined" };
  const parts = [
    link.frequencyMhz === undefined ? "" : `${link.frequencyMhz}\u00a0MHz`,
    link.signalDbm === undefined ? "" : `${String(link.signalDbm).replace("-", "−")}\u00a0dBm`,
  ];
  return { text: `joined ${link.ssid ?? link.bssid}`, aside: parts.filter((part) => part !== "").join(", ") };
}

function stationCell(station: Station | undefined): Cell {
  if (station === undefined) return { text: "not in it" };
  const { mac, authorized, rxPackets, txPackets } = station;
  const frames = `${count(rxPackets, "frame").replace(String(rxPackets), sayCount(rxPackets))} from it, ${sayCount(txPackets)} to it`;
  return { text: authorized ? mac : `${mac}, its key unproven`, aside: frames };
}

/** "180 ms (counted to 742)", "broke (counted to 12)". */
export function saySsh({ survived, stallMs, counted }: SshResult): string {
  const stood = survived && stallMs !== null ? sayMs(stallMs) : "broke";
  return `${stood} (counted to ${sayCount(counted)})`;
}

/** How the ssh sessions fared, a sentence; "" where there were none. */
export function saySshAll(rehearsal: Pick<Rehearsal, "scenarios">): string {
  const all = rehearsal.scenarios.flatMap(({ ssh, kind }) => (ssh === undefined || kind === "healthy" ? [] : [ssh]));
  if (all.length === 0) return "";
  const lived = all.filter(({ survived }) => survived);
  const longest = Math.max(0, ...lived.map(({ stallMs }) => stallMs ?? 0));
  const stood = lived.length === 0 ? "" : `, and stood still for ${sayMs(longest)} at most`;
  const faults =
    all.length === 1 ? "the one fault that leaves" : `${lived.length} of the ${all.length} faults that leave`;
  if (all.length === 1 && lived.length === 0)
    return "The ssh session did not live through the one fault that leaves it a way.";
  return `A real ssh session lived through ${faults} it a way${stood}.`;
}
