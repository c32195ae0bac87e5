import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostTree } from "./tree.ts";

/** Where dpkg keeps what is installed. */
export const packagesFile = "/var/lib/dpkg/status";

/** Packages whose presence or version decides what network files do. */
const asked = new Set(["bridge-utils", "dhcpcd-base", "ifenslave", "ifupdown", "ifupdown2", "isc-dhcp-client"]);

/** dpkg's own entries of these packages, cut down to name, state and version; the file is megabytes long. With an empty line in front
 *  where dpkg has none of them; "" where there is no dpkg. */
export async function readPackages(tree: HostTree): Promise<string> {
  const text = await readFile(join(tree.root, packagesFile), "utf8").catch(() => "");
  if (text === "") return "";
  const entries = text.split("\n\n").filter((entry) => asked.has(/^Package: (.*)$/m.exec(entry)?.[1] ?? ""));
  const cut = entries.map((entry) => (entry.match(/^(?:Package|Status|Version): .*$/gm) ?? []).join("\n"));
  return `${cut.join("\n\n")}\n`;
}
