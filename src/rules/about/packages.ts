import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Subject } from "../rule.ts";

const file = "/var/lib/dpkg/status";

/** The version of an installed package; undefined where it isn't installed, or the host has no dpkg. */
export function versionOf({ host }: Subject, name: string): string | undefined {
  const entries = (host?.texts.get(file) ?? "").split("\n\n");
  const entry = entries.find((one) => one.startsWith(`Package: ${name}\n`) && /^Status: .* installed$/m.test(one));
  return entry === undefined ? undefined : /^Version: (?:\d+:)?(\S+)$/m.exec(entry)?.[1];
}

/** Whether it is known which packages are installed. */
export function knowsPackages({ host }: Subject): boolean {
  return host?.texts.has(file) === true;
}

/** dpkg's list as a place. */
export const packagesPlace: Span = { file, start: 0, end: 0 };
