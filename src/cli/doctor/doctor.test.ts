import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { raspberryPi } from "../../../test/end-to-end/hosts/copied-host.ts";
import type { DoctorCheck, DoctorDocument } from "../../api/types.ts";
import type { Seen } from "../../init/seen.ts";
import { barePi, linkOf, seenOf } from "../../init/testing/hosts.ts";
import type { HostState } from "../../model/host-state.ts";
import { commands } from "../commands/registry.ts";
import { runProgram } from "../program.ts";
import { memoryCli } from "../testing/memory-cli.ts";
import { hostChecks } from "./host-checks.ts";
import { rightsChecks } from "./rights-checks.ts";

function on(seen: Seen, more: Partial<HostState>): Seen {
  return { ...seen, host: { ...seen.host, ...more } };
}

function stateOf(checks: readonly DoctorCheck[], id: string): string | undefined {
  return checks.find((one) => one.id === id)?.state;
}

const loaded = { driver: "loaded", parameters: new Map() } as const;
const manager = { isRunning: true, isEnabled: true } as const;

describe("whether a host can carry a bond", () => {
  test("nothing to mend on one that can", () => {
    const wired = seenOf([linkOf("eth0", { addresses: ["10.0.0.5/24"] }), linkOf("eth1")]);
    const checks = hostChecks(on(wired, { bonding: loaded, inCharge: "networkd" }));
    expect(checks.filter(({ state }) => state !== "fine")).toEqual([]);
    expect(checks.map(({ id }) => id)).toEqual(["bonding", "ports", "port-eth0", "port-eth1", "manager"]);
  });

  test.each<readonly [string, Seen, string, string, RegExp]>([
    [
      "a kernel without the driver",
      on(barePi, { kernel: "6.8.0-45-kvm", bonding: { driver: "absent", parameters: new Map() } }),
      "bonding",
      "missing",
      /linux-modules-extra-6\.8\.0-45-kvm/,
    ],
    ["one port", seenOf([linkOf("eth0")]), "ports", "reduced", /USB network adapter/],
    [
      "a driver that keeps its MAC address",
      seenOf([linkOf("ens5", { driver: "ena" }), linkOf("ens6")]),
      "port-ens5",
      "reduced",
      /fail_over_mac/,
    ],
    [
      "a phone whose carrier is that of its plug",
      seenOf([linkOf("eth0"), linkOf("usb0", { driver: "rndis_host" })]),
      "port-usb0",
      "reduced",
      /holdfast agent/,
    ],
    [
      "a radio that is switched off",
      on(barePi, { radios: [{ phy: "phy0", links: ["wlan0"], blocked: "soft" }] }),
      "port-wlan0",
      "reduced",
      /rfkill unblock/,
    ],
    [
      "a cable that isn't in",
      seenOf([linkOf("eth0"), linkOf("eth1", { hasCarrier: false })]),
      "port-eth1",
      "reduced",
      /cable/,
    ],
    [
      "two managers on one port",
      seenOf([linkOf("eth0", { owners: ["networkd", "networkmanager"] }), linkOf("eth1")]),
      "manager-of-eth0",
      "missing",
      /unmanaged-devices/,
    ],
    [
      "dhcpcd beside NetworkManager",
      on(barePi, { inCharge: "networkmanager", managers: [{ ...manager, name: "dhcpcd", languages: [] }] }),
      "rival-dhcpcd",
      "reduced",
      /disable --now dhcpcd\.service/,
    ],
    ["wicked", on(barePi, { inCharge: "wicked" }), "manager", "reduced", /holdfast render/],
    [
      "cloud-init",
      on(barePi, { fileOwners: [{ program: "cloud-init", file: "/etc/netplan/50-cloud-init.yaml" }] }),
      "file-owner",
      "reduced",
      /config: disabled/,
    ],
  ])("%s is told, with what mends it", (_name, seen, id, state, hint) => {
    const checks = hostChecks(seen);
    expect([checks, stateOf(checks, id)]).toEqual([checks, state]);
    expect(checks.find((one) => one.id === id)?.hint).toMatch(hint);
    expect(checks.filter((one) => one.state !== "fine" && one.hint === undefined)).toEqual([]);
  });

  test("what this process may do: a user, root, and root in a container", () => {
    const memory = "MemAvailable:    8000000 kB\n";
    const status = (user: number, capabilities: string) =>
      `Uid:\t${user}\t${user}\t${user}\t${user}\nCapEff:\t${capabilities}\n`;
    const rights = (text: string) => rightsChecks({ status: text, memory, hasSystemd: true, hasRecover: true })[0];
    expect(rights(status(1000, "0000000000000000"))?.about).toContain("not root: init, check, rehearse");
    expect(rights(status(0, "000001ffffffffff"))).toMatchObject({ state: "fine" });
    expect(rights(status(0, "00000000a80425fb"))).toMatchObject({ state: "reduced", hint: expect.any(String) });
    const little = "MemAvailable: 100000 kB";
    const small = rightsChecks({ status: "", memory: little, hasSystemd: false, hasRecover: true });
    expect(small.map(({ state }) => state)).toEqual(["fine", "fine", "reduced"]);
  });

  test("that a reboot would make an unconfirmed change permanent, and what mends it", () => {
    const wayBack = (install?: string) =>
      rightsChecks({ status: "", memory: "", hasSystemd: true, hasRecover: false, install })[1];
    expect(wayBack("sudo make install")).toMatchObject({ state: "reduced", hint: "Run sudo make install" });
    expect(wayBack()).toMatchObject({ state: "reduced", hint: "Run sudo systemctl enable holdfast-recover" });
    const seen = { status: "", memory: "", hasSystemd: false, hasRecover: false };
    expect(rightsChecks(seen)[1]).toMatchObject({
      state: "reduced",
      hint: expect.stringContaining("deploy/README.md"),
    });
  });
});

describe("holdfast doctor --root", () => {
  let cwd = "";
  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), "holdfast-doctor-"));
    raspberryPi(join(cwd, "pi"));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  test("tells of the copied host alone, for people and for programs", async () => {
    const cli = memoryCli({ cwd });
    expect(await runProgram(cli, commands, ["doctor", "--root", "pi"])).toBe("fine");
    expect(cli.printed().stdout).toContain("2 ports could stand in for each other: eth0 and wlan0");
    expect(cli.printed().stdout).not.toContain("lab engine");
    const json = memoryCli({ cwd });
    await runProgram(json, commands, ["doctor", "--root", "pi", "--json"]);
    const { checks } = JSON.parse(json.printed().stdout) as DoctorDocument;
    expect(checks.every(({ area }) => area === "host")).toBe(true);
    expect(stateOf(checks, "manager")).toBe("fine");
  });
});
