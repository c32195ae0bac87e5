import type { Span } from "../../diagnostic/diagnostic.ts";
import { whereIs } from "../../diagnostic/origins.ts";
import type { Bond } from "../../model/bond.ts";
import { type HostBond, type HostLink, type HostState, linkNamed } from "../../model/host-state.ts";
import type { Finding, Subject } from "../rule.ts";

/** A bond of a running host, with what its files say of it. */
export interface RunningBond {
  readonly host: HostState;
  readonly bond: HostBond;
  /** Of the files; absent: they don't speak of it. */
  readonly declared: Bond | undefined;
  /** Its own link; absent: not seen. */
  readonly link: HostLink | undefined;
  /** Those of its ports that are seen, in the order they joined. */
  readonly ports: readonly HostLink[];
}

/** The findings about each bond that runs, marked with the bond's name; none where only files were named. */
export function aboutRunningBonds(
  subject: Subject,
  findingsOf: (running: RunningBond) => readonly Finding[] | Finding | undefined,
): readonly Finding[] {
  const { host } = subject;
  if (host === undefined) return [];
  return host.bonds.flatMap((bond) => {
    const found = findingsOf({
      host,
      bond,
      declared: subject.config.bonds.find(({ name }) => name === bond.name),
      link: linkNamed(host, bond.name),
      ports: bond.ports.flatMap((port) => linkNamed(host, port) ?? []),
    });
    return [found ?? []].flat().map((finding: Finding) => ({ bond: bond.name, ...finding }));
  });
}

/** Ports that are declared for a bond on a running host, each with its link if there is one; none where only files were named. */
export function declaredPorts(
  subject: Subject,
): readonly { readonly bond: Bond; readonly port: string; readonly link: HostLink | undefined; host: HostState }[] {
  const { host } = subject;
  if (host === undefined) return [];
  return subject.config.bonds.flatMap((bond) =>
    bond.ports.map((port) => ({ bond, port, link: linkNamed(host, port), host })),
  );
}

/** Every interface that is a port of some bond, running or declared. */
export function portsOf(subject: Subject): readonly HostLink[] {
  const { host } = subject;
  if (host === undefined) return [];
  const names = new Set([...subject.config.bonds, ...host.bonds].flatMap(({ ports }) => ports));
  return host.links.filter((link) => names.has(link.name));
}

/** Where the files speak of a bond's port, else the port's place in sysfs. */
export function portOrLink(subject: Subject, bond: string, port: string, attribute = ""): Span {
  return whereIs(subject.origins, `bond/${bond}/port/${port}`) ?? inSysfs(port, attribute);
}

/** Where the files declare a bond, else the bond's place in sysfs. */
export function bondOrLink(subject: Subject, bond: string, attribute = ""): Span {
  return whereIs(subject.origins, `bond/${bond}`) ?? inSysfs(bond, attribute);
}

/** A link, or an attribute of it, as the kernel shows it: the place of what no file says. */
export function inSysfs(link: string, attribute = ""): Span {
  return { file: `/sys/class/net/${link}${attribute === "" ? "" : `/${attribute}`}`, start: 0, end: 0 };
}

/** Another file or directory of the host as a place. */
export function inFile(file: string, start = 0, end = 0): Span {
  return { file, start, end };
}
