/** Probes of one path, by what became of them. */
export interface ProbeCount {
  readonly port: string;
  readonly target: string;
  readonly answered: number;
  readonly lost: number;
}

/** Counts probes. */
export interface ProbeTally {
  readonly sent: (port: string, target: string, id: number, at: number) => void;
  readonly answered: (id: number) => void;
  readonly counts: (at: number) => readonly ProbeCount[];
}

/** As long as the brain waits for a late answer; then a probe counts as lost, for good: counters never go back. */
const LATE_MS = 2_000;

interface Waiting {
  readonly id: number;
  readonly count: { lost: number; answered: number };
  readonly at: number;
}

/** A tally of nothing yet. Holds the probes of two seconds and a count per path. */
export function probeTally(): ProbeTally {
  // A list, oldest first, and no Map: V8 links every table that a Map has outgrown to the next one, so that once a dead one is among
  // the old objects, all that follow are kept too, until the next full collection. That was 2.8 KiB a second.
  const waiting: Waiting[] = [];
  const paths = new Map<string, { port: string; target: string; answered: number; lost: number }>();
  const settle = (at: number): void => {
    const settled = waiting.findIndex((probe) => at - probe.at < LATE_MS);
    for (const probe of waiting.splice(0, settled < 0 ? waiting.length : settled)) probe.count.lost += 1;
  };
  return {
    sent(port, target, id, at) {
      settle(at);
      const key = `${port}\n${target}`;
      const count = paths.get(key) ?? { port, target, answered: 0, lost: 0 };
      paths.set(key, count);
      waiting.push({ id, count, at });
    },
    answered(id) {
      const index = waiting.findLastIndex((probe) => probe.id === id);
      if (index < 0) return;
      for (const probe of waiting.splice(index, 1)) probe.count.answered += 1;
    },
    counts(at) {
      settle(at);
      return [...paths.values()].map((count) => ({ ...count }));
    },
  };
}
