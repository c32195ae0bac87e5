import type { Rehearsal } from "../measure/rehearsal.ts";

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
      events: each.events.map((event) => ({ ...event, text: redact(event.text) })),
    })),
  };
}
