import type { Rehearsal } from "../measure/rehearsal.ts";
import type { Sight } from "../measure/sight.ts";

/** A rehearsal whose texts went through a redaction: what the manager printed, what the kernel logged, reasons, faults.
 *  Numbers and ids stay as they are. */
export function redactRehearsal(rehearsal: Rehearsal, redact: (text: string) => string): Rehearsal {
  const { hung } = rehearsal.bringUp;
  return {
    ...rehearsal,
    subject: redact(rehearsal.subject),
    bringUp: {
      ...rehearsal.bringUp,
      output: redact(rehearsal.bringUp.output),
      ...(hung === undefined ? {} : { hung: { ...hung, command: redact(hung.command) } }),
    },
    notes: rehearsal.notes.map(redact),
    scenarios: rehearsal.scenarios.map((each) => ({
      ...each,
      fault: redact(each.fault),
      ...(each.reason === undefined ? {} : { reason: redact(each.reason) }),
      ...(each.ssh?.trouble === undefined ? {} : { ssh: { ...each.ssh, trouble: redact(each.ssh.trouble) } }),
      ...(each.sights === undefined ? {} : { sights: each.sights.map((sight) => sightWithout(sight, redact)) }),
      events: each.events.map((event) => ({ ...event, text: redact(event.text) })),
    })),
  };
}

/** The names of networks are what others have chosen. */
function sightWithout(sight: Sight, redact: (text: string) => string): Sight {
  const links = sight.links.map((link) => (link.ssid === undefined ? link : { ...link, ssid: redact(link.ssid) }));
  return { ...sight, links };
}
