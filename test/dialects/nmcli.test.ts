import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { networkmanager } from "../../src/dialects/networkmanager/networkmanager.ts";
import { spellingOf, youngerThanOldest } from "../../src/dialects/networkmanager/spelling.ts";
import type { Config } from "../../src/model/config.ts";
import { differences } from "../../src/model/differences.ts";
import { optionNames } from "../../src/model/options.ts";
import { hostConfig } from "../arbitrary/host-config.ts";
import { findNmcli, normalised } from "./nmcli.ts";

const nmcli = await findNmcli();
const missing = nmcli === undefined ? ": skipped, no nmcli 1.42 or later is to be had" : "";

/** The rest nmcli of Debian 12 passes over, as the losses say. */
const known = optionNames.filter(
  (option) => spellingOf(option) !== "cannot-say" && youngerThanOldest(option) === undefined,
);

/** NetworkManager writes out the mode that a bond has anyway, and leaves out what it would do anyway to bridges and queues. */
function completed(config: Config): Config {
  return {
    ...config,
    bonds: config.bonds.map((bond) => ({
      ...bond,
      options: { mode: "balance-rr", ...bond.options },
      portOptions: Object.fromEntries(
        Object.entries(bond.portOptions ?? {}).map(([port, said]) => [port, without(said, { queue_id: 0 })]),
      ),
    })),
    interfaces: config.interfaces.map((iface) =>
      iface.bridge === undefined
        ? iface
        : {
            ...iface,
            bridge: {
              ...iface.bridge,
              settings: without(iface.bridge.settings, { stp_state: "1", forward_delay: "15" }),
            },
          },
    ),
  };
}

function without<T extends object>(said: T, usual: Readonly<Record<string, unknown>>): T {
  return Object.fromEntries(Object.entries(said).filter(([key, value]) => usual[key] !== value)) as T;
}

describe.skipIf(nmcli === undefined)(`NetworkManager's own reader${missing}`, () => {
  test("takes what we write, and understands it as we do", () => {
    fc.assert(
      fc.property(hostConfig(known), (config) => {
        const { files } = networkmanager.render(config);
        const theirs = new Map<string, string>();
        for (const [path, text] of files) {
          // Settings of the program's own for radios are no profiles.
          if (!path.endsWith(".nmconnection")) continue;
          const answer = normalised(nmcli, text);
          expect(answer).not.toHaveProperty("refused");
          // It writes out what it would do anyway.
          if ("text" in answer) theirs.set(path, answer.text.replace(/^addr-gen-mode=default\n/m, ""));
        }
        const ours = completed(networkmanager.parse(files).config);
        expect(differences(ours, networkmanager.parse(theirs).config)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 180_000);
});
