import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  applyOrder,
  bondOptions,
  type Mode,
  modes,
  type OptionName,
  optionNamed,
  optionNames,
  optionRow,
} from "./options.ts";
import { allowedIn, conflictsIn, formatOption, parseOption } from "./validate-options.ts";

const shared = process.env["HOLDFAST_SHARED"] ?? join(import.meta.dirname, "../../../shared");
const probePath = join(shared, "facts/kernel-probe.json");
const probeMissing = existsSync(probePath) ? false : `the kernel's recorded answers are not at ${probePath}`;

interface Answer {
  readonly value: string | number;
  readonly err: number | string;
  readonly readback: string | number;
}
interface Probe {
  readonly main: {
    readonly defaults_netlink: Readonly<Record<Mode, Readonly<Record<string, number>>>>;
    readonly netlink_attribute_numbers: Readonly<Record<string, number>>;
    readonly netlink_attribute_lengths: Readonly<Record<string, number>>;
    readonly sysfs_permissions: Readonly<Record<string, string>>;
    readonly values_sysfs: Readonly<Record<string, readonly Answer[]>>;
    readonly values_netlink: Readonly<Record<string, readonly Answer[]>>;
    readonly mode_and_state_matrix: Readonly<
      Record<string, { netlink?: Readonly<Record<string, Readonly<Record<string, unknown>>>> }>
    >;
  };
}

