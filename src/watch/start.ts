import { newPath } from "./path.ts";
import type { Seed } from "./seed.ts";
import type { PortWatch, State, WatchConfig } from "./state.ts";

/** The state at the beginning: carriers and the active port as the kernel says, every path unknown. */
export function start(
  config: WatchConfig,
  seen: { readonly at: number; readonly seed: Seed; readonly active: string; readonly withCarrier: readonly string[] },
): State {
  const { at } = seen;
  return {
    config,
    seed: seen.seed,
    now: at,
    nextId: 1,
    ports: config.ports.map(
      ({ name }): PortWatch => ({
        name,
        carrier: seen.withCarrier.includes(name),
        calmSince: at,
        penalty: 0,
        penaltyAt: at,
        heardAt: Number.NEGATIVE_INFINITY,
      }),
    ),
    paths: config.ports.flatMap(({ name, router, far }) => [
      ...(router === undefined ? [] : [newPath(name, router, false, at)]),
      ...far.map((target) => newPath(name, target, true, at)),
    ]),
    active: seen.active,
    movedAt: Number.NEGATIVE_INFINITY,
    order: { kind: "auto" },
    drained: [],
    graceUntil: at,
    redundancy: config.ports.length,
    outage: undefined,
    lossySince: undefined,
    stopped: false,
    wakeAt: at,
  };
}
