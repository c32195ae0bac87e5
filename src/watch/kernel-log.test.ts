import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LogClock, readKernelLog } from "./kernel-log.ts";
import { readBondMessage } from "./kernel-message.ts";

const hour = 3_600_000;
const now = Date.UTC(2025, 2, 1, 12);
const clock: LogClock = { now, offsetMs: () => hour, bootedAt: undefined };

describe("a message of the bonding driver", () => {
  it.each([
    "bonding: bond0: link status definitely down for interface eth1, disabling it",
    "bond0: link status definitely down for interface eth1, disabling it",
    "bond0: (slave eth1): link status definitely down, disabling slave",
    "bond0: link status down for active interface eth1, disabling it in 200 ms",
    "bonding: bond0: interface eth1 is now down.",
    "bond0: (slave eth1): interface is now down",
  ])("tells of a lost link in every form: %s", (text) => {
    expect(readBondMessage(text)).toEqual({ bond: "bond0", port: "eth1", tells: { kind: "link", up: false } });
  });

  it.each([
    ["bonding: bond0: making interface eth1 the new active one.", { kind: "active" }],
    ["bond0: making interface eth1 the new active one 100 ms earlier", { kind: "active" }],
    ["bond0: (slave eth1): making interface the new active one", { kind: "active" }],
    [
      "bonding: bond0: enslaving eth1 as a backup interface with a down link.",
      { kind: "enslaved", up: false, active: false },
    ],
    ["bond0: Enslaving eth1 as an active interface with an up link", { kind: "enslaved", up: true, active: true }],
    [
      "bond0: (slave eth1): Enslaving as a backup interface with an up link",
      { kind: "enslaved", up: true, active: false },
    ],
    ["bond0 (unregistering): (slave eth1): Releasing backup interface", { kind: "released" }],
    ["bond0: Releasing active interface eth1", { kind: "released" }],
    ["bond0: link status up again after 0 ms for interface eth1", { kind: "link", up: true }],
    ["bond0: (slave eth1): link status up, enabling it in 3000 ms", { kind: "link", up: true }],
  ])("%s", (text, tells) => {
    expect(readBondMessage(text)).toEqual({ bond: "bond0", port: "eth1", tells });
  });

  it("of the whole bond names no port", () => {
    const text = "bonding: bond0: now running without any active interface !";
    expect(readBondMessage(text)).toEqual({ bond: "bond0", port: "", tells: { kind: "none-active" } });
  });

  it.each([
    "bonding: MII link monitoring set to 100 ms",
    "IPv6: ADDRCONF(NETDEV_UP): bond0: link is not ready",
    "device bond0 entered promiscuous mode",
    "eth0: Link is Down",
    "br0: port 1(bond0) entered disabled state",
  ])("isn't: %s", (text) => {
    expect(readBondMessage(text)?.tells.kind ?? "chatter").toBe("chatter");
  });
});

