import type { HostState } from "../../../model/host-state.ts";
import {
  type HostSurroundings,
  nothingAround,
  type SeenRadio,
  type SeenRouter,
  type SeenSupply,
} from "../../../model/host-surroundings.ts";
import { ipText } from "../../../wire/ip.ts";
import { isUpsName, upsReading } from "../../../wire/nut.ts";
import { openRequests } from "../netlink-socket.ts";
import { linuxTables } from "../tables.ts";
import { askProgram } from "./ask-program.ts";
import { type HostTree, hostTree } from "./tree.ts";

/** What stands around the host that was observed below the same root. Sends nothing, changes nothing, fails at nothing. */
export async function observeAround(host: HostState, root = "/"): Promise<HostSurroundings> {
  const tree = hostTree(root);
  const resolver = await readResolver(tree);
  if (root !== "/") return { ...nothingAround, ...resolver };
  const radios = host.links.filter(({ isRadio }) => isRadio);
  return {
    ...resolver,
    routers: seenRouters(host),
    radios: await Promise.all(radios.map(({ name }) => askRadio(tree, name))),
    supplies: await askSupplies(),
  };
}

/** systemd-resolved's own list of servers, where programs are sent to its stub; else /etc/resolv.conf. */
async function readResolver(tree: HostTree): Promise<Pick<HostSurroundings, "nameServers" | "search">> {
  const plain = await tree.text("/etc/resolv.conf");
  const behind = await tree.text("/run/systemd/resolve/resolv.conf");
  return readResolverText(/^nameserver\s+127\.0\.0\.5[34]\b/m.test(plain) && behind !== "" ? behind : plain);
}

/** The servers and domains of a resolv.conf, less servers on the host itself. Source: resolv.conf(5). */
export function readResolverText(text: string): Pick<HostSurroundings, "nameServers" | "search"> {
  const servers = [...text.matchAll(/^nameserver\s+([0-9A-Fa-f.:]+)\s*$/gm)].map(([, server = ""]) => server);
  const domains = [...text.matchAll(/^(?:search|domain)[ \t]+(\S.*)$/gm)].at(-1)?.[1]?.trim() ?? "";
  return {
    nameServers: [...new Set(servers)].filter((server) => !/^(127\.|::1$)/.test(server)),
    search: domains.split(/\s+/).filter((domain) => domain !== "" && domain !== "."),
  };
}

/** The next hops of default routes, with the MAC addresses that the kernel has learnt of them. */
export function seenRouters({ routes = [], links }: HostState): readonly SeenRouter[] {
  const hops = routes.filter(({ to, via }) => to === "default" && via !== "");
  const macs = new Map<string, string>();
  const requests = hops.length === 0 ? undefined : openRequests();
  if (requests?.ok === true) {
    const neighbours = linuxTables(requests.value).neighbours();
    requests.value.close();
    for (const one of neighbours.ok ? neighbours.value : []) macs.set(`${one.index} ${ipText(one.address)}`, one.mac);
  }
  const found = hops.map(({ via, dev }): SeenRouter => {
    const index = links.find(({ name }) => name === dev)?.index ?? 0;
    return { address: via, mac: macs.get(`${index} ${via}`) ?? "", link: dev };
  });
  return found.filter(
    (one, at) => found.findIndex(({ address, link }) => address === one.address && link === one.link) === at,
  );
}

/** What iw says of a radio; nothing where there is no iw. */
async function askRadio(tree: HostTree, link: string): Promise<SeenRadio> {
  const joined = readRadioInfo((await askProgram("iw", ["dev", link, "info"])) ?? "");
  const phy = await tree.text(`/sys/class/net/${link}/phy80211/name`);
  const abilities = phy === "" ? undefined : await askProgram("iw", ["phy", phy, "info"]);
  return { link, ...joined, bands: readBands(abilities ?? "") };
}

/** The network of `iw dev NAME info`, which only speaks of it while it is joined. */
export function readRadioInfo(text: string): Pick<SeenRadio, "ssid"> {
  const said = /^[ \t]+ssid (.+)$/m.exec(text)?.[1];
  if (said === undefined) return {};
  // iw shows bytes that are no printable ASCII as \xNN, and a backslash as two.
  const bytes: number[] = [];
  const piece = /\\x([0-9a-f]{2})|\\\\|[^\\]/giu;
  for (const [whole, hex] of said.matchAll(piece)) {
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else bytes.push(...new TextEncoder().encode(whole === "\\\\" ? "\\" : whole));
  }
  return { ssid: new TextDecoder().decode(Uint8Array.from(bytes)) };
}

/** The bands of `iw phy NAME info` that have a frequency which isn't disabled. */
export function readBands(text: string): readonly string[] {
  const usable = text.split("\n").filter((line) => !/\(disabled\)/.test(line));
  const frequencies = usable.flatMap((line) => /^\s+\* (\d{4})(?:\.\d)? MHz/.exec(line)?.[1] ?? []).map(Number);
  const bands = [
    { name: "2.4 GHz", from: 2400, to: 2500 },
    { name: "5 GHz", from: 4900, to: 5924 },
    { name: "6 GHz", from: 5925, to: 7125 },
  ];
  return bands.filter(({ from, to }) => frequencies.some((one) => from <= one && one <= to)).map(({ name }) => name);
}

/** Every UPS that upsd on this host speaks of. */
async function askSupplies(): Promise<readonly SeenSupply[]> {
  const list = (await askProgram("upsc", ["-l"])) ?? "";
  const names = list.split("\n").map((line) => line.trim());
  return await Promise.all(names.filter(isUpsName).slice(0, 8).map(askSupply));
}

async function askSupply(name: string): Promise<SeenSupply> {
  return { name, ...readSupply((await askProgram("upsc", [name])) ?? "") };
}

/** What `upsc NAME` prints, one variable a line. */
export function readSupply(text: string): Omit<SeenSupply, "name"> {
  const variables = new Map(
    text.split("\n").flatMap((line) => {
      const found = /^([a-z0-9.]+): (.*)$/.exec(line);
      return found === null ? [] : [[found[1] ?? "", found[2] ?? ""] as const];
    }),
  );
  const { runtimeMs } = upsReading(variables);
  const model = variables.get("ups.model") ?? variables.get("device.model");
  return {
    ...(model === undefined || model === "" ? {} : { model }),
    ...(runtimeMs === undefined ? {} : { runtimeMs }),
  };
}
