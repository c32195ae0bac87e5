import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commands } from "./commands/registry.ts";
import { runProgram } from "./program.ts";
import { memoryCli } from "./testing/memory-cli.ts";

let cwd = "";
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "holdfast-host-"));
});
afterEach(() => rmSync(cwd, { recursive: true }));

function put(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(cwd, "host", path)), { recursive: true });
  writeFileSync(join(cwd, "host", path), text);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(cwd, "host", path)), { recursive: true });
  symlinkSync(target, join(cwd, "host", path));
}

async function run(...words: string[]) {
  const cli = memoryCli({ cwd });
  const exit = await runProgram(cli, commands, words);
  return { exit, ...cli.printed() };
}

const units = `[Match]
Name=em1 em2

[Network]
Bond=bond0
`;

/** A host as systemd-networkd runs it, with both ports on one hub and a monitor that somebody switched off by hand. */
function networkdHost(miimon: string): void {
  put(
    "etc/systemd/network/10-bond0.netdev",
    "[NetDev]\nName=bond0\nKind=bond\n\n[Bond]\nMode=active-backup\nMIIMonitorSec=100ms\nPrimaryReselectPolicy=always\n",
  );
  put("etc/systemd/network/20-ports.network", units);
  put(
    "etc/systemd/network/30-bond0.network",
    "[Match]\nName=bond0\n\n[Network]\nAddress=192.0.2.5/24\nGateway=192.0.2.1\n",
  );
  put("etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "");
  put("proc/1/comm", "systemd\n");
  put("proc/77/comm", "systemd-network\n");
  put("proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
  const mac = "00:16:3e:00:00:01";
  for (const [index, name] of ["em1", "em2", "bond0"].entries()) {
    const folder = `sys/class/net/${name}`;
    put(`${folder}/address`, `${mac}\n`);
    put(`${folder}/ifindex`, `${index + 2}\n`);
    put(`${folder}/flags`, "0x1003\n");
    put(`${folder}/carrier`, "1\n");
    put(`${folder}/operstate`, "up\n");
    put(`${folder}/mtu`, "1500\n");
    put(
      `run/systemd/netif/links/${index + 2}`,
      "ADMIN_STATE=configured\nNETWORK_FILE=/etc/systemd/network/20-ports.network\n",
    );
    if (name === "bond0") continue;
    put(`sys/devices/pci0/usb1/1-1/1-1.${index}/1-1.${index}:1.0/uevent`, "");
    link(`${folder}/device`, `../../../devices/pci0/usb1/1-1/1-1.${index}/1-1.${index}:1.0`);
    link(`${folder}/master`, "../bond0");
  }
  const options = {
    mode: "active-backup 1",
    miimon,
    primary_reselect: "always 0",
    fail_over_mac: "none 0",
    slaves: "em1 em2",
  };
  for (const [option, value] of Object.entries(options)) put(`sys/class/net/bond0/bonding/${option}`, `${value}\n`);
  put(
    "proc/net/bonding/bond0",
    `Slave Interface: em1\nPermanent HW addr: ${mac}\n\nSlave Interface: em2\nPermanent HW addr: 00:16:3e:00:00:02\n`,
  );
}

describe("a running host, from a copy of its files", () => {
  test("the manager in charge is found, and --verbose says how", async () => {
    networkdHost("100");
    const { stdout, stderr } = await run("check", "--host", "--verbose", "host");
    expect(stderr).toContain(
      "systemd-networkd: runs, is started at boot, has files in networkd, says it configures em1, em2, bond0",
    );
    expect(stderr).toContain("in charge: systemd-networkd, because it configures em1 and em2 and bond0");
    expect(stdout).not.toContain("existing-bond-unchanged");
  });

  test("what runs and what the files say is held side by side", async () => {
    networkdHost("0");
    const { exit, stdout } = await run("check", "--host", "host");
    expect(exit).toBe("findings");
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "bond0 doesn't run as its files say: MIIMonitorSec 100 is said and 0 is in force",
    );
    expect(stdout).toContain("host/etc/systemd/network/10-bond0.netdev:7:1");
  });

  test("without any file, what runs is judged by itself, at its places in /sys", async () => {
    networkdHost("0");
    rmSync(join(cwd, "host/etc/systemd/network"), { recursive: true });
    const { stdout } = await run("check", "--host", "host");
    expect(stdout).toContain("error[no-link-monitor]");
    expect(stdout).toContain("/sys/class/net/bond0/bonding/miimon");
  });

  test("Proxmox: its files are read as ifupdown2 reads them, and whose they are is said", async () => {
    put(
      "etc/network/interfaces",
      "auto bond0\niface bond0 inet static\n    address 192.0.2.5/24\n    bond-slaves em1 em2\n",
    );
    put("etc/pve/storage.cfg", "");
    put("usr/share/ifupdown2/__init__.py", "");
    put("etc/systemd/system/multi-user.target.wants/networking.service", "");
    const { stderr, stdout } = await run("check", "--host", "--verbose", "host");
    expect(stderr).toContain("in charge: ifupdown2, because it is started at boot and has files");
    expect(stderr).toContain("/etc/network/interfaces belongs to Proxmox VE, which writes it anew");
    // ifenslave's rules are none of ifupdown2's, and one text is no second configuration.
    expect(stdout).not.toContain("ifenslave");
    expect(stdout).not.toContain("pi-os-guide-for-wrong-stack");
  });

  test("what ifupdown2 remembers of having brought up is its own, as long as it is of this boot", async () => {
    networkdHost("100");
    rmSync(join(cwd, "host/run/systemd/netif"), { recursive: true });
    put("etc/network/interfaces", "auto bond0\niface bond0\n    bond-slaves em1 em2\n    bond-miimon 200\n");
    put("usr/share/ifupdown2/__init__.py", "");
    const [named, listed] = ["name\x94\x8c\x05bond0\x94", "X\x03\0\0\0em1X\x03\0\0\0em2"];
    put("var/tmp/network/ifstatenew", Buffer.from(`\x80\x05}(\x8c\x04${named}${listed}u.`, "latin1"));
    const said = "because it configures em1 and em2 and bond0";
    expect((await run("check", "--host", "--verbose", "host")).stderr).not.toContain(`ifupdown2, ${said}`);
    put("run/network/ifstatelock", "");
    const { stderr, stdout } = await run("check", "--host", "--verbose", "host");
    expect(stderr).toContain(`in charge: ifupdown2, ${said}`);
    expect(stdout.replace(/\s+/g, " ")).toContain("bond-miimon 200 is said and 100 is in force");
    put("etc/network/ifupdown2/ifupdown2.conf", "state_dir=/run/network/\n");
    put("run/network/ifstatenew", Buffer.from("\x80\x05\x8c\x05bond0.", "latin1"));
    const moved = await run("check", "--host", "--verbose", "host");
    expect(moved.stderr).toContain("in charge: ifupdown2, because it configures bond0");
  });

  test("cloud-init's files are named as its own, unless it was told to keep off the network", async () => {
    put("etc/netplan/50-cloud-init.yaml", "network: {version: 2, ethernets: {em1: {dhcp4: true}}}\n");
    put("etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "");
    const told = "of files that belong to cloud-init";
    expect((await run("check", "--host", "host")).stdout).toContain(told);
    put("etc/cloud/cloud.cfg.d/99-off.cfg", "network: {config: disabled}\n");
    expect((await run("check", "--host", "host")).stdout).not.toContain(told);
  });

  test("a kernel without the bonding driver is told to be one", async () => {
    networkdHost("100");
    rmSync(join(cwd, "host/sys/class/net/bond0"), { recursive: true });
    put("lib/modules/6.1.0-18-amd64/modules.dep", "kernel/drivers/net/dummy.ko:\n");
    const { stdout } = await run("check", "--host", "host");
    expect(stdout).toContain("error[bond-not-running]");
    expect(stdout.replace(/\s+/g, " ")).toContain("this one has no bonding driver");
  });

  test("a wait-online service is read with its drop-ins, and what networkd waits for by its own word", async () => {
    networkdHost("100");
    put("etc/systemd/system/network-online.target.wants/systemd-networkd-wait-online.service", "");
    put(
      "usr/lib/systemd/system/systemd-networkd-wait-online.service",
      "[Service]\nExecStart=/lib/systemd/wait-online\n",
    );
    put("usr/lib/systemd/libsystemd-shared-252.so", "");
    put("sys/class/net/em2/carrier", "0\n");
    for (const index of [2, 3]) {
      const record =
        "ADMIN_STATE=configured\nREQUIRED_FOR_ONLINE=yes\nNETWORK_FILE=/etc/systemd/network/20-ports.network\n";
      put(`run/systemd/netif/links/${index}`, record);
    }
    expect((await run("check", "--host", "host")).stdout).toContain("the boot waits for em2");
    const folder = "etc/systemd/system/systemd-networkd-wait-online.service.d";
    put(`${folder}/any.conf`, "[Service]\nExecStart=\nExecStart=/lib/systemd/wait-online --any\n");
    expect((await run("check", "--host", "host")).stdout).not.toContain("wait-online-hang");
  });

  test("an empty host is no failure, and what could not be seen is said", async () => {
    put("etc/hostname", "pi");
    const { exit, stderr } = await run("check", "--host", "--verbose", "host");
    expect(exit).toBe("fine");
    expect(stderr).toContain("nobody is in charge");
    expect(stderr).toContain("not seen: the links: there is no /sys/class/net");
  });

  test("this machine can be looked at by anybody", async () => {
    expect(["fine", "findings"]).toContain((await run("check", "--host")).exit);
  });
});

describe("check --fix", () => {
  const text =
    "auto bond0\niface bond0 inet static\n    address 192.0.2.5/24\n    bond-slaves em1 em2\n    bond-mode active-backup\n    bond-miimon 1000\n    bond-primary em1\n    wpa-psk correcthorse\n";

  test("shows a diff that patch takes, writes nothing, and keeps keys to itself", async () => {
    put("interfaces", text);
    const { stdout, stderr } = await run("check", "--fix", "host/interfaces");
    expect(stdout).toContain("-    bond-miimon 1000\n+    bond-miimon 100\n");
    expect(stdout).not.toContain("correcthorse");
    expect(stderr).toContain("1 finding would be mended");
    expect(readFileSync(join(cwd, "host/interfaces"), "utf8")).toBe(text);
  });

  test("--apply writes it, keys and all, and says what remains", async () => {
    put("interfaces", text);
    const { stdout, stderr } = await run("check", "--fix", "--apply", "host/interfaces");
    expect(stderr).toContain("1 finding mended: wrote host/interfaces");
    expect(stdout).not.toContain("miimon-slow");
    expect(readFileSync(join(cwd, "host/interfaces"), "utf8")).toBe(text.replace("1000", "100"));
  });

  test("--apply alone, or with another format, is refused", async () => {
    put("interfaces", text);
    expect((await run("check", "--apply", "host/interfaces")).exit).toBe("usage");
    expect((await run("check", "--fix", "--json", "host/interfaces")).exit).toBe("usage");
    expect((await run("check")).exit).toBe("usage");
  });
});
