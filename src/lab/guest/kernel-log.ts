import { writeFileSync } from "node:fs";
import { close, lseek, monotonicNs, must, O_CLOEXEC, O_NONBLOCK, O_RDONLY, open, read } from "../../host/linux/libc.ts";

/** The kernel's own record, read record by record. Its stamps are brought to the monotonic clock. */
export interface KernelLog {
  readonly fd: number;
  /** What to add to a stamp (µs) for monotonic time, ns. */
  readonly offsetNs: bigint;
}

export interface KernelLine {
  readonly atNs: bigint;
  readonly text: string;
}

const SEEK_END = 2;
const MARK = "holdfast: clock mark";
const record = Buffer.allocUnsafeSlow(9000);

/** Opens the log at its end and finds out how its clock stands to ours, by a line of our own. */
export function openKernelLog(): KernelLog {
  const fd = must(open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0), "the kernel log");
  lseek(fd, 0, SEEK_END);
  const before = monotonicNs();
  writeFileSync("/dev/kmsg", `<7>${MARK}`);
  const now = (before + monotonicNs()) / 2n;
  const mark = readKernelLog({ fd, offsetNs: 0n }).find(({ text }) => text.includes(MARK));
  // Without the mark the clocks are taken as one: they share their zero, and drift only on real machines.
  return { fd, offsetNs: mark === undefined ? 0n : now - mark.atNs };
}

/** The lines written since the last call. */
export function readKernelLog(log: KernelLog): readonly KernelLine[] {
  const lines: KernelLine[] = [];
  for (;;) {
    const length = read(log.fd, record, record.length);
    if (length <= 0) return lines;
    const line = parseRecord(record.toString("utf8", 0, length));
    if (line !== undefined) lines.push({ atNs: line.stampNs + log.offsetNs, text: line.text });
  }
}

export function closeKernelLog(log: KernelLog): void {
  close(log.fd);
}

/** "6,1234,5678901,-;text" as /dev/kmsg gives it. Source: Documentation/ABI/testing/dev-kmsg. */
export function parseRecord(raw: string): { readonly stampNs: bigint; readonly text: string } | undefined {
  const found = /^\d+,\d+,(\d+),[^;]*;([^\n]*)/.exec(raw);
  if (found === null) return undefined;
  return { stampNs: BigInt(found[1] ?? "0") * 1000n, text: found[2] ?? "" };
}

/** Which port a line of the kernel makes active in a bond: a name, "" for none, undefined when the line says nothing of it.
 *  Source: the kernel's bond_change_active_slave() and bond_select_active_slave(). */
export function activePortIn(line: string, bond: string): string | undefined {
  if (!line.startsWith(`${bond}: `)) return undefined;
  const made = /^[^:]+: \(slave ([^)]+)\): making interface (?:\S+ )?the new active one/.exec(line);
  if (made !== null) return made[1];
  return line.includes("now running without any active interface") ? "" : undefined;
}

/** Lines worth keeping in a drill's record: those of bonds, and of switch ports that change what they let through. */
export function isTelling(line: string, bonds: readonly string[]): boolean {
  return bonds.some((bond) => line.startsWith(`${bond}: `)) || /: port \d+\([^)]*\) entered \w+ state/.test(line);
}
