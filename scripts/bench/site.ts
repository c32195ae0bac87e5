import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configurations, dialects } from "./round-trips.ts";

/** Writes so many random hosts below a folder, each as another dialect spells it, and tells what `check` is to be given for them: a
 *  host's root, or the script where the dialect is one. */
export function writeSite(folder: string, count: number, seed: number): readonly { dialect: string; path: string }[] {
  return configurations(count, seed).map((config, index) => {
    const dialect = dialects[index % dialects.length];
    if (dialect === undefined) throw new Error("no dialects");
    const root = join(folder, `h${index}`);
    const written = [...dialect.render(config).files];
    for (const [path, text] of written) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const script = dialect.name === "iproute2" ? (written[0]?.[0] ?? "") : "";
    return { dialect: dialect.name, path: join(root, script) };
  });
}
