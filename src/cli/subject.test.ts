import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { dialects } from "../dialects/registry.ts";
import { bareInterface } from "../dialects/sayable.ts";
import { Secret } from "../model/bond.ts";
import { emptyConfig } from "../model/config.ts";
import { asInterfaces, readSubject } from "./subject.ts";

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "holdfast-subject-"));
});
afterEach(() => rm(cwd, { recursive: true }));

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(cwd, path)), { recursive: true });
  await writeFile(join(cwd, path), text, { mode: 0o644 });
}

it("reads a root: only where network configuration lives, shown as the user would type it", async () => {
  await put("pi/etc/network/interfaces", "a");
  await put("pi/etc/network/interfaces.d/bond", "b");
  await put("pi/etc/network/interfaces.d/bond~", "old");
  await put("pi/etc/passwd", "no");
  const subject = await readSubject("pi", cwd);
  expect([...subject.files]).toEqual([
    ["/etc/network/interfaces", "a"],
    ["/etc/network/interfaces.d/bond", "b"],
  ]);
  expect(subject.shown.get("/etc/network/interfaces.d/bond")).toBe("pi/etc/network/interfaces.d/bond");
  expect(subject.modes.get("/etc/network/interfaces")).toBe(0o644);
});

// A script lies where its user puts it.
const placed = dialects.filter(({ name }) => name !== "iproute2");
it.each(placed.map((dialect) => [dialect.name, dialect] as const))(
  "reads again all that is written of a host with a radio: %s",
  async (_, dialect) => {
    const wifi = { ssid: "home", psk: { inline: new Secret("correct horse") } };
    const bond = { name: "bond0", ports: ["eth0", "wlan0"], options: { mode: "active-backup" } } as const;
    const vlan = { ...bareInterface("bond0.7"), vlan: { parent: "bond0", id: 7 } };
    const interfaces = [bareInterface("bond0"), bareInterface("eth0"), { ...bareInterface("wlan0"), wifi }, vlan];
    const { files } = dialect.render({ ...emptyConfig, bonds: [bond], interfaces });
    for (const [path, text] of files) await put(join("pi", path), text);
    expect([...(await readSubject("pi", cwd)).files.keys()].toSorted()).toEqual([...files.keys()].toSorted());
  },
);

it("a masked unit of the host's is no network configuration", async () => {
  await put("pi/etc/network/interfaces", "a");
  await mkdir(join(cwd, "pi/etc/systemd/system"), { recursive: true });
  await symlink("/dev/null", join(cwd, "pi/etc/systemd/system/systemd-networkd.service"));
  expect((await readSubject("pi", cwd)).diagnostics).toEqual([]);
});

it("reads the root's other files when its interfaces file is named", async () => {
  await put("pi/etc/network/interfaces", "a");
  await put("pi/etc/modprobe.d/bonding.conf", "options bonding max_bonds=1");
  const subject = await readSubject("pi/etc/network/interfaces", cwd);
  expect([...subject.files.keys()]).toEqual(["/etc/modprobe.d/bonding.conf", "/etc/network/interfaces"]);
  expect(subject.shown.get("/etc/network/interfaces")).toBe("pi/etc/network/interfaces");
});

it("takes a copy of /etc/network, and a lone file, for what they are", async () => {
  await put("copy/interfaces", "a");
  await put("copy/interfaces.d/x", "b");
  const copy = await readSubject("copy", cwd);
  expect([...copy.files.keys()]).toEqual(["/etc/network/interfaces", "/etc/network/interfaces.d/x"]);
  await put("lone/my.interfaces", "a");
  await put("lone/interfaces.d/x", "b");
  const lone = asInterfaces(await readSubject("lone/my.interfaces", cwd));
  expect([...lone.shown]).toEqual([
    ["/etc/network/interfaces", "lone/my.interfaces"],
    ["/etc/network/interfaces.d/x", "lone/interfaces.d/x"],
  ]);
});

it("says what is missing, by the name that was typed", async () => {
  const subject = await readSubject("nowhere/interfaces", cwd);
  expect(subject.files.size).toBe(0);
  expect(subject.diagnostics).toMatchObject([{ code: "file-missing", message: "nowhere/interfaces does not exist" }]);
});

it("a profile of NetworkManager is read with those beside it: the ports name the bond", async () => {
  await put("nm/etc/NetworkManager/system-connections/bond0.nmconnection", "a");
  await put("nm/etc/NetworkManager/system-connections/eth0.nmconnection", "b");
  await put("nm/etc/NetworkManager/system-connections/.eth1.nmconnection.swp", "no");
  const subject = await readSubject("nm/etc/NetworkManager/system-connections/bond0.nmconnection", cwd);
  expect([...subject.files.keys()].toSorted()).toEqual([
    "/etc/NetworkManager/system-connections/bond0.nmconnection",
    "/etc/NetworkManager/system-connections/eth0.nmconnection",
  ]);
});

it("a copy of a sysconfig folder by any name brings its routes: without them the host would have no way out", async () => {
  for (const file of ["ifcfg-bond0", "ifroute-bond0", "routes", "notes"]) await put(`backup/suse/${file}`, "a");
  for (const named of ["backup", "backup/suse"]) {
    const names = [...(await readSubject(named, cwd)).files.keys()].map((path) => path.split("/").at(-1));
    expect(names.toSorted(), named).toEqual(["ifcfg-bond0", "ifroute-bond0", "routes"]);
  }
});

it("reads the files of a sysconfig folder together, whichever of them is named", async () => {
  const folder = "rh/etc/sysconfig/network-scripts";
  await put(`${folder}/ifcfg-bond0`, "a");
  await put(`${folder}/ifcfg-eth0`, "b");
  await put(`${folder}/route-bond0`, "c");
  await put(`${folder}/ifcfg-eth0.bak`, "old");
  await put(`${folder}/ifup-eth`, "a program");
  const keys = ["ifcfg-bond0", "ifcfg-eth0", "route-bond0"].map((name) => `/etc/sysconfig/network-scripts/${name}`);
  for (const named of [`${folder}/ifcfg-bond0`, folder])
    expect([...(await readSubject(named, cwd)).files.keys()].toSorted(), named).toEqual(keys);
});
