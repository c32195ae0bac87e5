// Puts what the program prints into README.md: after `<!-- run: COMMAND -->` the next fenced block becomes the
// command and its output. --check changes nothing and says which blocks no longer tell the truth. Blocks marked
// `run-lab:` boot kernels: they are written with --lab, and not checked.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const path = join(root, "README.md");
const check = process.argv.includes("--check");
const kinds = process.argv.includes("--lab") ? "run|run-lab" : "run";

/** Output as a terminal of 100 columns without colours would show it. */
function outputOf(command) {
  const env = { ...process.env, PATH: `${join(root, "bin")}:${process.env.PATH}`, NO_COLOR: "1", COLUMNS: "100" };
  const { stdout, stderr } = spawnSync("sh", ["-c", command], { cwd: root, env, encoding: "utf8" });
  return (stdout + stderr).replaceAll(/[ \t]+$/gm, "").trimEnd();
}

const block = new RegExp(`(<!-- (?:${kinds}): (.+?) -->\n)\`\`\`console\n(?:[^\`][^\n]*\n|\n)*\`\`\`$`, "gm");
const before = readFileSync(path, "utf8");
const after = before.replaceAll(
  block,
  (_all, mark, command) => `${mark}\`\`\`console\n$ ${command}\n${outputOf(command)}\n\`\`\``,
);
if (after !== before && check) {
  console.error("README.md shows what the program no longer prints: run npm run readme");
  process.exitCode = 1;
} else if (after !== before) {
  writeFileSync(path, after);
}
