const csi = "\u001b[";
/** The alternate screen, without a cursor; what is pasted comes marked as such. */
export const enterScreen = `${csi}?1049h${csi}?25l${csi}?2004h`;
/** The terminal as it was. */
export const leaveScreen = `${csi}?2004l${csi}?25h${csi}?1049l`;
/** Terminals that know it show what comes between the two at once; the others skip it. */
const begin = `${csi}?2026h`;
const end = `${csi}?2026l`;

/** What to write so that a screen shows these lines: only those that changed are touched, each wiped behind its end, so nothing flickers and a
 *  slow line carries little. `before` undefined: what the screen shows isn't known, and it is wiped whole. */
export function drawLines(before: readonly string[] | undefined, lines: readonly string[]): string {
  const known = before ?? [];
  const changed = Array.from({ length: Math.max(known.length, lines.length) }, (_, at) => {
    const line = lines[at] ?? "";
    return line === (known[at] ?? "") ? "" : `${csi}${at + 1};1H${line}${csi}K`;
  }).join("");
  if (before !== undefined && changed === "") return "";
  return `${begin}${before === undefined ? `${csi}2J` : ""}${changed}${end}`;
}
