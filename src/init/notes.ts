import type { Config } from "../model/config.ts";
import type { HostLink } from "../model/host-state.ts";
import type { Note } from "./annotate.ts";
import { hasPassingName, needsOwnMacs } from "./compose.ts";
import { type Draft, isRadio, secondRouter } from "./draft.ts";

/** What the reader of a new file should know beside what it says: where each value comes from, and what it is for. */
export function notesOn(draft: Draft, config: Config): readonly Note[] {
  return [...networkNotes(draft, config), ...portNotes(draft, config), ...aroundNotes(draft, config)];
}

function networkNotes(draft: Draft, config: Config): readonly Note[] {
  const { answers, bond: declared, present } = draft;
  const bond = config.bonds[0];
  const own = config.interfaces.find(({ name }) => name === bond?.name);
  const address = own?.ipv4.addresses[0];
  const notes: Note[] = [];
  if (address !== undefined && address === present?.address) {
    const text = present.isLeased
      ? `${present.link} had it by DHCP: reserve it in the router, so that nobody else gets it.`
      : `As ${present.link} has it now.`;
    notes.push({ path: ["bond", "address"], text });
  }
  if (own?.ipv4.method === "dhcp" && answers.address !== "dhcp" && declared === undefined)
    notes.push({
      path: ["bond", "dhcp"],
      text: "A server had better have an address of its own: address: 192.168.1.105/24",
    });
  if (declared?.options.fail_over_mac === undefined && needsOwnMacs(draft))
    notes.push({ path: ["bond", "fail_over_mac"], text: whyOwnMacs(draft) });
  return notes;
}

function whyOwnMacs(draft: Draft): string {
  const radio = draft.ports.find((port) => isRadio(draft, port));
  return radio === undefined
    ? "Both routers have one address and two MAC addresses. When the host's own changes as well, it asks anew at once, instead of talking to the router that is gone for most of a minute."
    : `Each port keeps its own MAC address. With one for all, Wi-Fi clients of the access point that ${radio} has joined can't reach this host while a cable is in use.`;
}

function portNotes(draft: Draft, config: Config): readonly Note[] {
  const { seen } = draft;
  const ports = config.bonds[0]?.ports ?? [];
  return ports.flatMap((port, at): readonly Note[] => {
    const link = seen.host.links.find(({ name }) => name === port);
    const wifi = config.interfaces.find(({ name }) => name === port)?.wifi;
    const path = ["bond", "ports", at];
    return [
      ...(link === undefined ? [] : [{ path, text: sayLink(link) }]),
      { path, text: nameNote(draft, config, port) },
      ...(wifi?.psk !== undefined && "file" in wifi.psk
        ? [{ path: [...path, "wifi", "psk"], text: "The pass phrase stands in that file alone, below /etc/holdfast." }]
        : []),
    ].filter(({ text }) => text !== "");
  });
}

/** Of a port whose name is another's at the next boot, perhaps. */
function nameNote({ seen }: Draft, config: Config, port: string): string {
  const link = hasPassingName(seen, port);
  if (link === undefined) return "";
  const isKnown = config.interfaces.some(({ name, match }) => name === port && match?.mac !== undefined);
  const why = `The kernel numbers USB adapters as it finds them: ${port} may be another one after a boot.`;
  if (isKnown) return `${why} So it is known by its MAC address.`;
  // Not under the name it has: the kernel may give that to another one first (systemd.link(5), Name=).
  const own = `lan${/(?<!\d)\d+$/.exec(port)?.[0] ?? ""}`;
  return `${why} A name of its own is sure: /etc/systemd/network/10-${own}.link with [Match] PermanentMACAddress=${link.permanentMac || link.mac} and [Link] Name=${own}. Say ${own} here then.`;
}

/** How a link is plugged in, who drives it, and how quick its line is: "USB, driver r8152, 1000 Mbit/s"; "" where nothing is known. */
export function sayLink({ isRadio: radio, bus, driver, speedMbps, hasCarrier }: HostLink): string {
  const buses: Readonly<Record<string, string>> = {
    usb: "USB",
    pci: "PCI",
    platform: "on board",
    sdio: "on board (SDIO)",
    virtio: "virtual",
  };
  const plug = bus === undefined ? [] : [buses[bus] ?? bus];
  return [
    ...(radio ? ["Wi-Fi"] : []),
    ...plug,
    ...(driver === "" ? [] : [`driver ${driver}`]),
    ...(speedMbps === undefined ? [] : [`${speedMbps} Mbit/s`]),
    ...(hasCarrier === false && !radio ? ["no carrier now: is the cable in?"] : []),
  ].join(", ");
}

function aroundNotes({ seen, answers, ...draft }: Draft, config: Config): readonly Note[] {
  const routers = (config.topology?.devices ?? []).filter(({ kind }) => kind === "router");
  const second = secondRouter({ ...draft, seen, answers });
  const macs = routers.flatMap(({ name, address }): readonly Note[] => {
    const ip = address?.split("/")[0];
    // Two routers at one address are told apart by the port they were seen at, which is the first one's here.
    const isOther = second !== undefined && ip === second.gateway && routers[0]?.name !== name;
    const mac = isOther ? undefined : seen.around.routers.find((one) => one.address === ip)?.mac;
    return mac === undefined || mac === ""
      ? []
      : [{ path: ["topology", "devices", name], text: `Seen with the MAC address ${mac}.` }];
  });
  const targets: Note = {
    path: ["targets"],
    text: "With an address in the Internet, the line behind the router is watched too: [gateway, 9.9.9.9].",
  };
  return [...macs, targets, ...upsNotes(seen, answers)];
}

function upsNotes({ around }: Draft["seen"], { ups = [], upsRuntimeMs }: Draft["answers"]): readonly Note[] {
  const [supply] = around.supplies;
  const path = ["topology", "power", "ups"];
  const nut =
    supply === undefined
      ? []
      : [{ path, text: "The agent asks it, and tells when the mains fail and when they are back." }];
  if (ups.length === 0) return [];
  if (upsRuntimeMs !== undefined) return nut;
  if (supply?.runtimeMs === undefined)
    return [{ path, text: "How long does it carry its load? {runtime: 40m} says so, to audit and picture." }, ...nut];
  const whose = supply.model === undefined ? "" : `${supply.model}. `;
  return [{ path, text: `${whose}How long it lasts is its own estimate.` }, ...nut];
}
