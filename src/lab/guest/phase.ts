/** Where repeat `repeat` of a scenario puts its fault within one period of the kernel's monitor, ms. Repeats fill the
 *  period evenly however many there are (golden-ratio steps from a start that depends on the scenario); same input, same phase. */
export function phaseFor(scenario: string, repeat: number, periodMs: number): number {
  const golden = 0.618_033_988_749_895;
  const turns = hash(scenario) / 2 ** 32 + repeat * golden;
  return (turns - Math.floor(turns)) * periodMs;
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
