import type { Situation } from "./backend.ts";
import type { Change } from "./change.ts";

/** A change in a line, for lists: "bond0: miimon 100 → 50; wlan0 joins". */
export function saySummary({ bonds, merged }: Situation, { files }: Change): string {
  const parts = [...bonds].map(([name, { turn, readdressing }]) => {
    const said: string[] = [];
    if (turn.kind === "rebuild") {
      const ports = merged.wanted.bonds.find((bond) => bond.name === name)?.ports ?? [];
      const isNew = !merged.before.bonds.some((bond) => bond.name === name);
      said.push(`${isNew ? "new" : "made anew"}, of ${ports.join(" and ")}`);
    }
    if (turn.kind === "live") {
      for (const { option, was, value } of turn.set) said.push(`${option} ${was || "(none)"} → ${value || "(none)"}`);
      for (const port of turn.leave) said.push(`${port} leaves`);
      for (const port of turn.join) said.push(`${port} joins`);
    }
    if (turn.kind !== "rebuild" && readdressing.kind !== "same") said.push("other addresses or routes");
    return said.length === 0 ? undefined : `${name}: ${said.join(", ")}`;
  });
  const told = parts.filter((part) => part !== undefined);
  if (told.length > 0) return told.join("; ");
  if (files.length === 0) return "nothing to do";
  return `files only: ${files.map(({ path }) => path).join(", ")}`;
}
