import { Resolver } from "node:dns/promises";
import { openEcho } from "../../host/linux/echo-socket.ts";
import { readHostBonds } from "../../host/linux/observe/read-links.ts";
import { hostTree } from "../../host/linux/observe/tree.ts";
import type { Host } from "../../host/ports.ts";
import type { HostBond } from "../../model/host-state.ts";
import { formatOption } from "../../model/option-value.ts";
import type { OptionName } from "../../model/options.ts";
import type { ProbeResult } from "../../plan/protocol.ts";
import { ipBytes } from "../../wire/ip.ts";
import { TYPE_UNICAST } from "../../wire/route.ts";
import { findRouter, ownToward } from "./ask-router.ts";
import type { ExpectedBond } from "./expectation.ts";
import { gatewaysOf, isTentative, linkNamed, type Snapshot } from "./snapshot.ts";
import { connectionsCut, isGreeted, judgePeer, type TcpSocket, tcpSockets } from "./ssh-connections.ts";

type Family = "ipv4" | "ipv6";

/** A default route of the family, and its router answering: two results. */
export async function probeRoute(
  host: Host,
  now: Snapshot,
  family: Family,
  sleep: (seconds: number) => Promise<void>,
): Promise<readonly ProbeResult[]> {
  const gateway = gatewaysOf(now).find((one) => one.family === family);
  const names = { route: `route ${family}`, gateway: `gateway ${family}` };
  if (gateway === undefined) {
    // A point-to-point link has a default route and no router to ask.
    const isThere = now.routes.some(
      (route) => route.to === "" && route.type === TYPE_UNICAST && (route.family === 2) === (family === "ipv4"),
    );
    const detail = isThere ? "a default route without a router" : "no default route";
    return [must(names.route, isThere, detail), must(names.gateway, isThere, detail)];
  }
  const { router, link } = gateway;
  const own = ownToward(
    router,
    now.addresses.filter(({ index }) => index === link.index),
  );
  const mac = await findRouter({ host, link, router, own }, sleep);
  const answers =
    mac === undefined ? `${router} doesn't answer on ${link.name}` : `${router} is ${mac} on ${link.name}`;
  return [must(names.route, true, `by ${router} on ${link.name}`), must(names.gateway, mac !== undefined, answers)];
}

/** A link bears an address, and duplicate address detection is done with it. */
export function probeAddress(now: Snapshot, cidr: string, link: string | undefined): ProbeResult {
  const name = `address ${cidr}`;
  const bytes = ipBytes(cidr.split("/")[0] ?? "");
  const wanted = Buffer.from(bytes ?? []);
  const found = now.addresses.find((one) => wanted.equals(Buffer.from(ipBytes(one.ip) ?? [])));
  const bearer = now.links.find(({ index }) => index === found?.index)?.name;
  if (found === undefined || bearer === undefined) return must(name, false, "no link has it");
  if (link !== undefined && bearer !== link) return must(name, false, `${bearer} has it, not ${link}`);
  if (bytes !== undefined && isTentative(now, bytes)) return must(name, false, `on ${bearer}, not usable yet`);
  return must(name, true, `on ${bearer}`);
}

/** A link was given an IPv4 address. */
export function probeLease(now: Snapshot, link: string): ProbeResult {
  const index = linkNamed(now, link)?.index;
  const found = now.addresses.find((one) => one.index === index && one.scope === "global" && !one.ip.includes(":"));
  const detail = found === undefined ? "no IPv4 address yet" : `${found.ip}/${found.prefix}`;
  return must(`lease ${link}`, found !== undefined, detail);
}

/** The bond is there, with its ports, and the kernel has every option as it was said. */
export async function probeBonds(wanted: readonly ExpectedBond[]): Promise<readonly ProbeResult[]> {
  const running = wanted.length === 0 ? [] : await readHostBonds(hostTree("/"));
  return wanted.map((bond) => {
    const found = running.find(({ name }) => name === bond.name);
    const wrong = found === undefined ? ["there is no such bond"] : differencesOf(bond, found);
    return must(`bond ${bond.name}`, wrong.length === 0, wrong.length === 0 ? "as declared" : wrong.join("; "));
  });
}

