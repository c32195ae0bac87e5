import type { DoctorCheck } from "../../api/types.ts";

/** What decides on what this process may do: /proc's own texts, and whether PID 1 keeps timers. */
export interface RightsSeen {
  /** /proc/self/status */
  readonly status: string;
  /** /proc/meminfo */
  readonly memory: string;
  /** systemd is process 1. */
  readonly hasSystemd: boolean;
  /** Something at boot takes back what nobody confirmed: holdfast-recover. */
  readonly hasRecover: boolean;
  /** What installs it; absent: it is there, and not enabled. */
  readonly install?: string | undefined;
}

/* Source: linux/capability.h. */
const CAP_NET_ADMIN = 12n;
const CAP_NET_RAW = 13n;

/** A guest of the lab has 256 MiB at most, and Node around it. */
const leastMemoryKb = 400 * 1024;

/** What this user may do here, and what the machine has for it. */
export function rightsChecks(seen: RightsSeen): readonly DoctorCheck[] {
  const { status, memory } = seen;
  const user = Number(/^Uid:\s+\d+\s+(\d+)/m.exec(status)?.[1] ?? "-1");
  const capabilities = BigInt(`0x${/^CapEff:\s+([0-9a-f]+)/m.exec(status)?.[1] ?? "0"}`);
  const may = (capability: bigint): boolean => (capabilities >> capability) % 2n === 1n;
  return [rightsCheck(user, may(CAP_NET_ADMIN) && may(CAP_NET_RAW)), wayBackCheck(seen), memoryCheck(memory)];
}

/** Of an init that `make install` doesn't know. */
const byHand = "Have this init take it back, before it brings up the network: deploy/README.md says how.";

function wayBackCheck({ hasSystemd, hasRecover, install }: RightsSeen): DoctorCheck {
  const id = "way-back";
  const who = hasSystemd
    ? "systemd keeps the timers that undo a change nobody confirms"
    : "systemd is not process 1: a process of its own undoes a change nobody confirms";
  if (hasRecover) return { id, state: "fine", about: `${who}; a reboot takes it back, too` };
  return {
    id,
    state: "reduced",
    about: `${who}; but a reboot before it was confirmed would make it permanent, for holdfast-recover isn't ${install === undefined ? "enabled" : "installed"}`,
    hint: install !== undefined ? `Run ${install}` : hasSystemd ? "Run sudo systemctl enable holdfast-recover" : byHand,
  };
}

function rightsCheck(user: number, hasPowers: boolean): DoctorCheck {
  const id = "rights";
  if (user !== 0) {
    const about = "not root: init, check, rehearse and audit need no rights; apply, drill and the agent do";
    return { id, state: "fine", about };
  }
  if (hasPowers) return { id, state: "fine", about: "root, with the power to change the network" };
  const about = "root without CAP_NET_ADMIN and CAP_NET_RAW, as in a container: the network can't be changed from here";
  return {
    id,
    state: "reduced",
    about,
    hint: "Run apply, drill and the agent on the host itself; the rest works here.",
  };
}

function memoryCheck(text: string): DoctorCheck {
  const id = "memory";
  const free = Number(/^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1] ?? Number.NaN);
  if (Number.isNaN(free)) {
    const about = "it isn't known how much memory is free";
    return { id, state: "reduced", about, hint: "A rehearsal wants 400 MiB: free -m tells, once /proc can be read." };
  }
  const about = `${Math.round(free / 1024)} MiB of memory are free`;
  if (free >= leastMemoryKb) return { id, state: "fine", about };
  return {
    id,
    state: "reduced",
    about,
    hint: "A rehearsal wants 400: rehearse on another machine, or one scenario at a time.",
  };
}
