import type { DoctorCheck } from "../../api/types.ts";
import type { TextStyle } from "../../diagnostic/text-style.ts";
import { wrap } from "../../diagnostic/wrap.ts";

const marks = {
  fine: { word: "ok     ", role: "hint" },
  reduced: { word: "reduced", role: "warning" },
  missing: { word: "missing", role: "error" },
} as const satisfies Record<DoctorCheck["state"], unknown>;

const titles = { lab: "For rehearsals", host: "For a bond on this host" } as const;

/** What was found, for people: by what it is needed for, with what mends it. */
export function sayChecks(checks: readonly DoctorCheck[], { columns, paint }: TextStyle): string {
  const width = Math.min(columns, 100) - 11;
  const lines = (["lab", "host"] as const).flatMap((area) => {
    const own = checks.filter((one) => one.area === area);
    if (own.length === 0) return [];
    const rows = own.flatMap(({ state, about, hint }) => {
      const [first = "", ...rest] = wrap(about, width);
      const { word, role } = marks[state];
      const how =
        hint === undefined ? [] : wrap(hint, width - 2).map((line, at) => (at === 0 ? `→ ${line}` : `  ${line}`));
      return [`  ${paint(role, word)}  ${first}`, ...[...rest, ...how].map((line) => `           ${line}`)];
    });
    return [paint("strong", titles[area]), ...rows];
  });
  return `${lines.join("\n")}\n`;
}
