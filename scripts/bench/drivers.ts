import { agentPlan } from "../../src/agent/plan.ts";
import { parseHoldfast } from "../../src/config/parse-holdfast.ts";
import type { AgentJob, BringUp } from "../../src/lab/guest/job.ts";
import { kernelPeriodMs } from "../../src/lab/guest/phase.ts";
import type { Tuning } from "../../src/watch/tuning.ts";
import { bondByHand } from "../../test/lab/two-switches.ts";

/** What can move a host's traffic from one port to the other, set up as its own manual says. */
export interface Driver {
  readonly id: string;
  /** As the table names it. */
  readonly name: string;
  readonly bringUp: BringUp;
  readonly agent?: AgentJob;
  /** Debian packages it needs in the lab, beside iproute2. */
  readonly packages?: readonly string[];
  /** How often it looks, ms: faults are spread evenly over one such period. */
  readonly periodMs: number;
  /** How long it may take to be back on the primary after the mending, ms: the next fault has to find it there. */
  readonly homeMs: number;
}

const primary = { primary_reselect: "always" };

/** The kernel's ARP monitor, as strict as it can be. */
function arpMonitor(intervalMs: number): Driver {
  const options = { arp_interval: intervalMs, arp_ip_target: "192.168.1.254", arp_validate: "all", ...primary };
  return {
    id: `kernel-arp-${intervalMs}`,
    name: `kernel, ARP monitor ${intervalMs} ms, validate all`,
    bringUp: bondByHand(options),
    periodMs: kernelPeriodMs(intervalMs),
    homeMs: 4 * intervalMs,
  };
}

/** teamd's active-backup runner; the port with the higher prio is the one it returns to. */
function team(id: string, name: string, watch: object, periodMs: number): Driver {
  const config = {
    device: "team0",
    runner: { name: "activebackup" },
    link_watch: watch,
    ports: { em1: { prio: 100 }, em2: { prio: -10 } },
  };
  const commands = [
    ["mkdir", "-p", "/run/teamd"],
    ["teamd", "-d", "-c", JSON.stringify(config)],
    ["ip", "addr", "add", "192.168.1.105/24", "dev", "team0"],
    ["ip", "link", "set", "team0", "up"],
  ];
  const packages = ["libteam-utils"];
  return { id, name, bringUp: { manager: "teamd", commands }, packages, periodMs, homeMs: 4 * periodMs };
}

function arpPing(intervalMs?: number): object {
  const every = intervalMs === undefined ? {} : { interval: intervalMs, missed_max: 3 };
  return { name: "arp_ping", target_host: "192.168.1.254", source_host: "192.168.1.105", ...every };
}

/** What Holdfast is told. */
export const declared = `bond:
  primary: em1
  ports: [em1, em2]
  address: 192.168.1.105/24
  gateway: 192.168.1.254
`;

/** In the lab the way back is taken after ten seconds of calm instead of two minutes; nothing else is changed. */
const labCalm: Partial<Tuning> = { calmMs: 10_000, longestCalmMs: 10_000, dwellMs: 10_000 };

/** Holdfast's agent over a bond with miimon 100: its bundled program, with its own defaults but for the calm before the way back. */
export function holdfast(tuning: Partial<Tuning> = labCalm): Driver {
  const plan = agentPlan(parseHoldfast("holdfast.yaml", declared).config, tuning);
  if (!plan.ok) throw new Error(plan.error.message);
  return {
    id: "holdfast",
    name: "Holdfast's agent",
    bringUp: bondByHand({ miimon: 100, ...primary }),
    agent: { plan: JSON.stringify(plan.value), patienceMs: 150_000 },
    periodMs: plan.value.watch.tuning.activeEveryMs,
    homeMs: 0,
  };
}

/** Every driver, in the order of the table. */
export const drivers: readonly Driver[] = [
  {
    id: "kernel-miimon-100",
    name: "kernel, miimon 100",
    bringUp: bondByHand({ miimon: 100, ...primary }),
    periodMs: kernelPeriodMs(100),
    homeMs: 200,
  },
  arpMonitor(100),
  arpMonitor(250),
  arpMonitor(1000),
  team("teamd-ethtool", "teamd, ethtool", { name: "ethtool" }, 100),
  team("teamd-arp-100", "teamd, arp_ping 100 ms × 3", arpPing(100), 100),
  team("teamd-arp", "teamd, arp_ping as shipped", arpPing(), 1000),
  holdfast(),
];
