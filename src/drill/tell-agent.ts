/** What an agent is told of a drill; whether it took it. */
export interface ToldOfDrills {
  /** So many cuts are about to be made. */
  begins(cuts: number): Promise<boolean>;
  /** They are over, and no verdict will follow. */
  stopped(): Promise<boolean>;
}

/** Makes cuts with the agent in the know. However they end: where no verdict will be told it hears at least that they are over, or it would
 *  go on to take every outage for the drill's. Of one that was stopped before it began there is nothing to tell. */
export async function withAgentTold<T>(
  agent: ToldOfDrills,
  { cuts, signal }: { readonly cuts: number; readonly signal: AbortSignal },
  make: () => Promise<T>,
  hasVerdict: (made: T) => boolean,
): Promise<T> {
  if (signal.aborted) return await make();
  await agent.begins(cuts);
  let isWhole = false;
  try {
    const made = await make();
    isWhole = hasVerdict(made);
    return made;
  } finally {
    if (!isWhole) await agent.stopped();
  }
}
