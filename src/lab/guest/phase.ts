/** Where repeat `repeat` of a scenario puts its fault within one period of the kernel's monitor, ms. Repeats fill the
 *  period evenly however many there are (golden-ratio steps from a start that depends on the scenario); same input, same phase. */
export function phaseFor(scenario: string, repeat: number, periodMs: number): number {
  const golden = 0.618_033_988_749_895;
  const turns = hash(scenario) / 2 ** 32 + repeat * golden;
  return (turns - Math.floor(turns)) * periodMs;
}

/** How often a kernel timer that is set anew for `intervalMs` really fires, ms: its wheel rounds up, to 1 ms below 63, to
 *  8 ms below 504, to 64 ms below 4032, and so on. miimon 100 looks every 104 ms. Source: kernel/time/timer.c, HZ 1000. */
export function kernelPeriodMs(intervalMs: number): number {
  let grain = 1;
  for (let start = 63; intervalMs >= start && grain < 8 ** 8; start *= 8) grain *= 8;
  return Math.floor((intervalMs + grain) / grain) * grain;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) {
    value ^= character.codePointAt(0) ?? 0;
    value = Math.imul(value, 0x01000193) >>> 0;
  }
  return value;
}
