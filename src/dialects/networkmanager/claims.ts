import type { Device } from "./devices.ts";
import type { Reading } from "./read-profile.ts";

/* What NetworkManager gives a profile that it makes by itself for a cable nobody has set up ("Wired connection 1"), and takes only where
 * there is no other. Source: nm-manager.c, default_wired; NM_SETTING_CONNECTION_AUTOCONNECT_PRIORITY_MIN. */
const ofItsOwn = -999;

/** Of several profiles for one device NetworkManager activates one: a port that its controller pulls in, else the highest
 *  autoconnect-priority, else the one used last. The others are reported and left out.
 *  Source: nm_settings_connection_cmp_autoconnect_priority(), autoconnect_slaves(). */
export function withoutRivals(devices: readonly Device[], reading: Reading): readonly Device[] {
  const byName = new Map<string, Device[]>();
  for (const device of devices) {
    const rivals = byName.get(device.name);
    if (rivals === undefined) byName.set(device.name, [device]);
    else rivals.push(device);
  }
  const winners = new Set<Device>();
  for (const rivals of byName.values()) {
    const order = rivals.toSorted(compare);
    const [winner, ...rest] = order;
    if (winner === undefined) continue;
    winners.add(winner);
    for (const loser of rest) if (loser.priority > ofItsOwn) tellLoser(reading, winner, loser);
  }
  return devices.filter((device) => winners.has(device));
}

function compare(one: Device, other: Device): number {
  return (
    Number(other.isPulled) - Number(one.isPulled) ||
    Number(other.autoconnect) - Number(one.autoconnect) ||
    other.priority - one.priority ||
    other.timestamp - one.timestamp
  );
}

function tellLoser(reading: Reading, winner: Device, loser: Device): void {
  const why = reasonFor(winner, loser);
  reading.diagnostics.push({
    code: "networkmanager-device-claimed-twice",
    severity: "warning",
    message: `${loser.name}: two profiles are for it, ${quoted(winner)} and ${quoted(loser)}; ${why}`,
    hint: "Remove one, or give the one that is meant a higher autoconnect-priority.",
    at: loser.profile.at,
    also: [{ at: winner.profile.at, note: "this one is taken here" }],
  });
}

function quoted({ profile }: Device): string {
  return `"${profile.id.slice(0, 60).replace(/[\p{C}"]/gu, "?")}"`;
}

function reasonFor(winner: Device, loser: Device): string {
  if (winner.isPulled !== loser.isPulled) return "the first is taken, because its bond or bridge brings up its ports";
  if (winner.autoconnect !== loser.autoconnect)
    return "the first is taken, because the other is brought up by hand only";
  if (winner.priority !== loser.priority) return "the first is taken for its autoconnect-priority";
  return "NetworkManager takes the one that was used last, and nothing here says which that is";
}
