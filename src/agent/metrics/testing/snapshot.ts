import { newBeyond } from "../../../watch/beyond.ts";
import { start } from "../../../watch/start.ts";
import type { WatchConfig } from "../../../watch/state.ts";
import { step } from "../../../watch/step.ts";
import { wiredTuning } from "../../../watch/tuning.ts";
import { newUps, stepUps } from "../../../watch/ups.ts";
import type { Association } from "../../association.ts";
import { counted, noCounts, outageMeter } from "../counts.ts";
import type { MetricsSnapshot } from "../metrics.ts";
import { probeTally } from "../probe-tally.ts";

const config: WatchConfig = {
  bond: "bond0",
  ports: ["eth0", "wlan0"].map((name) => ({
    name,
    medium: "wired",
    metered: false,
    router: "gateway",
    far: ["9.9.9.9"],
    probes: "always",
  })),
  primary: "eth0",
  reselect: "when-calm",
  tuning: wiredTuning,
};

/** The real brain after half a minute on two healthy ports, with all that is counted beside it. */
export function snapshot(): MetricsSnapshot {
  let state = start(config, { seed: 1, at: 0, active: "eth0", withCarrier: ["eth0", "wlan0"] });
  const tally = probeTally();
  const feed = (event: Parameters<typeof step>[1]): void => {
    const [next, effects] = step(state, event);
    state = next;
    for (const effect of effects) {
      if (effect.do !== "probe") continue;
      tally.sent(effect.port, effect.target, effect.id, event.at);
      if (effect.id % 10 === 0) continue;
      tally.answered(effect.id);
      feed({ type: "answer", at: event.at + 1, port: effect.port, target: effect.target, id: effect.id });
    }
  };
  feed({ type: "kernel-active", at: 0, port: "eth0" });
  for (const { name } of config.ports) feed({ type: "carrier", at: 0, port: name, up: true });
  for (let at = 10; at < 30_000; at += 10) feed({ type: "tick", at });
  const counts = [
    { what: "carrier", port: "eth0", up: false } as const,
    { what: "outage-ends", lastedMs: 1_500, cause: "carrier-lost" } as const,
  ].reduce((before, event) => counted(before, { at: 0, monotonicMs: 0, event }), noCounts);
  return {
    version: "0.1.0",
    node: "20.19.2",
    state,
    at: 30_000,
    counts,
    meter: outageMeter(),
    probes: tally.counts(40_000),
    store: { state: "fine", reason: "", pending: 0, lost: 0, spool: "tmpfs" },
    channels: [{ name: "hook-10-lamp", pending: 2, delivered: 7, failures: 1, problem: "answered 503" }],
    process: { startedAt: 1_795_000_000, cpuSeconds: 1.25, residentBytes: 50_000_000 },
  };
}

const radio: Association = {
  joined: true,
  waiting: false,
  isOut: false,
  lists: true,
  bssid: "02:00:00:00:00:01",
  refusals: 0,
  link: {
    interface: { index: 3, isStation: true, ssid: "attic", frequencyMhz: 2437 },
    station: {
      bssid: "02:00:00:00:00:01",
      isAuthorized: true,
      signalDbm: -51,
      sendsMbps: 72.2,
      hearsMbps: 65,
      beaconLosses: 0,
    },
  },
};

const reading = { source: "battery", isLow: false, chargePercent: 83, runtimeMs: 2_460_000 } as const;

/** A host that has everything there is a metric for: a radio, something beyond the router, a drill, a UPS. */
export function fullSnapshot(): MetricsSnapshot {
  const host = snapshot();
  return {
    ...host,
    beyond: { ...newBeyond(["9.9.9.9"], 1), health: "answers" },
    radioOf: (port) => (port === "wlan0" ? radio : undefined),
    drill: { at: 1_795_000_000_000, verdict: "held", outageMs: 48, cut: "carrier-eth0" },
    ups: stepUps(newUps("apc", ["eth0"], 0), { type: "reading", at: 1, reading })[0],
    counts: counted(host.counts, {
      at: 0,
      monotonicMs: 0,
      event: { what: "radio", port: "wlan0", change: "joined", evidence: "" },
    }),
  };
}
