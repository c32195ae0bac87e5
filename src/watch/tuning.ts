/** Every number the brain goes by, in one table. Milliseconds unless the name says otherwise. */
export interface Tuning {
  /** Between probes of the active port's router. Half of it is the mean wait before a death can be noticed at all. */
  readonly activeEveryMs: number;
  /** Between probes of a standby's router: its death costs nothing yet, so it may take longer to see. */
  readonly standbyEveryMs: number;
  /** Between probes of each far target, on the active port and on a standby: slower, other people's servers answer them. */
  readonly farActiveEveryMs: number;
  readonly farStandbyEveryMs: number;
  /** Share of an interval by which each probe is moved at random, so that probes never march in step with anything. */
  readonly jitter: number;
  /** Between the probes of a confirmation burst. Shorter makes one hiccup of a switch look like a death. */
  readonly burstEveryMs: number;
  /** An answer later than this, or than 4 round trips + 4 deviations, counts as lost (until it comes after all). */
  readonly leastTimeoutMs: number;
  readonly longestTimeoutMs: number;
  /** How much more unlikely than its usual loss a run of losses must be before the path is called dead: ln(10⁹). */
  readonly deathEvidence: number;
  /** Loss is never taken to be below (above) this, so that a clean path needs five losses in a row, and a bad one can die at all. */
  readonly leastLoss: number;
  readonly mostLoss: number;
  /** Weight of one outcome in the usual loss. */
  readonly lossWeight: number;
  /** A radio pauses for scans and interference: a run must also last this long there. */
  readonly radioRunMs: number;
  /** While answers come ever later and the router is heard, the line is full and not dead: wait this long. */
  readonly saturationGraceMs: number;
  /** A dead path lives again after so many answers in a row over at least this time. */
  readonly reviveAnswers: number;
  readonly reviveMs: number;
  /** The preferred port must have answered without a gap this long before traffic returns; doubled by every incident. */
  readonly calmMs: number;
  readonly longestCalmMs: number;
  /** An incident is half forgotten after this. */
  readonly penaltyHalfLifeMs: number;
  /** Usual loss from which a port is left for one that loses less than a third of it, if that lasts. */
  readonly lossyAt: number;
  readonly lossyForMs: number;
  /** Least time between two moves that are not emergencies. */
  readonly dwellMs: number;
  /** A clock gap longer than this was a suspend or a stopped process; what was under way then means nothing. */
  readonly gapMs: number;
  readonly graceMs: number;
}

/** For wired links. Five losses in a row on a clean path take about 75/2 + 25 + 4 × 15 + 25 ms: see the benchmark. */
export const wiredTuning: Tuning = {
  activeEveryMs: 75,
  standbyEveryMs: 500,
  farActiveEveryMs: 500,
  farStandbyEveryMs: 2_000,
  jitter: 0.2,
  burstEveryMs: 15,
  leastTimeoutMs: 25,
  longestTimeoutMs: 1_000,
  deathEvidence: Math.log(1e9),
  leastLoss: 0.015,
  mostLoss: 0.9,
  lossWeight: 0.01,
  radioRunMs: 600,
  saturationGraceMs: 1_000,
  reviveAnswers: 3,
  reviveMs: 1_000,
  calmMs: 120_000,
  longestCalmMs: 3_600_000,
  penaltyHalfLifeMs: 600_000,
  lossyAt: 0.1,
  lossyForMs: 10_000,
  dwellMs: 30_000,
  gapMs: 2_000,
  graceMs: 5_000,
};
