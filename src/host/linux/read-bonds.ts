import { readdir, readFile, stat } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { type ProcBond, parseProcBond } from "../../wire/proc-bonding.ts";

/** A bond as this kernel has it. */
export interface KernelBond extends ProcBond {
  readonly name: string;
  /** With prefix length, link-local ones left out. */
  readonly addresses: readonly string[];
  /** Ports that are radios. */
  readonly radios: readonly string[];
}

/** Every bond of this host by name, from /proc and /sys: needs no rights. None where the bonding driver isn't loaded.
 *  `root` stands for "/". */
export async function readBonds(root = "/"): Promise<readonly KernelBond[]> {
  const folder = join(root, "proc/net/bonding");
  const names = await readdir(folder).catch(() => []);
  const bonds = await Promise.all(names.toSorted().map((name) => readBond(root, join(folder, name), name)));
  return bonds.flat();
}

async function readBond(root: string, path: string, name: string): Promise<readonly KernelBond[]> {
  // A bond may go while its name is still being looked at.
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return [];
  const bond = parseProcBond(text);
  const radios = await Promise.all(
    bond.ports.map(async (port) => ((await isRadio(root, port.name)) ? [port.name] : [])),
  );
  return [{ ...bond, name, addresses: addressesOf(name), radios: radios.flat() }];
}

function isRadio(root: string, port: string): Promise<boolean> {
  return stat(join(root, "sys/class/net", port, "phy80211")).then(
    () => true,
    () => false,
  );
}

function addressesOf(name: string): readonly string[] {
  return (networkInterfaces()[name] ?? []).flatMap(({ address, cidr }) =>
    cidr === null || address.startsWith("fe80:") ? [] : [cidr],
  );
}
