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

/** A tally of nothing yet. Holds the probes of two seconds and a count per path. */
export function probeTally(): ProbeTally {
  const waiting = new Map<number, { readonly count: { lost: number; answered: number }; readonly at: number }>();
  const paths = new Map<string, { port: string; target: string; answered: number; lost: number }>();
  const settle = (at: number): void => {
    for (const [id, probe] of waiting) {
      if (at - probe.at < LATE_MS) return;
      probe.count.lost += 1;
      waiting.delete(id);
    }
  };
  return {
    sent(port, target, id, at) {
      settle(at);
      const key = `${port}\n${target}`;
      const count = paths.get(key) ?? { port, target, answered: 0, lost: 0 };
      paths.set(key, count);
      waiting.set(id, { count, at });
    },
    answered(id) {
      const probe = waiting.get(id);
      if (probe === undefined) return;
      probe.count.answered += 1;
      waiting.delete(id);
    },
    counts(at) {
      settle(at);
      return [...paths.values()].map((count) => ({ ...count }));
    },
  };
}
