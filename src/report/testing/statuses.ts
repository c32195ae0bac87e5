import type { Calendar } from "../moments.ts";
import type { StatusDocument, StatusPort } from "../status-input.ts";

/** UTC, and always the same now: 3 November 2025, 14:30. */
export const november: Calendar = {
  now: Date.UTC(2025, 10, 3, 14, 30),
  date: (at) => new Date(at).toISOString().slice(0, 10),
  time: (at) => new Date(at).toISOString().slice(11, 19),
};

const { now } = november;

const port: StatusPort = {
  name: "em1",
  medium: "wired",
  carrier: true,
  present: true,
  active: true,
  drained: false,
  metered: false,
  usable: true,
  note: "",
  speedMbps: 1000,
  failures: 2,
};

/** Powerline and Wi-Fi, all well, an agent that has run for three days. */
export const healthyStatus: StatusDocument = {
  source: "agent",
  at: now,
  bond: {
    name: "bond0",
    mode: "active-backup",
    carrier: true,
    active: "em1",
    primary: "em1",
    miimon: 100,
    arpInterval: 0,
    addresses: ["192.168.1.105/24"],
  },
  ports: [port, { ...port, name: "wlan0", medium: "radio", active: false, speedMbps: null, failures: 0 }],
  paths: [
    { port: "em1", target: "192.168.1.254", state: "alive", rttMs: 2.43, loss: 0, answeredAgoMs: 31 },
    { port: "em1", target: "9.9.9.9", state: "alive", rttMs: 14.2, loss: 0.0041, answeredAgoMs: 1204 },
    { port: "wlan0", target: "192.168.1.254", state: "untried", rttMs: null, loss: null, answeredAgoMs: null },
  ],
  redundancy: { usable: 2, declared: 2, missing: [] },
  since: now - 3 * 86_400_000,
  lastOutage: { at: now - 80_000_000, lastedMs: 38, cause: "carrier-lost", port: "em1" },
  order: "auto",
  agent: {
    version: "0.1.0",
    pid: 812,
    startedAt: now - 3 * 86_400_000,
    store: { state: "fine", reason: "", pending: 0, lost: 0 },
  },
  otherBonds: [],
};

/** The powerline path has died behind a carrier that is up; Wi-Fi carries, the mains are gone, the disk is full. */
export const troubledStatus: StatusDocument = {
  ...healthyStatus,
  bond: { ...(healthyStatus.bond ?? never()), active: "wlan0" },
  ports: [
    { ...port, active: false, usable: false, note: "192.168.1.254 doesn't answer" },
    { ...port, name: "wlan0", medium: "radio", speedMbps: 144, failures: 0 },
    {
      ...port,
      name: "usb0",
      active: false,
      usable: false,
      carrier: false,
      present: false,
      metered: true,
      speedMbps: null,
    },
  ],
  paths: [
    { port: "em1", target: "192.168.1.254", state: "dead", rttMs: 2.43, loss: 1, answeredAgoMs: 734_000 },
    { port: "wlan0", target: "192.168.1.254", state: "alive", rttMs: 3.1, loss: 0.12, answeredAgoMs: 40 },
    {
      port: "wlan0",
      target: "2606:4700:4700:0000:0000:0000:0000:1111",
      state: "silent",
      rttMs: null,
      loss: 1,
      answeredAgoMs: null,
    },
  ],
  redundancy: { usable: 1, declared: 3, missing: ["em1", "usb0"] },
  since: now - 734_000,
  lastOutage: { at: now - 734_200, lastedMs: 212, cause: "path-dead", port: "em1" },
  order: { pinned: "wlan0" },
  ups: { name: "apc", state: "battery", since: november.now - 12 * 60_000, chargePercent: 83, runtimeMs: 34 * 60_000 },
  agent: {
    version: "0.1.0",
    pid: 812,
    startedAt: now - 86_400_000,
    store: { state: "trouble", reason: "ENOSPC", pending: 41, lost: 0 },
  },
};

function never(): never {
  throw new Error("the healthy status has a bond");
}
