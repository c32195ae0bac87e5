import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseProcBond } from "./proc-bonding.ts";

const activeBackup = `Ethernet Channel Bonding Driver: v6.1.0-25-amd64

Bonding Mode: fault-tolerance (active-backup) (fail_over_mac active)
Primary Slave: eth0 (primary_reselect always)
Currently Active Slave: wlan0
MII Status: up
MII Polling Interval (ms): 100
Up Delay (ms): 0
ARP Polling Interval (ms): 0
ARP IP target/s (n.n.n.n form): 192.0.2.1, 192.0.2.2

Slave Interface: eth0
MII Status: going back
Speed: 1000 Mbps
Duplex: full
Link Failure Count: 3
Permanent HW addr: 02:00:00:00:00:0A

Slave Interface: wlan0
MII Status: up
Speed: Unknown
Link Failure Count: 0
Permanent HW addr: 02:00:00:00:00:0b
`;

describe("/proc/net/bonding", () => {
  it("is read into the model's words", () => {
    expect(parseProcBond(activeBackup)).toEqual({
      mode: "active-backup",
      failOverMac: "active",
      isUp: true,
      active: "wlan0",
      primary: "eth0",
      primaryReselect: "always",
      miimon: 100,
      arpInterval: 0,
      arpTargets: ["192.0.2.1", "192.0.2.2"],
      ports: [
        { name: "eth0", state: "going back", speedMbps: 1000, failures: 3, permanentMac: "02:00:00:00:00:0a" },
        { name: "wlan0", state: "up", speedMbps: null, failures: 0, permanentMac: "02:00:00:00:00:0b" },
      ],
    });
  });

  it("means the same indented, quoted and with other line breaks", () => {
    const whole = parseProcBond(activeBackup);
    expect(parseProcBond(activeBackup.replaceAll(/^/gm, "   "))).toEqual(whole);
    expect(parseProcBond(activeBackup.replaceAll(/^/gm, "# "))).toEqual(whole);
    expect(parseProcBond(activeBackup.replaceAll("\n", "\r\n"))).toEqual(whole);
  });

  it("keeps a port's own state apart from what 802.3ad tells below it", () => {
    const text = `Bonding Mode: IEEE 802.3ad Dynamic link aggregation\nMII Status: up\n\nSlave Interface: eth0
MII Status: up\nSpeed: 10000 Mbps\ndetails partner lacp pdu:\n    port state: 61\n    MII Status: down\n`;
    const [port] = parseProcBond(text).ports;
    expect(port).toMatchObject({ name: "eth0", state: "up", speedMbps: 10_000, failures: null });
  });

  it("no text makes it throw", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseProcBond(text)));
  });
});

const corpus = join(
  process.env["HOLDFAST_SHARED"] ?? resolve(import.meta.dirname, "../../../shared"),
  "corpus/output/proc-net-bonding",
);

describe.skipIf(!existsSync(corpus))("recorded /proc/net/bonding (skipped without the corpus)", () => {
  const files = existsSync(corpus) ? readdirSync(corpus) : [];

  it.each(files)("%s", (file) => {
    const text = readFileSync(join(corpus, file), "utf8");
    const bond = parseProcBond(text);
    const has = (pattern: RegExp) => pattern.test(text);
    if (has(/Bonding Mode:/)) expect(bond.mode).not.toBe("");
    expect(bond.ports.length).toBe([...text.matchAll(/Slave Interface: *\S/g)].length);
    expect(bond.ports.every(({ name }) => /^\S+$/.test(name))).toBe(true);
    if (has(/MII Polling Interval \(ms\): 100/)) expect(bond.miimon).toBe(100);
    if (has(/Currently Active Slave: \w/)) expect(bond.active).not.toBe("");
    const active = bond.active === "" || bond.ports.length === 0 || bond.ports.some(({ name }) => name === bond.active);
    expect(active).toBe(true);
    if (has(/target\/s \(n/)) expect(bond.arpTargets.length).toBeGreaterThan(0);
  });
});
