import { describe, expect, it } from "vitest";
import { managers } from "../../src/cli/rehearse/managers.ts";
import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import { radioUnitPath } from "../../src/dialects/netplan/files.ts";
import { radioUnitText } from "../../src/dialects/stay-awake.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { pageOf, samplesOf, subjectOf } from "../../src/rules/testing/samples.ts";
import { askMachines, houseOf } from "./wifi/ask-machines.ts";
import { withRadios } from "./wifi/by-radio.ts";

// Samples of rules that no rehearsal's fault shows: who is first at boot, what a command does, how late a radio answers. On request.
const isWanted = process.env["HOLDFAST_LONG"] === "1";
const withKey = { wifi: "{ssid: Home, psk: {file: home.psk}}", offer: "Home" };
/** What the lab puts in the place of a key that is kept in a file. */
const key = "not the real key, the lab's";
const open = { wifi: "{ssid: home}", offer: "{ssid: home, security: open}" };

let engine: Engine;
withRadios(
  (found) => {
    engine = found;
  },
  async () => ({ config: houseOf(open) }),
);

function sampleFiles(rule: string, language: string, kind: "bad" | "good"): FileSet {
  const sample = samplesOf(pageOf(rule)).find((one) => one.language === language && one.kind === kind);
  if (sample === undefined) throw new Error(`${rule} has no ${kind} sample in ${language}`);
  return new Map([...subjectOf(sample).files].map(([path, text]) => [path, text.replace("correct-horse", key)]));
}

/** networkd pauses for two seconds before one of its messages to the kernel, as on a crowded machine, and the radio's supplicant is started
 *  meanwhile, by what its unit says: is the radio in its bond in the end? 8 and 12 lie between its look at the links and what it asks of
 *  the radio. */
const pausingAt = [2, 8, 12, 20];
const startBoth = `
mount --bind /sys/devices /sys/devices && mount -o remount,bind,ro /sys
mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp
chown -R systemd-network: /run/systemd/netif
echo 0123456789abcdef0123456789abcdef >/etc/machine-id
for message in ${pausingAt.join(" ")}; do
  strace -qq -o /dev/null -e trace=sendto,sendmsg -e "inject=sendto,sendmsg:delay_enter=2000000:when=$message" \\
    /lib/systemd/systemd-networkd 2>/dev/null &
  sleep 1
  sed -n 's/^ExecStartPre=-//p' /etc/systemd/system/wpa_supplicant@wlan0.service.d/*.conf 2>/dev/null |
    while read -r first; do sh -c "$first"; done
  wpa_supplicant -B -P /run/wpa.pid -i wlan0 -c /etc/wpa_supplicant/wpa_supplicant-wlan0.conf >/dev/null
  sleep 8
  [ -e /sys/class/net/wlan0/master ] && echo in || echo outside
  pkill systemd-network; kill "$(cat /run/wpa.pid)"; sleep 0.5
  ip link del bond0; ip link set wlan0 down; ip link set em1 down; ip addr flush dev em1
done`;

async function placesOfRadio(kind: "bad" | "good"): Promise<readonly string[]> {
  const files = sampleFiles("networkd-radio-before-bond", "networkd", kind);
  const packages = ["systemd", "strace", "procps"];
  const [said = ""] = await askMachines(engine, {
    ...withKey,
    files,
    packages,
    asks: [{ on: "host", command: startBoth }],
  });
  return said.trim().split("\n");
}

/** Longest silence of the host's while it runs the real netplan apply and has lost its first cable, ms. */
async function silenceOfApply(kind: "bad" | "good"): Promise<number> {
  // The radio is in its bond, whoever was first.
  const files = new Map([
    ...sampleFiles("netplan-apply-stops-wifi", "netplan", kind),
    [radioUnitPath("wlan0"), radioUnitText("wlan0")],
  ]);
  const ping = "ip link set em1 down; ping -i 0.1 -c 300 192.0.2.10 >/run/pings 2>&1 & sleep 3";
  const apply = "cat /sys/class/net/bond0/bonding/active_slave; netplan apply >/run/apply 2>&1; echo $?; sleep 20";
  const [, , applied = "", pings = ""] = await askMachines(engine, {
    ...open,
    cables: ["em1", "em2"],
    files,
    packages: ["systemd", "udev", "dbus", "dbus-daemon", "dbus-system-bus-common", "netplan.io"],
    units: ["systemd-networkd.service"],
    asks: [
      { on: "host", command: "sleep 20" },
      { on: "router", command: ping },
      { on: "host", command: apply },
      { on: "router", command: "sleep 10; cat /run/pings" },
    ],
  });
  expect(applied.trim().split("\n")).toEqual([kind === "bad" ? "wlan0" : "em2", "0"]);
  const answered = [...pings.matchAll(/icmp_seq=(\d+)/g)].map(([, number]) => Number(number));
  // The first ones were lost with the cable.
  const late = answered.filter((number) => number > 10);
  expect(late.length).toBeGreaterThan(100);
  return Math.max(...late.map((number, index) => number - (late[index - 1] ?? number))) * 100;
}

/** How long a machine of the LAN waits for an answer of the host's that comes by radio after a pause, ms: the longest of 40. */
async function longestAnswer(kind: "bad" | "good"): Promise<number> {
  const files = sampleFiles("wifi-power-save-latency", "keyfile", kind);
  const joined = "until grep -q up /sys/class/net/wlan0/operstate; do sleep 0.5; done; sleep 5";
  const [, pings = ""] = await askMachines(engine, {
    ...open,
    files,
    packages: managers.networkmanager.packages,
    bringUp: managers.networkmanager.bringUp(files),
    asks: [
      { on: "host", command: joined },
      { on: "router", command: "ip link set em1 down; sleep 2; ping -q -i 0.713 -c 40 192.0.2.10" },
    ],
  });
  const [, longest] = /= [\d.]+\/[\d.]+\/([\d.]+)\//.exec(pings) ?? [];
  if (longest === undefined) throw new Error(pings);
  return Number(longest);
}

describe.skipIf(!isWanted)("samples of a rule's own page on a host of its kind (set HOLDFAST_LONG)", () => {
  it("networkd-radio-before-bond", { timeout: 900_000 }, async () => {
    expect(await placesOfRadio("bad")).toEqual(["in", "outside", "outside", "in"]);
    expect(await placesOfRadio("good")).toEqual(["in", "in", "in", "in"]);
  });

  it("netplan-apply-stops-wifi", { timeout: 900_000 }, async () => {
    expect(await silenceOfApply("bad")).toBeGreaterThan(2_000);
    expect(await silenceOfApply("good")).toBeLessThan(500);
  });

  it("wifi-power-save-latency", { timeout: 900_000 }, async () => {
    expect(await longestAnswer("bad")).toBeGreaterThan(50);
    expect(await longestAnswer("good")).toBeLessThan(10);
  });
});
