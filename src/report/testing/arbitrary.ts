import fc from "fast-check";
import type { FlowResult, Rehearsal, ScenarioResult, SshResult } from "../../measure/rehearsal.ts";
import type { Sight } from "../../measure/sight.ts";

const hostile = [
  "<script>alert(1)</script>",
  '"><img src=x onerror=alert(1)>',
  "a|b`c`*d*",
  "\u0000\u001b[31m\u202e",
  "]]>",
  "<!--",
  "&amp;",
  "\ud800",
  "日本 🦀",
  "",
];
const words = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: "binary", maxLength: 30 }));
const ms = fc.oneof(fc.constantFrom(0, 0.001, 999.5, 1e9), fc.double({ min: 0, max: 1e6, noNaN: true }));
const gap = fc.option(ms);
const gaps = fc.record({ toHost: gap, fromHost: gap });
const at = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const run: fc.Arbitrary<readonly [number, number]> = fc.tuple(at, ms).map(([from, length]) => [from, from + length]);
const expected = fc.constantFrom("survives" as const, "no-path" as const);
const verdict = fc.constantFrom("held" as const, "missed" as const);

const flow: fc.Arbitrary<FlowResult> = fc.record({
  flow: words,
  direction: fc.constantFrom("toHost" as const, "fromHost" as const),
  expected,
  sent: fc.nat(),
  lost: fc.nat(),
  lostBefore: fc.nat(),
  outageMs: gap,
  reselectMs: gap,
  lostRuns: fc.array(run, { maxLength: 20 }),
});

const ssh: fc.Arbitrary<SshResult> = fc.record(
  { survived: fc.boolean(), stallMs: gap, counted: fc.nat(), trouble: words },
  { requiredKeys: ["survived", "stallMs", "counted"] },
);

const sight: fc.Arbitrary<Sight> = fc.record(
  {
    when: fc.constantFrom("before" as const, "during" as const, "after" as const),
    atMs: at,
    bond: fc.record({ name: words, mac: words, activePort: words }),
    neighbour: fc.record({ node: words, address: words, mac: words }),
    links: fc.array(
      fc.record(
        { port: words, mac: words, bssid: words, ssid: words, frequencyMhz: fc.nat(), signalDbm: fc.integer() },
        { requiredKeys: ["port", "mac"] },
      ),
      { maxLength: 2 },
    ),
    stations: fc.array(
      fc.record({
        accessPoint: words,
        mac: words,
        whose: words,
        authorized: fc.boolean(),
        rxPackets: fc.nat(),
        txPackets: fc.nat(),
        inactiveMs: fc.nat(),
        connectedS: fc.nat(),
      }),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ["when", "atMs", "links", "stations"] },
);

const scenario: fc.Arbitrary<ScenarioResult> = fc.record(
  {
    id: words,
    fault: words,
    kind: fc.oneof(fc.constantFrom("healthy", "carrier", "silent"), words),
    expected,
    outageMs: gaps,
    watchedMs: ms,
    uncertaintyMs: ms,
    tcp: fc.record({ survived: fc.boolean(), stallMs: gap }),
    lost: fc.nat(),
    sent: fc.nat(),
    reselectMs: gaps,
    switchedAfterMs: ms,
    verdict,
    reason: words,
    events: fc.array(
      fc.record({
        atMs: at,
        what: fc.constantFrom(
          "fault" as const,
          "mend" as const,
          "switch" as const,
          "kernel" as const,
          "lost" as const,
          "back" as const,
        ),
        text: words,
      }),
      { maxLength: 8 },
    ),
    flows: fc.array(flow, { maxLength: 3 }),
    repeats: fc.array(fc.record({ toHost: gap, fromHost: gap, reselect: gap, tcpStallMs: gap }), { maxLength: 25 }),
    stats: fc.record({ median: gap, p95: gap, worst: gap }),
    ssh,
    sights: fc.array(sight, { maxLength: 3 }),
  },
  {
    requiredKeys: [
      "id",
      "fault",
      "kind",
      "expected",
      "outageMs",
      "watchedMs",
      "uncertaintyMs",
      "tcp",
      "lost",
      "sent",
      "reselectMs",
      "verdict",
      "events",
      "flows",
      "repeats",
      "stats",
    ],
  },
);

const bond = fc.record({
  name: words,
  mode: words,
  miimon: fc.nat(),
  arpInterval: fc.nat(),
  primary: words,
  activePort: words,
  ports: fc.array(words, { maxLength: 3 }),
});

/** Any rehearsal the type allows, names meant to break out of their place among them. */
export const anyRehearsal: fc.Arbitrary<Rehearsal> = fc.record({
  subject: words,
  engine: fc.constantFrom("uml-tt" as const, "uml" as const, "qemu" as const),
  kernel: words,
  clock: fc.constantFrom("virtual" as const, "real" as const),
  objectives: fc.record({ outageMs: ms, tcp: fc.constantFrom("survives" as const, "may-break" as const) }),
  bringUp: fc.record({ manager: words, exit: fc.nat(255), output: words, bonds: fc.array(bond, { maxLength: 2 }) }),
  scenarios: fc.array(scenario, { maxLength: 5 }),
  verdict,
  notes: fc.array(words, { maxLength: 2 }),
  tookMs: ms,
});
