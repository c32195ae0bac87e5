import type { Cause, Effect } from "../effect.ts";
import type { State } from "../state.ts";
import type { Truth } from "./net.ts";
import type { Wire } from "./world.ts";

/** Holds what a brain says and does against what is really so. */
export interface Witness {
  /** What is wrong with a step in the light of all before it; undefined: nothing. */
  see(at: number, after: State, effects: readonly Effect[], truth: Truth): string | undefined;
}

/** A wire that is cut for so long must have been noticed, whatever else is going on, ms. */
const NOTICED_MS = 8_000;
/** How long a wire must have been as it is to be held against a move, ms. */
const SETTLED_MS = 3_000;
/** More moves than these within `dwellMs`, for no reason but the brain's own judgement, are a ping-pong. Where nothing else works, a
 *  line that comes and goes is worth a move each time it serves for `SERVED_MS`: such a move doesn't count. */
const MOST_MOVES = 5;
const SERVED_MS = 3_000;
/** What the kernel does is told one thing after the other: so long it may be news, ms. */
const TOLD_MS = 1_000;
const judgements: readonly Cause[] = ["path-dead", "uplink-dead", "lossy", "reselect"];

/** A witness of a run from its beginning. */
export function newWitness(): Witness {
  const seen = new Map<string, { kind: Kind; since: number }>();
  let moves: number[] = [];
  /** Traffic is still where the last of them brought it. */
  let isLatest = false;
  let cutFrom = Number.POSITIVE_INFINITY;
  let cutPort = "";
  const haste = newHaste();
  let differsFrom = Number.POSITIVE_INFINITY;
  return {
    see(at, after, effects, truth) {
      for (const [port, wire] of truth.wires) {
        const kind = kindOf(wire);
        if (seen.get(port)?.kind !== kind) seen.set(port, { kind, since: at });
      }
      const move = effects.find((effect) => effect.do === "set-active");
      const left =
        move !== undefined || effects.some((one) => one.do === "record" && one.event.what === "kernel-moved");
      if (left && at - (moves.at(-1) ?? at) >= SERVED_MS && isLatest) moves = moves.slice(0, -1);
      if (left) isLatest = false;
      if (move?.do === "set-active" && judgements.includes(move.cause)) {
        moves = [...moves.filter((one) => at - one < after.config.tuning.dwellMs), at];
        isLatest = true;
        if (moves.length > MOST_MOVES) return `${moves.length} moves within ${after.config.tuning.dwellMs / 1_000} s`;
        const [to, from] = [
          seen.get(move.port),
          seen.get(after.config.ports.find(({ name }) => name === move.port) ? movedFrom(effects) : ""),
        ];
        const isWorse = to?.kind === "cut" && from?.kind === "good";
        if (isWorse && at - Math.max(to.since, from.since) > SETTLED_MS)
          return `a move from a good wire to ${move.port}, which is cut`;
      }
      const hasty = haste.see(at, after, effects);
      if (hasty !== undefined) return hasty;
      const differs = !truth.isRefusing && after.phase === "running" && after.active !== truth.kernelActive;
      differsFrom = differs ? Math.min(differsFrom, at) : Number.POSITIVE_INFINITY;
      if (at - differsFrom > TOLD_MS) {
        return `the brain believes in ${after.active}, the kernel uses ${truth.kernelActive}`;
      }
      const used = seen.get(truth.kernelActive);
      // A brain that was started into the dark can't know that there ever was light.
      const isKnown = after.paths.some((path) => path.health === "alive" || path.health === "dead");
      const isCut = used?.kind === "cut" && isKnown;
      if (!isCut || cutPort !== truth.kernelActive || at < after.graceUntil || at < after.learnUntil) {
        [cutPort, cutFrom] = [truth.kernelActive, at];
      } else if (at - Math.max(cutFrom, used.since) > NOTICED_MS && after.outage === undefined) {
        cutFrom = at;
        return `${truth.kernelActive} is cut for ${NOTICED_MS / 1_000} s and no outage is written down`;
      }
      return undefined;
    },
  };
}

/** Moves of choice soon after any move, and moves by judgement while nothing may be judged. */
function newHaste(): Haste {
  let movedAt = Number.NEGATIVE_INFINITY;
  let graceUntil = Number.NEGATIVE_INFINITY;
  return {
    see(at, { config }, effects) {
      const { dwellMs, graceMs } = config.tuning;
      let found: string | undefined;
      for (const effect of effects) {
        if (effect.do !== "record") continue;
        const { event } = effect;
        if (event.what === "started") movedAt = Number.NEGATIVE_INFINITY;
        if (event.what === "suspended") graceUntil = at + graceMs;
        if (event.what === "kernel-moved") movedAt = at;
        if (event.what !== "moved") continue;
        const isChoice = event.cause === "reselect" || event.cause === "lossy";
        if (isChoice && at - movedAt < dwellMs)
          found = `a move of choice ${Math.round(at - movedAt)} ms after another move`;
        if (judgements.includes(event.cause) && at < graceUntil) found = "a move by what was seen before a suspend";
        movedAt = at;
      }
      return found;
    },
  };
}

interface Haste {
  see(at: number, after: State, effects: readonly Effect[]): string | undefined;
}

type Kind = "good" | "cut" | "between";

function kindOf(wire: Wire): Kind {
  if (!wire.carrier || wire.lossIn >= 1 || wire.lossOut >= 1) return "cut";
  return wire.lossIn + wire.lossOut + wire.lossBeyond === 0 && wire.delayMs < 10 ? "good" : "between";
}

function movedFrom(effects: readonly Effect[]): string {
  for (const effect of effects) {
    if (effect.do === "record" && effect.event.what === "moved") return effect.event.from;
  }
  return "";
}
