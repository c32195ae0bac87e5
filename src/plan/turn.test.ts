import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bondOptionsFor } from "../../test/arbitrary/config.ts";
import { newBond, writeOption } from "../dialects/ifupdown/kernel-bond.ts";
import type { Bond } from "../model/bond.ts";
import { optionInForce } from "../model/defaults.ts";
import type { HostBond } from "../model/host-state.ts";
import { type BondOptions, optionNames, optionRow } from "../model/options.ts";
import { conflictsIn } from "../model/validate-options.ts";
import { turnOf } from "./turn.ts";

const known = optionNames.flatMap((option) => optionRow(option).sysfs ?? []);

/** A bond as a kernel shows it: every option with its value. */
function runs(options: BondOptions, ports: readonly string[] = ["eth0", "eth1"]): HostBond {
  const shown = optionNames
    .filter((option) => optionRow(option).scope === "bond" && option !== "active_slave")
    .map((option) => [option, optionInForce(options, option)] as const)
    .filter(([, value]) => value !== undefined && value !== null);
  return { name: "bond0", ports, options: Object.fromEntries(shown), known, activePort: ports[0] ?? "" };
}

const said: BondOptions = { mode: "active-backup", miimon: 100, primary: "eth0", num_peer_notif: 3 };
const bond = (options: BondOptions, ports: readonly string[] = ["eth0", "eth1"]): Bond => ({
  name: "bond0",
  ports,
  options,
});

describe("the smallest way from what runs to what is wanted", () => {
  test("is none where it runs so", () => {
    expect(turnOf(runs(said), bond(said))).toEqual({ kind: "same" });
  });

  test("sets on the running bond what the kernel takes there", () => {
    const set = [{ option: "miimon", was: "100", value: "50" }];
    expect(turnOf(runs(said), bond({ ...said, miimon: 50 }))).toEqual({ kind: "live", leave: [], join: [], set });
  });

  test("unsets what is no longer said", () => {
    const { primary: _, ...without } = said;
    const set = [{ option: "primary", was: "eth0", value: "" }];
    expect(turnOf(runs(said), bond(without))).toMatchObject({ kind: "live", set });
  });

  test("counts delays as the kernel stores them", () => {
    expect(turnOf(runs({ ...said, updelay: 200 }), bond({ ...said, updelay: 250 }))).toEqual({ kind: "same" });
  });

  test("lets ports leave and join", () => {
    expect(turnOf(runs(said), bond(said, ["eth0", "wlan0"]))).toMatchObject({
      kind: "live",
      leave: ["eth1"],
      join: ["wlan0"],
    });
  });

  test.each<[string, HostBond | undefined, Bond, RegExp]>([
    ["there is none", undefined, bond(said), /no bond0 yet/],
    ["the mode is another", runs(said), bond({ ...said, mode: "broadcast", primary: "eth0" }), /mode broadcast/],
    ["ports would have to go first", runs(said), bond({ ...said, fail_over_mac: "active" }), /fail_over_mac active/],
    ["no port stays", runs(said), bond({ ...said, primary: "wlan0" }, ["wlan0"]), /none of the ports/],
  ])("makes the bond anew where %s", (_, running, wanted, why) => {
    const turn = turnOf(running, wanted);
    expect(turn.kind === "rebuild" ? turn.why : turn.kind).toMatch(why);
  });

  test("turns one monitor off before the other on, and gives it its targets first", () => {
    const arp: BondOptions = {
      mode: "active-backup",
      primary: "eth0",
      num_peer_notif: 3,
      arp_interval: 1000,
      arp_ip_target: ["192.0.2.1"],
    };
    const turn = turnOf(runs({ ...said, updelay: 200 }), bond(arp));
    const order = turn.kind === "live" ? turn.set.map(({ option, value }) => `${option} ${value}`) : [];
    expect(order).toEqual(["updelay 0", "miimon 0", "arp_ip_target 192.0.2.1", "arp_interval 1000"]);
  });

  test("every write is one the kernel takes at that moment, and the last leaves what is wanted", () => {
    const options = bondOptionsFor(
      ["eth0", "eth1"],
      optionNames.filter((option) =>
        /^(miimon|updelay|downdelay|arp_interval|arp_ip_target|arp_validate|peer_notif_delay|num_peer_notif|primary_reselect|resend_igmp)$/.test(
          option,
        ),
      ),
    )
      .map((some): BondOptions => ({ ...some, mode: "active-backup" }))
      .filter((some) => conflictsIn(some).length === 0);
    fc.assert(
      fc.property(options, options, (before, after) => {
        const turn = turnOf(runs(before), bond(after));
        if (turn.kind !== "live") return;
        const kernel = newBond("bond0");
        for (const [option, value] of Object.entries(runs(before).options))
          if (String(value) !== "" && String(value) !== "0")
            writeOption(kernel, option as never, Array.isArray(value) ? value.join(" ") : String(value));
        kernel.ports.add("eth0");
        for (const { option, value } of turn.set) {
          if (value === "") kernel.values.delete(option);
          else
            expect([option, value, writeOption(kernel, option, value.replaceAll(",", " "))]).toMatchObject([
              option,
              value,
              { done: true },
            ]);
        }
        for (const { option, value } of turn.set) {
          const now = kernel.values.get(option) ?? optionInForce({ mode: "active-backup" }, option) ?? "";
          expect([option, Array.isArray(now) ? now.join(",") : String(now)]).toEqual([option, value]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
