/** How often something fails and how long it stays so, both in ms: mean time between failures, mean time to repair. */
export interface Rate {
  readonly everyMs: number;
  readonly forMs: number;
  /** Declared by the user, or taken from the table of assumptions below. */
  readonly from: "stated" | "assumed";
}

const hour = 3_600_000;
const year = 8766 * hour;

/** A year, ms: 365.25 days. */
export const yearMs = year;

/** What can fail, as far as rates go. */
export type PartKind = keyof typeof assumed;

/** What is assumed where nobody says better: failures a year and hours until somebody has mended it, for things of a home or a small site.
 *  Orders of magnitude from nobody's measurements but everybody's experience, which is why every figure made of them has a range: a 90 %
 *  range from a quarter to four times the rate (`spread`). Stated rates replace them. */
const assumed = {
  cable: [0.1, 8],
  powerline: [12, 0.25],
  radio: [24, 0.1],
  adapter: [0.1, 24],
  router: [2, 1],
  switch: [0.2, 12],
  "powerline-adapter": [1, 4],
  "access-point": [2, 1],
  "media-converter": [0.3, 12],
  modem: [2, 1],
  "usb-hub": [1, 1],
  "usb-controller": [0.3, 1],
  "pci-device": [0.05, 24],
  uplink: [6, 2],
  provider: [0.5, 3],
  mains: [2, 1],
  ups: [0.1, 8],
  supply: [0.3, 8],
} as const satisfies Record<string, readonly [perYear: number, hours: number]>;

/** The assumption for a kind of part. */
export function assumedRate(kind: PartKind): Rate {
  const [perYear, hours] = assumed[kind];
  return { everyMs: year / perYear, forMs: hours * hour, from: "assumed" };
}

/** Mains failures that outlast a UPS: where their lengths are memoryless, as many as exp(−run time ÷ mean), each as long again as any. */
export function outlasting(mains: Rate, runtimeMs: number): Rate {
  return { ...mains, everyMs: mains.everyMs * Math.exp(runtimeMs / mains.forMs) };
}

/** The 90 % range of a rate: so many times less, so many times more. */
export function spread(rate: Rate): number {
  return rate.from === "stated" ? 1.5 : 4;
}

/** The part of all time in which it is down, 0 to 1. */
export function unavailabilityOf(rate: Rate): number {
  return rate.forMs / (rate.everyMs + rate.forMs);
}
