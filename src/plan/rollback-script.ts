import type { Step } from "./change.ts";
import { patienceSeconds } from "./how-long-back.ts";
import { besideName, type FileRecord, type ImageRecord, type Manifest } from "./protocol.ts";
import { rollbackScriptBody } from "./rollback-script-body.ts";
import { shellQuote as q } from "./shell-quote.ts";

/** The text of a transaction's rollback.sh: all that is needed to go back, in a file that needs nothing of ours. A shell, cp,
 *  mv, rm, ln, chmod, chown and sync are enough; sha256sum, flock, timeout, setfattr and logger are used where they are.
 *  `--now`, `--timer N`, or `--boot` while the host starts. Status 0: back, or confirmed; 1: somebody must look. */
export function rollbackScript(
  manifest: Manifest,
  { state, run }: { readonly state: string; readonly run: string },
): string {
  const { id, summary, files } = manifest;
  const directories = [...new Set(files.map(({ path }) => parentOf(path)))];
  const watched = manifest.watched.map(({ path }) => path);
  return [
    "#!/bin/sh",
    "# Puts this host's network back as it was. May be run at any time, any number of times.",
    `id=${q(id)} state=${q(state)} tx=${q(`${state}/${id}`)} run=${q(run)}`,
    `summary=${q(oneLine(summary))}`,
    `patience=${patienceSeconds(manifest)}`,
    parameters,
    rollbackScriptBody,
    ...functionOf("attributes_of", attributes(files)),
    ...functionOf("restore_files", [
      ...files.map(restoreLine),
      ...manifest.watched.flatMap(watchLines),
      ...[...new Set([...directories, ...watched])].map((path) => `[ ! -d ${q(path)} ] || flush ${q(path)}`),
    ]),
    ...functionOf("reach_host", manifest.restore.filter(({ beforeFiles }) => beforeFiles).map(stepLine)),
    ...functionOf("restore_host", manifest.restore.filter(({ beforeFiles }) => !beforeFiles).map(stepLine)),
    ...functionOf("restore_at_boot", manifest.atBoot.map(stepLine)),
    ...functionOf("restore_in_emergency", manifest.emergency.map(stepLine)),
    ...functionOf("tidy", tidyLines(manifest, directories)),
    ending,
  ].join("\n");
}

const parameters = `mode=\${1:---now} number=\${2:-0}`;

/** One thing at a time, and nothing is read from this file any more once `main` runs: it may move. */
const ending = `
main() {
  decide
  take_lock
  [ -d "$tx" ] || exit 0
  if [ ! -e "$tx/90-ROLLED_BACK" ]; then
    # A disk takes its time; a host that nobody reaches has none.
    if [ "$mode" = --boot ]; then count_try; else reach_host; fi
    flush "$tx"
    restore_files
    if [ "$mode" = --boot ]; then
      restore_at_boot
    else
      if [ $problems -eq 0 ]; then restore_host; fi
      if [ $problems -gt 0 ] || [ $failed -gt 0 ]; then restore_in_emergency; fi
    fi
    if [ $problems -gt 0 ] || ! mv -f "$tx/.90-ROLLED_BACK" "$tx/90-ROLLED_BACK"; then
      say "$id could not be put back completely: see $tx/rollback.log"
      rm -f "$run/tx.owner"
      exit 1
    fi
    say "$id is rolled back"
  fi
  flush "$tx"
  tidy
  rm -f "$run/tx.owner"
  if [ "$(cd -P "$state/active" 2>/dev/null && pwd -P)" = "$(cd -P "$tx" && pwd -P)" ]; then rm -f "$state/active"; fi
  flush "$state"
  mkdir -p "$state/history" && [ ! -e "$state/history/$id" ] && mv "$tx" "$state/history/$id" && flush "$state/history" "$state"
  exit 0
}

main
`;

function functionOf(name: string, lines: readonly string[]): readonly string[] {
  return ["", `${name}() {`, ...(lines.length === 0 ? [":"] : lines).map(indented), "}"];
}

/** The first line alone: what follows it is somebody's text. */
function indented(line: string): string {
  return `  ${line}`;
}

const nobodysHash = "-";

function restoreLine({ path, before, after }: FileRecord, index: number): string {
  const newHash = after?.sha256 ?? nobodysHash;
  if (before === null) return `take_away ${index} ${q(path)} ${newHash}`;
  const { sha256, uid, gid, mode } = before;
  return `put_back ${index} ${q(path)} ${sha256} ${uid}:${gid} ${octal(mode)} ${newHash}`;
}

/** What of a watched directory wasn't there before, the guarded command put there. */
function watchLines({ path, names }: Manifest["watched"][number]): readonly string[] {
  const known = names.length === 0 ? [] : [`${names.map(q).join("|")}) continue ;;`];
  return [
    `for f in ${q(path)}/* ${q(path)}/.[!.]* ${q(path)}/..?*; do`,
    '  [ -f "$f" ] && [ ! -L "$f" ] || continue',
    `  case "\${f##*/}" in`,
    '    *".hf-$id-"*) continue ;;',
    ...known.map((line) => `    ${line}`),
    "  esac",
    '  keep "$f" extra',
    '  rm -f "$f" || problem "$f could not be removed"',
    "done",
  ];
}

/** `attributes_of N FILE`: labels and such like, where setfattr can set them. */
function attributes(files: readonly FileRecord[]): readonly string[] {
  const cases = files.flatMap(({ before }, index) => {
    const lines = Object.entries((before as ImageRecord | null)?.attributes ?? {}).map(
      ([name, value]) => `setfattr -n ${q(name)} -v ${q(`0s${value}`)} "$2" || true`,
    );
    return lines.length === 0 ? [] : [`  ${index}) ${lines.join("; ")} ;;`];
  });
  if (cases.length === 0) return [];
  return ["has setfattr || return 0", 'case "$1" in', ...cases, "esac"];
}

function stepLine({ argv, stdin, limitSeconds, why }: Step): string {
  const words = [Math.max(1, Math.ceil(limitSeconds)), q(oneLine(why)), ...argv.map(q)].join(" ");
  if (stdin === undefined) return `step ${words} </dev/null`;
  // No pipe: what fails at its end would be counted in a shell of its own.
  const lines = stdin.endsWith("\n") ? stdin : `${stdin}\n`;
  return `step ${words} <<'${endOf(lines)}'\n${lines}${endOf(lines)}`;
}

/** A word that is no line of the text. */
function endOf(text: string): string {
  const lines = new Set(text.split("\n"));
  let word = "END";
  while (lines.has(word)) word += "_";
  return word;
}

function tidyLines({ id, files, directories }: Manifest, parents: readonly string[]): readonly string[] {
  const beside = files.flatMap(({ path }) =>
    (["new", "old", "tmp"] as const).map((which) => `${parentOf(path)}/${besideName(nameOf(path), id, which)}`),
  );
  return [
    ...beside.map((path) => `rm -f ${q(path)}`),
    ...parents.map((path) => `[ ! -d ${q(path)} ] || flush ${q(path)}`),
    ...directories.toReversed().map((path) => `rmdir ${q(path)} 2>/dev/null`),
    ...[...new Set(directories.map(parentOf))].map((path) => `[ ! -d ${q(path)} ] || flush ${q(path)}`),
  ];
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