function differencesOf(wanted: ExpectedBond, found: HostBond): readonly string[] {
  const ports = wanted.ports.filter((port) => !found.ports.includes(port)).map((port) => `${port} is not in it`);
  const names = Object.keys(wanted.options) as OptionName[];
  const options = names.flatMap((name) => {
    // What carries traffic now is the kernel's to choose.
    if (name === "active_slave") return [];
    const [said, is] = [spelled(wanted, name), spelled(found, name)];
    return said === is ? [] : [`${name} is ${is === "" ? "not set" : is}, not ${said}`];
  });
  // A port that isn't plugged in can't be primary either: its own line says so.
  return ports.length > 0 ? [...options.filter((line) => !line.startsWith("primary ")), ...ports] : options;
}

function spelled({ options }: Pick<HostBond, "options">, name: OptionName): string {
  const value = options[name];
  if (value === undefined) return "";
  const text = formatOption(name, value as never);
  return text.split(",").toSorted().join(",");
}

/** sshd greets on the host's own address. */
export async function probeSshd(now: Snapshot, ports: readonly number[]): Promise<readonly ProbeResult[]> {
  const own = now.addresses.find(({ scope, ip }) => scope === "global" && !ip.startsWith("127."))?.ip;
  return Promise.all(
    ports.map(async (port) => {
      const greeted = own !== undefined && (await isGreeted(own, port));
      const where = own === undefined ? "the host has no address" : `${own}:${port}`;
      return must(`sshd ${port}`, greeted, greeted ? `greets on ${where}` : `doesn't greet on ${where}`);
    }),
  );
}

/** What is sent to those who were connected arrives. Who has logged out meanwhile is told, and fails nothing; who may have been cut off fails
 *  what nobody confirms. `cutsBefore`: of `connectionsCut` then. */
export function probePeers(
  known: readonly Pick<TcpSocket, "local" | "localPort" | "peer" | "peerPort">[],
  cutsBefore: number,
  weightOf: (local: string) => ProbeResult["weight"],
): readonly ProbeResult[] {
  const sockets = known.length === 0 ? [] : tcpSockets();
  const wereCut = known.length > 0 && connectionsCut() > cutsBefore;
  return known.map((one) => {
    const { is, detail } = judgePeer(one, sockets, wereCut);
    const weight = weightOf(one.local);
    const result = { name: `ssh ${one.peer}:${one.peerPort}`, passed: is === "connected", detail };
    if (is === "ended") return { ...result, weight: "warn" };
    return is === "cut"
      ? { ...result, weight: "warn", ...(weight === "must" ? { weightAlone: weight } : {}) }
      : { ...result, weight };
  });
}

/** At least half of the targets answer an echo within a second. */
export async function probeTargets(
  targets: readonly string[],
  marks: { readonly id: number; readonly nonce: Uint8Array },
  sleep: (seconds: number) => Promise<void>,
): Promise<readonly ProbeResult[]> {
  if (targets.length === 0) return [];
  const answered = await Promise.all(
    targets.map(async (target) => {
      let isAnswered = false;
      const opened = openEcho(target, marks, () => {
        isAnswered = true;
      });
      if (!opened.ok) return [];
      for (let seq = 0; seq < 5 && !isAnswered; seq++) {
        opened.value.send(seq);
        await sleep(0.2);
      }
      opened.value.close();
      return isAnswered ? [target] : [];
    }),
  );
  const reached = answered.flat();
  const detail = `${reached.length} of ${targets.length} answer${reached.length > 0 ? `: ${reached.join(", ")}` : ""}`;
  return [must("targets", reached.length * 2 >= targets.length, detail)];
}

/** Name servers answer at all; what they answer is theirs. Told, and never a reason to roll back. */
export async function probeNames(): Promise<readonly ProbeResult[]> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  if (resolver.getServers().length === 0) return [];
  const trouble = await resolver.resolveNs(".").then(
    () => "",
    (problem: NodeJS.ErrnoException) => (silent.has(problem.code ?? "") ? (problem.code ?? "") : ""),
  );
  const passed = trouble === "";
  return [{ name: "dns", passed, detail: passed ? "name servers answer" : `name servers: ${trouble}`, weight: "warn" }];
}

const silent = new Set(["ETIMEOUT", "ECONNREFUSED", "ECANCELLED", "ECONNRESET"]);

function must(name: string, passed: boolean, detail: string): ProbeResult {
  return { name, passed, detail, weight: "must" };
}
