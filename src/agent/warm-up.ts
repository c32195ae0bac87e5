import { setFlagsFromString } from "node:v8";
import type { State } from "../watch/state.ts";
import { step } from "../watch/step.ts";

/** Sets the runtime up for a process that does little for months, and that little at once. Compiled code is kept, however long it
 *  isn't run: failovers are rare. And none is compiled a second time for speed: that took 4 to 7 MB to save an eighth of one
 *  per cent of a core, and at first cost more than it saved (docs/benchmarks.md). */
export function settleRuntime(): void {
  setFlagsFromString("--no-flush-bytecode");
  setFlagsFromString("--no-opt");
}

/** What has run a few times is no longer interpreted. */
const ROUNDS = 8;

/** Thinks every loss of carrier through once, without doing anything: the first real one then meets code that has been
 *  compiled. Cold, it took 3 ms more of a processor with 10⁹ instructions a second, telling included; thought through while
 *  no path was known yet, which is another way through that code, 2 to 4 ms more. */
export function thinkAhead(state: State): void {
  for (let round = 0; round < ROUNDS; round += 1) for (const { name } of state.ports) loseAndRegain(state, name);
}

function loseAndRegain(state: State, port: string): void {
  const [lost] = step(state, { type: "carrier", at: state.now, port, up: false });
  const [moved] = step(lost, { type: "kernel-active", at: state.now, port: lost.active });
  step(moved, { type: "carrier", at: state.now, port, up: true });
}
