/** Listening for the LAN through a standby that can't be probed. Every now and then a question to everybody, that nobody need answer,
 *  leaves through the active port; the access point repeats it on the air, and the standby radio hears it. That proves the way in:
 *  LAN, access point, air, radio. Whatever else the router sends to everybody proves as much. Pure. */
export interface Hearing {
  /** unknown: never heard yet, which an access point that keeps questions off the air may never change. */
  readonly verdict: "unknown" | "heard" | "lost";
  readonly heardAt: number;
  readonly askedAt: number;
  /** Questions since it was last heard. */
  readonly unheard: number;
}

/** Nothing is known: it has just joined, or traffic has moved. */
export const newHearing: Hearing = {
  verdict: "unknown",
  heardAt: Number.NEGATIVE_INFINITY,
  askedAt: Number.NEGATIVE_INFINITY,
  unheard: 0,
};

/** Everybody on the LAN must take every question in. */
const ASK_EVERY_MS = 5_000;
/** After one that wasn't heard; what goes to everybody is sent once on the air and acknowledged by nobody. */
const AGAIN_EVERY_MS = 1_000;
/** So many in a row are no chance: 0.3 to the 11th is less than once in a month, where a third of all is lost. */
const LOST_AFTER = 11;

/** Whether the next question is due. Not where it was never heard: nothing can be concluded, and asking less is enough. */
export function isDue(hearing: Hearing, at: number): boolean {
  const isDoubtful = hearing.verdict === "heard" && hearing.unheard > 0;
  return at - hearing.askedAt >= (isDoubtful ? AGAIN_EVERY_MS : ASK_EVERY_MS);
}

/** A question leaves. What was heard before it counts no more. */
export function asked(hearing: Hearing, at: number): Hearing {
  const unheard = hearing.unheard + 1;
  const isLost = hearing.verdict === "heard" && unheard > LOST_AFTER;
  return { ...hearing, verdict: isLost ? "lost" : hearing.verdict, askedAt: at, unheard };
}

/** The LAN was heard. */
export function heard(hearing: Hearing, at: number): Hearing {
  return { ...hearing, verdict: "heard", heardAt: at, unheard: 0 };
}
