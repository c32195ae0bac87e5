import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { PlanDocument } from "../../api/types.ts";
import { commands } from "../commands/registry.ts";
import { runProgram } from "../program.ts";
import { memoryCli } from "../testing/memory-cli.ts";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "holdfast-plan-"));
  put("etc/systemd/system/multi-user.target.wants/networking.service", "");
  put("sbin/ifup", "");
  put("etc/network/interfaces", debian);
  writeFileSync(join(cwd, "holdfast.yaml"), wanted);
});
afterEach(() => rmSync(cwd, { recursive: true }));

const debian = `auto lo
iface lo inet loopback

# The primary network interface
allow-hotplug eth0
iface eth0 inet dhcp
`;

const wanted = `
bond:
  primary: eth0
  ports: [eth0, { name: wlan0, wifi: { ssid: BTHub-2211, psk: { file: wlan0.psk } } }]
  address: 192.0.2.5/24
  gateway: 192.0.2.1
  fail_over_mac: active
`;

function put(path: string, text: string): void {
  mkdirSync(dirname(join(cwd, "host", path)), { recursive: true });
  writeFileSync(join(cwd, "host", path), text);
}

async function plan(...words: string[]) {
  const cli = memoryCli({ cwd });
  const exit = await runProgram(cli, commands, ["plan", "holdfast.yaml", "--root", "host", ...words]);
  return { exit, ...cli.printed() };
}

