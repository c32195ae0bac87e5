import { setTimeout as sleep } from "node:timers/promises";
import { monotonicNs, wallOffsetNs } from "../../../src/host/linux/libc.ts";
import { newDirections, openFlows, receive, sendNext } from "../../../src/lab/guest/flows.ts";
import type { Network } from "../../../src/lab/guest/network.ts";
import type { Metered } from "./course.ts";

export interface Meter {
  /** Waits for what is under way, and counts. */
  stop(): Promise<readonly Metered[]>;
}

const GRACE_MS = 1_000;
const NUMBER = 1;

/** Sends numbered packets over every flow of the plan, both ways, until it is stopped. */
export function startMeter(network: Network, everyMs: number): Meter {
  const directions = newDirections(openFlows(network), () => true);
  const startMs = Number(monotonicNs()) / 1e6;
  let isSending = true;
  const hear = (): void => receive(directions, directions, { wallOffsetNs: wallOffsetNs(), number: NUMBER });
  const run = async (): Promise<void> => {
    for (let nextMs = startMs; isSending; nextMs += everyMs) {
      for (const direction of directions) sendNext(direction, monotonicNs(), NUMBER);
      await sleep(Math.max(1, Math.ceil(nextMs + everyMs - Number(monotonicNs()) / 1e6)));
      hear();
    }
  };
  const running = run();
  return {
    async stop() {
      isSending = false;
      await running;
      await sleep(GRACE_MS);
      hear();
      return directions.map(({ flow, direction, sentAtNs, receivedAtNs }) => ({
        flow,
        direction,
        sent: sentAtNs.length,
        lostAtMs: sentAtNs.flatMap((at, index) =>
          receivedAtNs[index] === null ? [Math.round((Number(at) / 1e6 - startMs) * 10) / 10] : [],
        ),
      }));
    },
  };
}
