/** Whether a test file boots labs: minutes of them, on a machine that others use, too. */
export function isLabTest(path: string): boolean {
  return path.includes("/test/lab/");
}

/** What the reporter is told of a test file: why it was left out. */
export interface LeftOut {
  readonly leftOut?: string;
}

/** Why no lab is begun any more, or undefined while there is time. HOLDFAST_LABS_UNTIL: seconds since 1970; continuous integration sets it. */
export function tooLate(): string | undefined {
  const until = process.env["HOLDFAST_LABS_UNTIL"];
  return until === undefined || Date.now() < Number(until) * 1_000
    ? undefined
    : "not begun, the machine is too slow: no time is left for it";
}
