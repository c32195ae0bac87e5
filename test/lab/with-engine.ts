import { beforeAll, beforeEach } from "vitest";
import type { Engine } from "../../src/lab/lab.ts";
import { engineOrReason } from "./booting.ts";

/** Gives a file's tests the best engine here before each of them; without one, or where `unfit` has a reason against it, they are skipped,
 *  with the reason. */
export function withEngine(use: (engine: Engine) => void, unfit: (engine: Engine) => string = () => ""): void {
  let found: Engine | string;
  beforeAll(async () => {
    found = await engineOrReason();
  });
  beforeEach((context) => {
    const reason = typeof found === "string" ? found : unfit(found);
    if (typeof found === "string" || reason !== "") context.skip(reason);
    else use(found);
  });
}
