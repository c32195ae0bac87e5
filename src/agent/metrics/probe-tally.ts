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
  /** `at`: when the answer came; the same clock. */
  readonly answered: (id: number, at?: number) => void;
  readonly counts: (at: number) => readonly ProbeCount[];
}

/** As long as the brain waits for a late answer; then a probe counts as lost, for good: counters never go back. */
const LATE_MS = 2_000;

interface Waiting {
  readonly id: number;
  readonly count: { readonly port: string; readonly target: string; lost: number; answered: number };
  readonly at: number;
}

/** Told of each probe once it is known what became of it; `rttMs` undefined: it was lost. */
type OnSettled = (
  probe: { readonly port: string; readonly target: string; readonly at: number },
  rttMs?: number,
) => void;

/** A tally of nothing yet. Holds the probes of two seconds and a count per path. */
export function probeTally(onSettled: OnSettled = () => {}): ProbeTally {
  // A list, oldest first, and no Map: V8 links every table that a Map has outgrown to the next one, so that once a dead one is among
  // the old objects, all that follow are kept too, until the next full collection. That was 2.8 KiB a second.
  const waiting: Waiting[] = [];
  const paths = new Map<string, { port: string; target: string; answered: number; lost: number }>();
  const settle = (at: number): void => {
    const settled = waiting.findIndex((probe) => at - probe.at < LATE_MS);
    for (const { count, at: sentAt } of waiting.splice(0, settled < 0 ? waiting.length : settled)) {
      count.lost += 1;
      onSettled({ port: count.port, target: count.target, at: sentAt });
    }
  };
  return {
    sent(port, target, id, at) {
      settle(at);
      const key = `${port}\n${target}`;
      const count = paths.get(key) ?? { port, target, answered: 0, lost: 0 };
      paths.set(key, count);
      waiting.push({ id, count, at });
    },
    answered(id, at) {
      const index = waiting.findLastIndex((probe) => probe.id === id);
      if (index < 0) return;
      for (const { count, at: sentAt } of waiting.splice(index, 1)) {
        count.answered += 1;
        onSettled({ port: count.port, target: count.target, at: sentAt }, Math.max(0, (at ?? sentAt) - sentAt));
      }
    },
    counts(at) {
      settle(at);
      return [...paths.values()].map((count) => ({ ...count }));
    },
  };
}
