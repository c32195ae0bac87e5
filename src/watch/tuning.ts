/** Every number the brain goes by, in one table. Milliseconds unless the name says otherwise. */
export interface Tuning {
  /** Between probes of the active port's router: the longest a death can go unseen before the first loss. */
  readonly activeEveryMs: number;
  /** Between probes of a standby's router: its death costs nothing yet, so it may take longer to see. */
  readonly standbyEveryMs: number;
  /** Between probes beyond the active port's router, whichever target's turn it is: the longest the death of an uplink can go
   *  unseen before the first loss. Of one target alone they are as many. */
  readonly farActiveEveryMs: number;
  /** Between probes of each far target through a standby. Other people's servers answer all these. */
  readonly farStandbyEveryMs: number;
  /** Share of an interval by which each probe is moved at random, so that probes never march in step with anything. */
  readonly jitter: number;
  /** Between the probes of a confirmation burst. Shorter makes one hiccup of a switch look like a death. */
  readonly burstEveryMs: number;
  /** The same beyond the router, while nothing there has answered since the first loss. */
  readonly farBurstEveryMs: number;
  /** The same for what loses probes while nothing depends on it. */
  readonly slowBurstEveryMs: number;
  /** Nothing is hurried for longer than this: a trouble that lasts is probed with patience. */
  readonly longestBurstMs: number;
  /** A dead path is probed ever more slowly, down to one probe in this time (router, far target). */
  readonly deadEveryMs: number;
  readonly farDeadEveryMs: number;
  /** An answer later than this, or than 4 round trips + 4 deviations, counts as lost (until it comes after all). */
  readonly leastTimeoutMs: number;
  readonly longestTimeoutMs: number;
  /** How much more unlikely than its usual loss a run of losses must be before the path is called dead: ln(10⁹). */
  readonly deathEvidence: number;
  /** So much more evidence is needed to leave a port within `dwellMs` of having moved to it. */
  readonly caution: number;
  /** Loss is taken to lie between these: a clean path needs five losses in a row, and a bad one can die at all. */
  readonly leastLoss: number;
  readonly mostLoss: number;
  /** Weight of one outcome in the usual loss, and in the recent loss, which learns a new trouble before it looks like death. */
  readonly lossWeight: number;
  readonly recentWeight: number;
  /** A radio pauses for scans and interference: a run must also last this long there. */
  readonly radioRunMs: number;
  /** A radio that comes and goes is left after so long without a calm moment: bursts of loss that come every second or so are its
   *  neighbours, and pass. */
  readonly radioUnsteadyMs: number;
  /** Beyond the active port's router a run must last this long. A server that answers no faster than it is usually asked (they
   *  limit it) loses a whole burst after one chance loss, but not for longer than the usual interval with its jitter. */
  readonly farRunMs: number;
  /** A standby's run must last this long: nothing is lost by waiting, and a short hiccup isn't worth a word. */
  readonly standbyRunMs: number;
  /** While answers come ever later and the router is heard, the line is full and not dead: wait this long. */
  readonly saturationGraceMs: number;
  /** A path that hasn't answered for so long and so many probes since it was first probed is silent: it may never answer. */
  readonly learnMs: number;
  readonly learnProbes: number;
  /** A dead path lives again after so many answers in a row over at least this time; doubled by every incident. */
  readonly reviveAnswers: number;
  readonly reviveMs: number;
  readonly longestReviveMs: number;
  /** A dead port that answers while the active one does not is fled to after two answers in a row over this time. */
  readonly compareMs: number;
  /** A port whose carrier went within `reviveMs` of its getting the traffic had it in vain. After so many vain stays it isn't fled to,
   *  though it answers; one is forgotten in `vainStayMs`. Together: at most five vain moves to a port in `dwellMs`. */
  readonly mostVainStays: number;
  readonly vainStayMs: number;
  /** The preferred port must have answered without a gap this long before traffic returns; doubled by every incident. */
  readonly calmMs: number;
  readonly longestCalmMs: number;
  /** An incident is half forgotten after this; more incidents than these are not counted. */
  readonly penaltyHalfLifeMs: number;
  readonly mostPenalty: number;
  /** Usual loss from which a port is left for one that loses less than a third of it, if that lasts; back below a half. */
  readonly lossyAt: number;
  readonly lossyForMs: number;
  /** The same for a radio. In a rough minute it loses 7 % of what is sent and a quarter of its probes, for they come in bursts, too. */
  readonly radioLossyAt: number;
  /** Least time between two moves that are not emergencies. */
  readonly dwellMs: number;
  /** A clock gap longer than this was a suspend or a stopped process; what was under way then means nothing. */
  readonly gapMs: number;
  readonly graceMs: number;
  /** Woken later than this, answers may still lie unread: what is outstanding gets as much longer. */
  readonly latenessMs: number;
  /** Changes of carrier that are written down one by one; more of them within `reviveMs` are one flapping. */
  readonly mostCarrierRecords: number;
  /** After the kernel refused a move to a port, that port is let be for this long, doubled each time. */
  readonly refusedMs: number;
  readonly longestRefusedMs: number;
}

/** For wired links. Five losses in a row on a clean path take 72/2 + 25 + 3 × 15 + 25 ms on average, 170 at worst:
 *  before a TCP session's first retransmission (200 ms), so that a silent death costs it only that one. */
export const wiredTuning: Tuning = {
  activeEveryMs: 60,
  standbyEveryMs: 500,
  farActiveEveryMs: 300,
  farStandbyEveryMs: 2_000,
  jitter: 0.2,
  burstEveryMs: 15,
  farBurstEveryMs: 75,
  slowBurstEveryMs: 100,
  longestBurstMs: 2_000,
  deadEveryMs: 1_000,
  farDeadEveryMs: 10_000,
  leastTimeoutMs: 25,
  longestTimeoutMs: 1_000,
  deathEvidence: Math.log(1e9),
  caution: 2,
  leastLoss: 0.015,
  mostLoss: 0.9,
  lossWeight: 0.01,
  recentWeight: 0.05,
  radioRunMs: 600,
  radioUnsteadyMs: 10_000,
  farRunMs: 385,
  standbyRunMs: 2_000,
  saturationGraceMs: 1_000,
  learnMs: 5_000,
  learnProbes: 8,
  reviveAnswers: 5,
  reviveMs: 3_000,
  longestReviveMs: 60_000,
  compareMs: 150,
  mostVainStays: 3,
  vainStayMs: 10_000,
  calmMs: 120_000,
  longestCalmMs: 3_600_000,
  penaltyHalfLifeMs: 600_000,
  mostPenalty: 6,
  lossyAt: 0.1,
  lossyForMs: 10_000,
  radioLossyAt: 0.3,
  dwellMs: 30_000,
  gapMs: 2_000,
  graceMs: 5_000,
  latenessMs: 10,
  mostCarrierRecords: 4,
  refusedMs: 100,
  longestRefusedMs: 10_000,
};