describe("holdfast plan", () => {
  test("shows files, steps, interruption and the way back, and touches nothing", async () => {
    writeFileSync(join(cwd, "wlan0.psk"), "correct horse battery\n");
    const { exit, stdout, stderr } = await plan();
    expect({ exit, errors: stderr.includes("error[") }).toEqual({ exit: "fine", errors: false });
    for (const part of [
      "bond0: new, of eth0 and wlan0",
      "+iface bond0 inet static",
      "-iface eth0 inet dhcp",
      "+    wpa-psk ********",
      "ifup bond0 eth0 wlan0",
      "without traffic",
      "What is proven before it counts",
      "The way back",
    ])
      expect(stdout).toContain(part);
    expect(stdout + stderr).not.toContain("correct horse");
    expect(readFileSync(join(cwd, "host/etc/network/interfaces"), "utf8")).toBe(debian);
  });

  test("a profile that NetworkManager made for a port nobody spoke of is in nobody's way", async () => {
    rmSync(join(cwd, "host"), { recursive: true });
    put("etc/systemd/system/multi-user.target.wants/NetworkManager.service", "");
    put("usr/sbin/NetworkManager", "");
    const profile =
      "[connection]\nid=em1\nuuid=27afa607-ee36-43f0-b8c3-9d245cdc4bb3\ntype=ethernet\ninterface-name=em1\n";
    put("etc/NetworkManager/system-connections/em1.nmconnection", `${profile}\n[ipv4]\nmethod=auto\n`);
    const itsOwn = profile.replaceAll("em1", "em2").replace("id=em2", "id=Wired connection 1").replace("27af", "38af");
    const runtime = "run/NetworkManager/system-connections/Wired connection 1.nmconnection";
    put(runtime, `${itsOwn}\n[ipv4]\nmethod=auto\n\n[.nmmeta]\nnm-generated=true\n`);
    writeFileSync(join(cwd, "holdfast.yaml"), "bond:\n  primary: em1\n  ports: [em1, em2]\n  dhcp: true\n");
    // Of wpa_supplicant's package, and another interface's; NetworkManager reads neither.
    put("etc/wpa_supplicant/functions.sh", '#!/bin/sh\nWPA_SUP_BIN="/sbin/wpa_supplicant"\n');
    put("etc/wpa_supplicant/wpa_supplicant-wlan7.conf", "network={\n}\n");
    const { exit, stdout, stderr } = await plan();
    expect([exit, stderr]).toEqual(["fine", expect.not.stringMatching(/error\[|wpa_supplicant/)]);
    expect(stdout).toContain("bond0: new, of em1 and em2");
    expect(stdout).not.toContain("Wired connection");
  });

  test("prints the same as one JSON document, without the key", async () => {
    writeFileSync(join(cwd, "wlan0.psk"), "correct horse battery\n");
    const { stdout } = await plan("--json");
    const document = JSON.parse(stdout) as PlanDocument;
    expect(document).toMatchObject({ state: "planned", verdict: "ready", backend: "ifupdown", transaction: null });
    expect(document.files).toMatchObject([
      { path: "/etc/network/interfaces", kind: "changed", mode: "0600", isSecret: true },
    ]);
    expect(document.converge.map(({ argv }) => argv.join(" "))).toEqual(["ifup bond0 eth0 wlan0"]);
    expect(stdout).not.toContain("correct horse");
  });

  test("refuses without the key it would have to write", async () => {
    const { exit, stderr } = await plan();
    expect(exit).toBe("refused");
    expect(stderr).toContain("plan-key-unread");
    expect(stderr).toContain("nothing was changed");
  });

  test("refuses where another program manages a port, and says which", async () => {
    put("sys/class/net/eth0/address", "02:00:00:00:00:01\n");
    put("sys/class/net/eth0/ifindex", "2\n");
    put("run/NetworkManager/devices/2", "[device]\nmanaged=true\n");
    put("run/network/ifstate", "lo=lo\neth0=eth0\n");
    writeFileSync(join(cwd, "wlan0.psk"), "correct horse battery\n");
    const { exit, stderr } = await plan();
    expect(exit).toBe("refused");
    expect(stderr.replace(/\s+/g, " ")).toContain("NetworkManager configures eth0, ifupdown configures eth0");
    rmSync(join(cwd, "host/run/network"), { recursive: true });
    const asked = await plan("--to", "ifupdown");
    expect([asked.exit, asked.stderr.replace(/\s+/g, " ")]).toEqual([
      "refused",
      expect.stringContaining("NetworkManager configures eth0"),
    ]);
  });

  test("takes a mistake in the holdfast.yaml for what it is", async () => {
    writeFileSync(join(cwd, "holdfast.yaml"), "bond:\n  ports: [eth0\n");
    expect((await plan()).exit).toBe("findings");
    rmSync(join(cwd, "holdfast.yaml"));
    expect((await plan()).exit).toBe("usage");
  });

  test("an error that the rules find in the result stops it, unless it is accepted by name", async () => {
    writeFileSync(
      join(cwd, "holdfast.yaml"),
      "bond:\n  mode: active-backup\n  miimon: 0\n  ports: [eth0, eth1]\n  address: 192.0.2.5/24\n",
    );
    const { exit, stderr } = await plan();
    expect([exit, stderr]).toEqual(["refused", expect.stringContaining("error[no-link-monitor]")]);
    expect((await plan("--accept", "no-link-monitor")).exit).toBe("fine");
  });

  test("has nothing to do on a host that is so already", async () => {
    writeFileSync(join(cwd, "wlan0.psk"), "correct horse battery\n");
    const { stdout } = await plan("--json");
    expect(JSON.parse(stdout).verdict).toBe("ready");
    const sys = "sys/class/net/bond0";
    const options = {
      mode: "active-backup 1",
      miimon: "100",
      primary: "eth0",
      fail_over_mac: "active 1",
      num_grat_arp: "3",
      slaves: "eth0 wlan0",
    };
    for (const [option, value] of Object.entries(options)) put(`${sys}/bonding/${option}`, `${value}\n`);
    put(`${sys}/address`, "02:00:00:00:00:01\n");
    put("etc/network/interfaces", writtenInterfaces);
    const again = await plan();
    expect(again.stdout).toContain("Nothing to do");
  });
});

const writtenInterfaces = `auto lo
iface lo inet loopback

auto bond0
auto eth0
auto wlan0
iface bond0 inet static
    address 192.0.2.5/24
    gateway 192.0.2.1
    bond-slaves eth0 wlan0
    bond-mode active-backup
    bond-miimon 100
    bond-primary eth0
    bond-fail-over-mac active
    bond-num-grat-arp 3
allow-bond0 eth0
iface eth0 inet manual
    bond-master bond0
    bond-primary eth0
allow-bond0 wlan0
iface wlan0 inet manual
    wpa-ssid BTHub-2211
    wpa-psk correct horse battery
    bond-master bond0
`;
