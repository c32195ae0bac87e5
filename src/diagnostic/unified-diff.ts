/** How many unchanged lines stand around a change. */
const context = 3;

interface Step {
  readonly sign: " " | "-" | "+";
  readonly line: string;
}

/** The change of one file as `diff -u` and `patch` write it; "" where nothing changes. Long files cost what lies between the first
 *  and the last changed line, squared. */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return "";
  const steps = stepsBetween(linesOf(before), linesOf(after));
  const hunks = hunksOf(steps).map((range) => hunk(steps, range));
  return [`--- a/${name.replace(/^\//, "")}`, `+++ b/${name.replace(/^\//, "")}`, ...hunks.flat(), ""].join("\n");
}

/** A last line without a break is told as diff tells it. */
function linesOf(text: string): readonly string[] {
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  return last === "" ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

/** Common lines, removed ones before added ones. */
function stepsBetween(before: readonly string[], after: readonly string[]): readonly Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const same = (lines: readonly string[]): readonly Step[] => lines.map((line) => ({ sign: " ", line }));
  return [
    ...same(before.slice(0, head)),
    ...middle(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...same(before.slice(before.length - tail)),
  ];
}

/** The longest common subsequence. What is too long for its table is told as replaced whole. */
function middle(before: readonly string[], after: readonly string[]): readonly Step[] {
  const removed = (line: string): Step => ({ sign: "-", line });
  const added = (line: string): Step => ({ sign: "+", line });
  if (before.length * after.length > 4_000_000) return [...before.map(removed), ...after.map(added)];
  const width = after.length + 1;
  const length = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number) => length[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i -= 1)
    for (let j = after.length - 1; j >= 0; j -= 1)
      length[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const steps: Step[] = [];
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    const [old, fresh] = [before[i], after[j]];
    if (old !== undefined && old === fresh) {
      steps.push({ sign: " ", line: old });
      i += 1;
      j += 1;
    } else if (old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))) {
      steps.push(removed(old));
      i += 1;
    } else {
      steps.push(added(fresh ?? ""));
      j += 1;
    }
  }
  return steps;
}

/** Stretches of steps that belong together: changes with their context, near ones in one. */
function hunksOf(steps: readonly Step[]): readonly { readonly from: number; readonly to: number }[] {
  const ranges: { from: number; to: number }[] = [];
  for (const [at, { sign }] of steps.entries()) {
    if (sign === " ") continue;
    const from = Math.max(0, at - context);
    const to = Math.min(steps.length, at + context + 1);
    const last = ranges.at(-1);
    if (last !== undefined && from <= last.to) last.to = to;
    else ranges.push({ from, to });
  }
  return ranges;
}

function hunk(steps: readonly Step[], { from, to }: { readonly from: number; readonly to: number }): readonly string[] {
  const count = (list: readonly Step[], without: Step["sign"]) => list.filter(({ sign }) => sign !== without).length;
  const [before, own] = [steps.slice(0, from), steps.slice(from, to)];
  const side = (without: Step["sign"]) => {
    const size = count(own, without);
    return `${count(before, without) + (size === 0 ? 0 : 1)},${size}`;
  };
  return [`@@ -${side("+")} +${side("-")} @@`, ...own.map(({ sign, line }) => sign + line)];
}
