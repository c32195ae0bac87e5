/** How often the runner sends and for how long it watches, all in ns of guest time. The reasons stand beside the numbers. */
export interface Timing {
  /** Between packets while something is happening. Virtual: 1 ms, what the reference figures were taken with. Real: 10 ms, the
   *  kernel's own grain there. */
  readonly denseNs: bigint;
  /** Between packets once an outage has lasted `denseForNs`, and while a quiet network is only waited upon. */
  readonly sparseNs: bigint;
  /** Between packets once an outage has lasted ten seconds: 50 ms is 0.5 % of it. */
  readonly sparsestNs: bigint;
  readonly denseForNs: bigint;
  /** Between heartbeats of a TCP session. */
  readonly beatNs: bigint;
  /** How long a packet may be under way before it counts as lost for now. A real-time lab stalls for up to 400 ms without losing one. */
  readonly graceNs: bigint;
  /** Packets sent before the fault, so that the record shows what healthy looked like. */
  readonly leadNs: bigint;
  /** A flow without a loss for this long has recovered. */
  readonly calmNs: bigint;
  /** The least a fault or its mending is watched. */
  readonly leastNs: bigint;
  /** Random loss has no end to wait for: it is sampled this long. */
  readonly lossNs: bigint;
  /** An outage that lasts longer never ends, as far as this drill knows. */
  readonly limitNs: bigint;
  /** How much longer a TCP session is waited for: its retransmission timer may have backed off for as long as the outage took. */
  readonly tcpExtraNs: bigint;
}

const MS = 1_000_000n;

export const timings: Readonly<Record<"virtual" | "real", Timing>> = {
  virtual: {
    denseNs: MS,
    sparseNs: 10n * MS,
    sparsestNs: 50n * MS,
    denseForNs: 2_000n * MS,
    beatNs: 10n * MS,
    graceNs: 5n * MS,
    leadNs: 300n * MS,
    calmNs: 300n * MS,
    leastNs: 1_000n * MS,
    lossNs: 5_000n * MS,
    limitNs: 60_000n * MS,
    tcpExtraNs: 75_000n * MS,
  },
  // Here a second of watching is a second of somebody's life.
  real: {
    denseNs: 10n * MS,
    sparseNs: 20n * MS,
    sparsestNs: 50n * MS,
    denseForNs: 5_000n * MS,
    beatNs: 20n * MS,
    graceNs: 600n * MS,
    leadNs: 500n * MS,
    calmNs: 1_000n * MS,
    leastNs: 2_000n * MS,
    lossNs: 5_000n * MS,
    limitNs: 15_000n * MS,
    tcpExtraNs: 20_000n * MS,
  },
};

/** What the runner knows when it decides when to send next. */
export interface Situation {
  readonly nowNs: bigint;
  /** Until when something recent (a fault, a switch, a recovery) asks for the densest rate. */
  readonly denseUntilNs: bigint;
  /** Since when an awaited flow has been losing; undefined: none is. */
  readonly badSinceNs: bigint | undefined;
  /** When the last thing happened. */
  readonly eventNs: bigint;
}

/** Time to the next packet, ns. */
export function interval(timing: Timing, { nowNs, denseUntilNs, badSinceNs, eventNs }: Situation): bigint {
  if (nowNs < denseUntilNs) return timing.denseNs;
  return nowNs - (badSinceNs ?? eventNs) < 10_000n * MS ? timing.sparseNs : timing.sparsestNs;
}