describe("the table", () => {
  test("has every option of the driver once", () => {
    expect(optionNames).toHaveLength(36);
    expect([...applyOrder].sort()).toEqual([...optionNames].sort());
  });

  test("every default is a value of its own option, and names that rows refer to exist", () => {
    for (const name of optionNames) {
      const row = optionRow(name);
      if (row.kind !== "port" && row.kind !== "list")
        expect(parseOption(name, String(row.default)), name).toMatchObject({ ok: true });
      for (const other of [...(row.excludes ?? []), ...(row.requires ?? [])]) expect(optionNames).toContain(other);
    }
  });

  test("attribute numbers are unique in each scope", () => {
    const numbers = optionNames.map((name) => `${optionRow(name).scope} ${optionRow(name).netlink.attribute}`);
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  test("num_grat_arp and num_unsol_na are spellings of num_peer_notif", () => {
    expect([
      optionNamed("num_grat_arp"),
      optionNamed("num_unsol_na"),
      optionNamed("miimon"),
      optionNamed("toString"),
    ]).toEqual(["num_peer_notif", "num_peer_notif", "miimon", undefined]);
  });
});

describe.skipIf(probeMissing)(`what the kernel answered${probeMissing ? ` (skipped: ${probeMissing})` : ""}`, () => {
  const probe = (): Probe["main"] => (JSON.parse(readFileSync(probePath, "utf8")) as Probe).main;

  test("the same defaults in every mode", () => {
    for (const [mode, answers] of Object.entries(probe().defaults_netlink))
      for (const [option, answer] of Object.entries(answers)) {
        const row = optionRow(option as OptionName);
        if (row === undefined || typeof answer !== "number") continue;
        const ours =
          row.kind === "choice"
            ? row.choices[row.default]
            : ((row.kind === "int" ? row.defaultIn?.[mode as Mode] : undefined) ?? row.default);
        // mode's own read-back is the mode that was asked for.
        expect(option === "mode" ? modes[mode as Mode] : ours, `${option} in ${mode}`).toBe(answer);
      }
  });

  test("the same attribute numbers and widths", () => {
    const { netlink_attribute_numbers: numbers, netlink_attribute_lengths: lengths } = probe();
    const bytes: Readonly<Record<string, number>> = { u8: 1, u16: 2, u32: 4, s32: 4, ifindex: 4, mac: 6 };
    for (const [option, number] of Object.entries(numbers)) {
      const row = optionRow(option as OptionName);
      if (row === undefined) continue;
      expect(row.netlink.attribute, option).toBe(number);
      if (bytes[row.netlink.type] !== undefined) expect(bytes[row.netlink.type], option).toBe(lengths[option]);
    }
  });

  test("the same files in sysfs", () => {
    const files = Object.entries(probe().sysfs_permissions)
      .filter(([, mode]) => mode === "0o644")
      .map(([file]) => file);
    const ours = optionNames.map((name) => optionRow(name).sysfs).filter((file) => file !== null);
    // `slaves` is a command, and num_unsol_na the second name of num_grat_arp.
    expect([...ours].sort()).toEqual(files.filter((file) => file !== "slaves" && file !== "num_unsol_na").sort());
  });

  test("every option is taken in exactly the modes the table says, and refused in the states it says", () => {
    let checked = 0;
    for (const [asked, by] of Object.entries(probe().mode_and_state_matrix)) {
      const name = asked.split(/[ =(]/)[0] as OptionName;
      const states = by.netlink;
      if (states === undefined || optionRow(name) === undefined || Object.keys(states).length === 0) continue;
      const row = optionRow(name);
      // A kernel older than the attribute takes it without a word and does nothing.
      if (name === "broadcast_neighbor" || name === "lacp_strict" || row.needs.includes("enslaved")) continue;
      const answered = (state: string, errno: string): readonly string[] => {
        const found = Object.entries(states[state] ?? {}).find(([answer]) => answer.startsWith(errno))?.[1];
        return found === "all modes" ? Object.keys(modes) : ((found as readonly string[] | undefined) ?? []);
      };
      const refused = Object.keys(modes).filter((mode) => !allowedIn(name, mode as Mode));
      expect([...answered("down-empty", "EACCES")].sort(), name).toEqual(refused.sort());
      expect(answered("up-empty", "EBUSY").length > 0, `${name} while up`).toBe(row.needs.includes("bond-down"));
      expect(answered("down-slaves", "ENOTEMPTY").length > 0, `${name} with ports`).toBe(
        row.needs.includes("no-ports"),
      );
      checked++;
    }
    expect(checked).toBeGreaterThan(25);
  });

  test("every text is taken or refused as by sysfs, and means the same", () => {
    for (const [file, answers] of Object.entries(probe().values_sysfs)) {
      const name = optionNamed(file);
      // Lists are written one signed address at a time there; ports and queues name interfaces of the probe.
      if (name === undefined || ["list", "port"].includes(optionRow(name).kind) || name === "queue_id") continue;
      for (const { value, err, readback } of answers) {
        if (knowinglyDifferent(name, String(value))) continue;
        const read = parseOption(name, String(value));
        expect(read.ok, `${file} ${JSON.stringify(value)}`).toBe(err === 0);
        if (!read.ok || optionRow(name).kind === "int") continue;
        const [word, number] = String(readback).split(" ");
        const said = formatOption(name, read.value);
        expect([word, number], `${file} ${JSON.stringify(value)}`).toContain(said);
      }
    }
  });

  test("every number is taken or refused as by netlink", () => {
    for (const [option, answers] of Object.entries(probe().values_netlink)) {
      const row = optionRow(option as OptionName);
      if (row === undefined || row.kind === "port") continue;
      for (const { value, err, readback } of answers) {
        if (readback === "absent" || knowinglyDifferent(option as OptionName, String(value))) continue;
        expect(parseOption(option as OptionName, String(value)).ok, `${option} ${value}`).toBe(err === 0);
      }
    }
  });
});

/** Where the table is newer than the probed 6.1, or kinder than the kernel. */
function knowinglyDifferent(name: OptionName, value: string): boolean {
  return (
    (name === "ad_select" && /^(3|actor_port_prio)$/.test(value)) ||
    (name === "peer_notif_delay" && value === "default")
  );
}

describe("values", () => {
  test.each([
    ["mode", "1", "active-backup"],
    ["xmit_hash_policy", "1", "layer3+4"],
    ["miimon", " 100 ", 100],
    ["lacp_active", "on", 1],
    ["prio", "-10", -10],
    ["arp_ip_target", "192.0.2.1, 192.0.2.2", ["192.0.2.1", "192.0.2.2"]],
    ["ns_ip6_target", "2001:DB8:0:0::1", ["2001:db8::1"]],
    ["ad_actor_system", "02:00:00:00:00:AB", "02:00:00:00:00:ab"],
    ["primary", "eth0", "eth0"],
  ] as const)("%s %j is %j", (name, text, value) => {
    expect(parseOption(name, text)).toEqual({ ok: true, value });
  });

  test("a unit in a bare number is answered with the number", () => {
    expect(parseOption("updelay", "5s")).toMatchObject({
      ok: false,
      error: { hint: "Write 5000, a bare number of ms." },
    });
  });

  test("a word in the wrong case is answered with the right one", () => {
    expect(parseOption("mode", "Active_Backup")).toMatchObject({ ok: false, error: { hint: "Write active-backup." } });
  });
});

describe("conflicts", () => {
  test("both monitors are one finding", () => {
    const found = conflictsIn({ mode: "active-backup", miimon: 100, arp_interval: 250 });
    expect(found.map((conflict) => [conflict.kind, conflict.option, conflict.other])).toEqual([
      ["excludes", "miimon", "arp_interval"],
    ]);
  });

  test("updelay needs miimon, primary needs a mode that has one", () => {
    expect(conflictsIn({ updelay: 200, primary: "eth0" }).map((conflict) => [conflict.kind, conflict.option])).toEqual([
      ["not-in-mode", "primary"],
      ["requires", "updelay"],
    ]);
  });

  test("the default mode is the caller's", () => {
    expect(conflictsIn({ primary: "eth0" }, "active-backup")).toEqual([]);
    expect(allowedIn("lacp_rate", "802.3ad")).toBe(true);
    expect(Object.keys(bondOptions)).toContain("lacp_rate");
  });
});
