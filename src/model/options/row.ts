/** Bonding modes by the kernel's name, with the number it answers to. Source: if_bonding.h. */
export const modes = {
  "balance-rr": 0,
  "active-backup": 1,
  "balance-xor": 2,
  broadcast: 3,
  "802.3ad": 4,
  "balance-tlb": 5,
  "balance-alb": 6,
} as const;

export type Mode = keyof typeof modes;

/** What must hold on the bond (or the port) at the moment an option is written; the kernel refuses otherwise.
 *  bond-down: EBUSY while up. no-ports: ENOTEMPTY once a port has joined. enslaved, port-up: the named port is a port, has link. */
export type Need = "bond-down" | "no-ports" | "enslaved" | "port-up";

interface RowBase {
  /** Set on the bond, or on each port by itself. */
  readonly scope: "bond" | "port";
  /** Modes in which the kernel takes the option; elsewhere EACCES. */
  readonly modes: readonly Mode[];
  /** Modes in which it does something, where that is fewer. */
  readonly effectiveModes?: readonly Mode[];
  readonly needs: readonly Need[];
  /** Options that must be above zero already, or the write fails with EPERM (even a write of 0). */
  readonly requires?: readonly string[];
  /** Options that may not be above zero (or other than none) at the same time: the later write silently wins, one message is refused. */
  readonly excludes?: readonly string[];
  /** First kernel that has it, "2.6" for before the history in git; back-ports exist, so ask the kernel, not its version. */
  readonly since: string;
  /** First kernel that no longer takes anything but the default. */
  readonly fixedSince?: string;
  /** Attribute number in IFLA_INFO_DATA (bond) or IFLA_INFO_SLAVE_DATA (port), and its encoding. */
  readonly netlink: {
    readonly attribute: number;
    readonly type: "u8" | "u16" | "u32" | "s32" | "ifindex" | "ipv4s" | "ipv6s" | "mac";
  };
  /** File under /sys/class/net/BOND/bonding/; null where only netlink reaches it. */
  readonly sysfs: string | null;
  /** One sentence for people: what it does. */
  readonly about: string;
  readonly source: string;
}

/** A whole number in a unit. */
export interface IntRow extends RowBase {
  readonly kind: "int";
  readonly unit: "ms" | "s" | "count" | "packets" | "intervals" | "none";
  readonly min: number;
  readonly max: number;
  readonly default: number;
  /** Where entering a mode changes the default. */
  readonly defaultIn?: Readonly<Partial<Record<Mode, number>>>;
  /** Other kernel names of the same value. */
  readonly aliases?: readonly string[];
  /** Stored in whole multiples of this option, rounded down. */
  readonly multipleOf?: string;
}

/** One of a few words, each with the number the kernel also takes. */
export interface ChoiceRow extends RowBase {
  readonly kind: "choice";
  readonly choices: Readonly<Record<string, number>>;
  readonly default: string;
  /** Words younger than the option itself. */
  readonly choiceSince?: Readonly<Record<string, string>>;
}

/** Off or on, as 0 or 1 in the model; the kernel takes the words too. */
export interface FlagRow extends RowBase {
  readonly kind: "flag";
  readonly default: 0 | 1;
}

/** Addresses, in order, no duplicates. */
export interface ListRow extends RowBase {
  readonly kind: "list";
  readonly items: "ipv4" | "ipv6";
  readonly maxItems: number;
  readonly default: readonly string[];
}

/** A MAC address, lower case with colons. */
export interface MacRow extends RowBase {
  readonly kind: "mac";
  readonly default: string;
}

/** The name of a port of the bond. */
export interface PortRow extends RowBase {
  readonly kind: "port";
  readonly default: null;
}

/** One row of the table: mirrors one entry of the kernel's bond_opts[]. */
export type OptionRow = IntRow | ChoiceRow | FlagRow | ListRow | MacRow | PortRow;

/** Every mode, for options the kernel takes anywhere. */
export const everyMode = [
  "balance-rr",
  "active-backup",
  "balance-xor",
  "broadcast",
  "802.3ad",
  "balance-tlb",
  "balance-alb",
] as const;

/** Modes with one active port (or one receiving port): where a primary means something. */
export const primaryModes = ["active-backup", "balance-tlb", "balance-alb"] as const;

/** Modes the ARP monitor works in. */
export const arpModes = ["balance-rr", "active-backup", "balance-xor", "broadcast"] as const;

/** Link aggregation by LACP. */
export const lacpModes = ["802.3ad"] as const;

/** The largest number the kernel takes where it sets no bound of its own (INT_MAX). */
export const intMax = 2_147_483_647;