describe("a kernel log", () => {
  const failover = `bond0: (slave eth0): link status definitely down, disabling slave
bond0: (slave wlan0): making interface the new active one
bond0: (slave eth0): link status definitely up, 1000 Mbps full duplex`;

  it("becomes a history of carriers and moves", () => {
    const log = failover
      .split("\n")
      .map((line, index) => `[  ${100 + index}.250000] ${line}`)
      .join("\n");
    const history = readKernelLog(log, { ...clock, bootedAt: 1_000_000 });
    expect(history).toMatchObject({ bond: "bond0", others: [], clock: "wall" });
    expect(history.events.map(({ at, event }) => [at, event])).toEqual([
      [1_100_250, { what: "carrier", port: "eth0", up: false }],
      [1_101_250, { what: "kernel-moved", from: "", to: "wlan0" }],
      [1_102_250, { what: "carrier", port: "eth0", up: true }],
    ]);
  });

  it.each([
    ["Nov  3 14:03:12 host kernel: ", Date.UTC(2024, 10, 3, 13, 3, 12)],
    ["Feb 28 23:30:00 host kernel: [   14.8] ", Date.UTC(2025, 1, 28, 22, 30)],
    ["2024-11-03T14:03:12.5+01:00 host kernel: ", Date.UTC(2024, 10, 3, 13, 3, 12, 500)],
    ["2024-11-03T14:03:12,250000+0100 ", Date.UTC(2024, 10, 3, 13, 3, 12, 250)],
    ["2024-11-03 14:03:12 ", Date.UTC(2024, 10, 3, 13, 3, 12)],
    ["[Sun Nov  3 14:03:12 2024] ", Date.UTC(2024, 10, 3, 13, 3, 12)],
    ["1700000000.123000 host kernel: ", 1_700_000_000_123],
  ])("%s is read", (prefix, at) => {
    const { events } = readKernelLog(`${prefix}bond0: (slave eth0): link status definitely up`, clock);
    expect(events.map((event) => event.at)).toEqual([at]);
  });

  it("reads every day as the calendar has it", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), (date) => {
        const stamp = date.toISOString().replace(/\.\d+Z$/, "+00:00");
        const { events } = readKernelLog(`${stamp} bond0: (slave a): link status definitely up`, clock);
        expect(events[0]?.at).toBe(Math.floor(date.getTime() / 1000) * 1000);
      }),
    );
  });

  it("without a clock says how long after boot, and notices the next boot", () => {
    const log =
      "[5.5] bond0: (slave a): link status definitely up\n[2.5] bond0: (slave a): link status definitely down, x";
    const { events, clock: kind } = readKernelLog(log, clock);
    expect(kind).toBe("boot");
    expect(events.map(({ at, bootId }) => [at, bootId])).toEqual([
      [5500, "kernel-log-0"],
      [2500, "kernel-log-1"],
    ]);
  });

  it("tells of the bond that was asked for, and names the others", () => {
    const log =
      "bond1: (slave c): link status definitely up\nbond0: (slave a): link status definitely up\n".repeat(2) + failover;
    expect(readKernelLog(log, clock)).toMatchObject({ bond: "bond0", others: ["bond1"] });
    expect(readKernelLog(log, clock, "bond1").events).toHaveLength(1);
  });

  it("no text makes it throw", () => {
    const piece = fc.constantFrom(
      "bond0: ",
      "(slave ",
      "eth0",
      "): ",
      "link status ",
      "[ 1.5] ",
      "Nov  3 14:03:12 h kernel: ",
      "\n",
      "interface",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string())), (parts) => void readKernelLog(parts.join(""), clock)),
    );
  });
});

const corpus = join(
  process.env["HOLDFAST_SHARED"] ?? resolve(import.meta.dirname, "../../../shared"),
  "corpus/log/messages.jsonl",
);

describe.skipIf(!existsSync(corpus))("recorded kernel messages (skipped without the corpus)", () => {
  const rows: readonly { line: string; text: string; template: string }[] = existsSync(corpus)
    ? readFileSync(corpus, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
  const telling =
    /link status|making interface|without any active|[Ee]nslaving|[Rr]eleasing (active|backup)|interface .*is now (up|down)/;

  it("every one that tells of links, moves and ports is understood, with its bond and port", () => {
    const missed = rows.filter(({ text, template }) => {
      if (!telling.test(template)) return false;
      const message = readBondMessage(text);
      const hasPort = message?.tells.kind === "none-active" || message?.port !== "";
      return message === undefined || message.tells.kind === "chatter" || message.tells.kind === "said" || !hasPort;
    });
    expect(missed.map(({ text }) => text)).toEqual([]);
    expect(rows.filter(({ template }) => telling.test(template)).length).toBeGreaterThan(80);
  });

  it("every one is found behind its time stamp", () => {
    const lost = rows.filter(({ line, text }) => {
      const message = readBondMessage(text);
      if (message === undefined || message.tells.kind === "chatter" || message.port === "") return false;
      return readKernelLog(line, clock).bond !== message.bond;
    });
    expect(lost.map(({ line }) => line)).toEqual([]);
  });
});

describe("journalctl -o json", () => {
  const line = (message: string, more: object = {}) =>
    JSON.stringify({ __REALTIME_TIMESTAMP: "1795312052228123", _TRANSPORT: "kernel", MESSAGE: message, ...more });

  it("is read with its times, across boots, and only where the kernel speaks", () => {
    const text = [
      line("bond0: (slave em1): link status definitely down, disabling slave", { __MONOTONIC_TIMESTAMP: "9000000" }),
      line("bond0: (slave em2): link status definitely down, disabling slave", { _TRANSPORT: "stdout" }),
      line("bond0: (slave wlan0): making interface the new active one", { __MONOTONIC_TIMESTAMP: "1000000" }),
      '{"MESSAGE": "bond0: (slave em1): torn',
      line(""),
    ].join("\n");
    const { events, clock: kind } = readKernelLog(text, clock);
    expect(kind).toBe("wall");
    expect(events).toMatchObject([
      { at: 1_795_312_052_228, bootId: "kernel-log-0", event: { what: "carrier", port: "em1", up: false } },
      { at: 1_795_312_052_228, bootId: "kernel-log-1", event: { what: "kernel-moved", to: "wlan0" } },
    ]);
  });
});
