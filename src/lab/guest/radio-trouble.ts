import { close, O_CLOEXEC, O_NONBLOCK, O_RDONLY, open } from "../../host/linux/libc.ts";
import type { RadioTrouble } from "../../measure/rehearsal.ts";
import { accessPoints, isOffered } from "./access-points.ts";
import { readKernelLog } from "./kernel-log.ts";
import type { Network } from "./network.ts";

/** Why a radio of the host's hasn't joined its network, as the kernel recorded it, whatever program tried. */
export function radioTrouble({ plan }: Network, dev: string): RadioTrouble {
  const own = plan.wires.find(({ a }) => a.node === "host" && a.dev === dev)?.b;
  const point = accessPoints(plan).find(({ end }) => end.node === own?.node && end.dev === own.dev);
  if (point !== undefined && !isOffered(point)) return "not-offered";
  const fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
  if (fd < 0) return "not-found";
  const lines = readKernelLog({ fd, offsetNs: 0n }).map(({ text }) => text);
  close(fd);
  return troubleIn(lines, dev);
}

/** The same from the kernel's lines. Where it met with several troubles, the last. Source: net/mac80211/mlme.c (6.1). */
export function troubleIn(lines: readonly string[], dev: string): RadioTrouble {
  let trouble: RadioTrouble = "not-found";
  let rounds = 0;
  for (const line of lines) {
    if (!line.startsWith(`${dev}: `)) continue;
    if (/: send auth to /.test(line)) rounds += 1;
    // SAE asks twice: whoever is let into the second round and fails there has another key.
    else if (/ denied authentication /.test(line)) trouble = rounds > 1 ? "wrong-key" : "refused";
    else if (/ denied association /.test(line)) trouble = "refused";
    // The four-way handshake proves the key of WPA2; the access point ends it one way or the other.
    else if (/: deauthenticated from .*\(Reason: (?:2|15)=/.test(line)) trouble = "wrong-key";
    else if (/: (?:authentication|association) with .* timed out/.test(line)) trouble = "no-answer";
    else continue;
    if (!/: send auth to /.test(line)) rounds = 0;
  }
  return trouble;
}
