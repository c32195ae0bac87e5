import type { Bond } from "../model/bond.ts";
import type { Config } from "../model/config.ts";
import type { HostLink } from "../model/host-state.ts";
import { type Answers, isSecondRouter, type Place, type SecondRouter } from "./answers.ts";
import { candidates, networkOf, type Present, presentAddress, routerBehind, type Seen } from "./seen.ts";

/** All that is known so far: what was seen, what is declared already, what was answered, and what follows from the three. */
export interface Draft {
  readonly seen: Seen;
  /** What is declared: by the holdfast.yaml that is there, else by the host's own files. Its word stands. */
  readonly base: Config;
  readonly answers: Answers;
  /** Of `base`; absent: there is none yet. */
  readonly bond?: Bond;
  /** Every link that could be a port, best first. */
  readonly candidates: readonly HostLink[];
  /** Names of the bond's ports; those of the bond that is there come first. */
  readonly ports: readonly string[];
  readonly present?: Present;
}

/** Puts together what is known. */
export function draftOf(seen: Seen, base: Config, answers: Answers): Draft {
  const bond = base.bonds.find(({ ports }) => ports.length > 0);
  const found = candidates(seen);
  const present = presentAddress(seen);
  const chosen = answers.ports ?? (bond === undefined ? found.slice(0, 2).map(({ name }) => name) : []);
  return {
    seen,
    base,
    answers,
    ...(bond === undefined ? {} : { bond }),
    candidates: found,
    ports: [...new Set([...(bond?.ports ?? []), ...chosen])],
    ...(present === undefined ? {} : { present }),
  };
}

/** Whether a port joins a network by radio. */
export function isRadio({ seen, base }: Draft, port: string): boolean {
  const isDeclared = base.interfaces.some(({ name, wifi }) => name === port && wifi !== undefined);
  return isDeclared || seen.host.links.some((link) => link.name === port && link.isRadio);
}

/** The network a port joins; undefined: nobody has said which. */
export function networkFor({ answers, base, seen }: Draft, port: string): string | undefined {
  const said = base.interfaces.find(({ name }) => name === port)?.wifi?.ssid;
  return answers.networks.get(port) ?? said ?? networkOf(seen, port);
}

/** Whether the topology says already where a port leads. */
export function isPlaced(draft: Draft, port: string): boolean {
  const { topology } = draft.base;
  if (topology === undefined) return false;
  if (topology.cables.some(({ from, to }) => from === port || to === port)) return true;
  const ssid = isRadio(draft, port) ? networkFor(draft, port) : undefined;
  return ssid !== undefined && topology.devices.some(({ wifi }) => wifi === ssid);
}

/** Ports whose way is still to be declared, each with its answer; absent: not answered yet. */
export function placesToDeclare(draft: Draft): readonly { readonly port: string; readonly place: Place | undefined }[] {
  return draft.ports
    .filter((port) => !isPlaced(draft, port))
    .map((port) => ({ port, place: draft.answers.places.get(port) }));
}

/** The port that leads to a router of its own, by the answers; undefined where all lead to one. */
export function secondPort(draft: Draft): string | undefined {
  return placesToDeclare(draft).find(({ place }) => isSecondRouter(place))?.port;
}

/** The second router by the answers, else as the port speaks to it; undefined: nobody knows. */
export function secondRouter(draft: Draft): SecondRouter | undefined {
  const port = secondPort(draft);
  if (draft.answers.second !== undefined || port === undefined) return draft.answers.second;
  const gateway = routerBehind(draft.seen, port);
  const own = draft.seen.host.links.find(({ name }) => name === port)?.addresses.find((one) => !one.includes(":"));
  if (gateway === undefined || port === draft.present?.link) return undefined;
  return own === undefined ? { gateway } : { gateway, address: own };
}

/** Whether the bond has an address already, or a way to get one. */
export function isAddressed({ base, bond }: Draft): boolean {
  const own = base.interfaces.find(({ name }) => name === bond?.name);
  return own !== undefined && (own.ipv4.method === "dhcp" || own.ipv4.addresses.length > 0);
}

/** How the bond's address comes: "dhcp", CIDR, or undefined where nobody knows. */
export function addressFor(draft: Draft): string | undefined {
  const { answers, present } = draft;
  if (answers.address !== undefined && answers.address !== "keep") return answers.address;
  // Behind two routers nobody gives one address for both: the one that is known stays.
  const isSettled = answers.address !== undefined || present?.isLeased === false || secondPort(draft) !== undefined;
  return isSettled ? present?.address : undefined;
}

/** The router of the host, IPv4; undefined: nobody knows. */
export function gatewayFor({ answers, base, bond, present }: Draft): string | undefined {
  const said = base.interfaces.find(({ name }) => name === bond?.name)?.ipv4.gateway;
  return answers.gateway ?? said ?? present?.gateway;
}

/** The port that is preferred whenever it works. */
export function primaryFor(draft: Draft): string | undefined {
  const { answers, bond, ports } = draft;
  if (answers.primary !== undefined) return answers.primary;
  if (bond !== undefined) return bond.options.primary;
  const ranked = draft.candidates.map(({ name }) => name).filter((name) => ports.includes(name));
  const isSecond = (name: string) => Number(isSecondRouter(answers.places.get(name)));
  return ranked.toSorted((one, other) => isSecond(one) - isSecond(other))[0];
}
