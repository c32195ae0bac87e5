/** A probe that left and may still be answered. */
export interface Outstanding {
  readonly target: string;
  readonly id: number;
  /** When it left, monotonic ms. */
  readonly at: number;
  /** The MAC address it bore. */
  readonly mac: string;
}

/** What is not answered by then is not waited for. */
const LATE_MS = 2_000;
/** More are never remembered: at the highest rate that is more than LATE_MS. */
const MOST = 256;

/** The list with one more probe, without those too old to be answered. */
export function remembered(list: readonly Outstanding[], probe: Outstanding): readonly Outstanding[] {
  return [...list.filter((one) => probe.at - one.at < LATE_MS), probe].slice(-MOST);
}

/** The probe an answer belongs to, and the list without it; undefined: to none. Where the answer bears no id it is taken for
 *  that of the latest probe: on a line that loses, older ones are lost; where answers come late, all follow after each other
 *  and only their round trip is told too short. */
export function claimed(
  list: readonly Outstanding[],
  answer: { readonly target: string; readonly id?: number; readonly at: number },
): { readonly probe: Outstanding; readonly rest: readonly Outstanding[] } | undefined {
  const probe = list.findLast(
    (one) =>
      one.target === answer.target && (answer.id === undefined || one.id === answer.id) && answer.at - one.at < LATE_MS,
  );
  return probe && { probe, rest: list.filter((one) => one !== probe) };
}
