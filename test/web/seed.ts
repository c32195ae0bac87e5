import type { PathHistory } from "../../src/agent/path-history.ts";
import type { Rehearsal, ScenarioResult } from "../../src/measure/rehearsal.ts";
import type { Config } from "../../src/model/config.ts";
import { scenarioCase } from "../../src/report/testing/rehearsals.ts";
import { keepDrill } from "../../src/store/drills.ts";
import type { EventStore } from "../../src/store/events.ts";
import { keepRehearsal } from "../../src/store/rehearsals.ts";
import { allScenarios } from "../../src/topology/scenarios.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Days ago on which em1's path died for a moment. */
const troubles = [0.375, 3.2, 9.8, 17.1, 26.4];

/** A month of a host: the powerline link dies five times and is left within 62 ms, and the far adapter is without power for an hour once. */
export function seedEvents(store: EventStore, setClock: (clock: () => number) => void): void {
  const now = Date.now();
  let at = now - 30 * dayMs;
  setClock(() => at);
  store.append({ what: "started", active: "em1" });
  store.append({ what: "redundancy", usable: 2, declared: 2, missing: [] });
  for (const [index, days] of troubles.toReversed().entries()) {
    at = now - days * dayMs;
    const start = at;
    const later = (ms: number): void => {
      at = start + ms;
    };
    store.append({ what: "path-dead", port: "em1", target: "192.168.1.254", evidence: "3 probes in a row unanswered" });
    store.append({
      what: "outage-begins",
      cause: "path-dead",
      since: start,
      extent: "port",
      evidence: "lost: 192.168.1.254 through em1",
    });
    later(62);
    const evidence = "192.168.1.254 lost 3 in a row through em1; wlan0 answered 40 ms ago";
    store.append({ what: "moved", from: "em1", to: "wlan0", cause: "path-dead", noticedAfterMs: 62, evidence });
    store.append({ what: "redundancy", usable: 1, declared: 2, missing: ["em1"] });
    later(84);
    store.append({ what: "outage-ends", lastedMs: 84 + (troubles.length - 1 - index) * 31, cause: "path-dead" });
    later(index === 2 ? hourMs : 2 * minuteMs);
    store.append({ what: "path-alive", port: "em1", target: "192.168.1.254", evidence: "5 answers in a row" });
    store.append({ what: "redundancy", usable: 2, declared: 2, missing: [] });
    const home = {
      from: "wlan0",
      to: "em1",
      cause: "reselect",
      noticedAfterMs: 0,
      evidence: "em1 has been calm for a minute",
    } as const;
    store.append({ what: "moved", ...home });
  }
  setClock(Date.now);
}

/** A day of probes: powerline with the house's rhythm, Wi-Fi with its spikes, the gap of last night's trouble. */
export function seedPaths(paths: PathHistory): void {
  const now = Date.now();
  const dead = now - (troubles[0] ?? 0) * dayMs;
  const chance = (step: number): number => Math.abs(Math.sin(step * 12.9898) * 43_758.5453) % 1;
  for (const [index, [port, target, base]] of seeded.entries()) {
    for (let at = now - dayMs; at < now - 2_000; at += at > now - 10 * minuteMs ? 1_000 : 20_000) {
      const step = at / 1_000 + index * 977;
      const isDead = port === "em1" && at >= dead && at < dead + 2 * minuteMs;
      const spike = chance(step) > 0.996 ? 4 : 0;
      const rttMs =
        base * (1 + 0.15 * Math.sin(at / (2 * hourMs)) + 0.15 * chance(step + 1) + spike * chance(step + 2));
      const isLost = isDead || chance(step + 3) > 0.9992;
      if (isLost) paths.note({ port, target, at });
      else paths.note({ port, target, at }, rttMs);
    }
  }
}

const seeded = [
  ["em1", "192.168.1.254", 2.4],
  ["em1", "9.9.9.9", 14.2],
  ["wlan0", "192.168.1.254", 5.8],
  ["wlan0", "9.9.9.9", 18.8],
] as const;

/** Twelve weekly drills of which one was missed, and three rehearsals of the configuration, each better than the one before. */
export function seedProofs(places: { readonly drills: string; readonly rehearsals: string }, config: Config): void {
  const now = Date.now();
  for (let week = 11; week >= 0; week--) {
    const isMissed = week === 8;
    const cut = (id: string, ms: number) =>
      scenarioCase({ id, fault: id, kind: "carrier", outageMs: { toHost: ms, fromHost: ms } });
    const scenarios = [
      cut("carrier-em1", 70 + ((week * 7) % 5) * 4),
      {
        ...cut("silent-em1", isMissed ? 2_900 : 300 + ((week * 3) % 7) * 11),
        verdict: isMissed ? ("missed" as const) : ("held" as const),
      },
      cut("carrier-wlan0", 0),
      cut("silent-wlan0", 0),
    ];
    keepDrill(places.drills, rehearsalOf(config, scenarios, "live"), now - (week * 7 + 12) * dayMs);
  }
  for (const [round, slow] of [9, 3, 1].entries()) {
    const alone = allScenarios(config).map((scenario) => shown(scenario, scenario.carrierTells ? 96 : null));
    const watched = allScenarios(config).map((scenario, n) =>
      shown(scenario, (scenario.carrierTells ? 84 : 310 + n * 7) * slow),
    );
    const ran = {
      kernel: rehearsalOf(config, alone, "uml"),
      cured: { ...rehearsalOf(config, watched, "uml"), agent: true as const },
    };
    keepRehearsal(places.rehearsals, config, ran, now - (40 - round * 18.5) * dayMs);
  }
}

function shown(
  { id, fault, kind, expected }: ReturnType<typeof allScenarios>[number],
  ms: number | null,
): ScenarioResult {
  const hasWay = Object.values(expected).every((one) => one === "survives");
  const outage = hasWay ? (kind === "healthy" ? 0 : ms) : null;
  return scenarioCase({
    id,
    fault,
    kind,
    expected: hasWay ? "survives" : "no-path",
    outageMs: { toHost: outage, fromHost: outage },
    verdict: hasWay && (outage === null || outage > 1_000) ? "missed" : "held",
  });
}

function rehearsalOf(config: Config, scenarios: readonly ScenarioResult[], engine: Rehearsal["engine"]): Rehearsal {
  const [bond] = config.bonds;
  const seen = {
    name: bond?.name ?? "",
    mode: "active-backup",
    miimon: 100,
    arpInterval: 0,
    primary: "em1",
    activePort: "em1",
    ports: bond?.ports ?? [],
  };
  return {
    subject: "attic",
    engine,
    kernel: "6.1.176",
    clock: "virtual",
    objectives: { outageMs: 1_000, tcp: "survives" },
    bringUp: { manager: "ifupdown", exit: 0, output: "", bonds: [seen] },
    scenarios,
    verdict: scenarios.some(({ verdict }) => verdict === "missed") ? "missed" : "held",
    notes: [],
    tookMs: 60_000,
  };
}
