/** A span of time on a picture, ms after the fault. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** The next 1, 2 or 5 times a power of ten at or above a positive number. */
export function niceAbove(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-6)));
  const step = [1, 1.5, 2, 3, 5, 7.5, 10].find((each) => each * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}

/** Round times inside a window, at most `most` of them, counted from `zero`. */
export function ticks(window: TimeWindow, zero: number, most: number): readonly number[] {
  const step = tickStep((window.to - window.from) / most);
  const first = Math.ceil((window.from - zero) / step - 1e-9);
  const last = Math.floor((window.to - zero) / step + 1e-9);
  const many = Math.max(0, Math.min(last - first + 1, most + 2));
  return Array.from({ length: many }, (_, index) => zero + (first + index) * step);
}

function tickStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(atLeast, 1e-6)));
  return ([1, 2, 5, 10].find((each) => each * power >= atLeast * (1 - 1e-9)) ?? 10) * power;
}

/** Where a time lies between 0 and `width`, clipped to it. */
export function positionIn(window: TimeWindow, width: number): (atMs: number) => number {
  const span = Math.max(window.to - window.from, 1e-6);
  return (atMs) => Math.min(width, Math.max(0, ((atMs - window.from) / span) * width));
}

/** Share of 0..1 on a logarithmic scale from 1 ms to 100 s, for outages of every size side by side. */
export function logShare(ms: number): number {
  return Math.min(1, Math.max(0, Math.log10(Math.max(ms, 1)) / 5));
}

/** Coordinates without the tail of binary fractions. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
