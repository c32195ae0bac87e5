// Fires changed configurations at parsers: npm run fuzz -- DIALECT|all|holdfast [--minutes N] [--seed S] [--case NUMBER]
// Minutes are of processor time, for each parser.
// A case must not throw, take more than 200 ms of processor time for 100 kB or more than 64 MB, and what was read must be written
// the same way twice. Prints the seed, and the smallest failing input; the status is then 1.
import { parseArgs } from "node:util";
import { fuzz } from "./fuzz/fuzz.ts";
import { fuzzSubjects } from "./fuzz/subjects.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: "string", default: "1" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    case: { type: "string" },
  },
});
const seed = Number(values.seed);
const subjects = fuzzSubjects(seed);
const wanted = positionals.length === 0 || positionals.includes("all") ? subjects.map(({ name }) => name) : positionals;
const unknown = wanted.filter((name) => !subjects.some((subject) => subject.name === name));
if (unknown.length > 0)
  throw new Error(`${unknown.join(", ")}: there are ${subjects.map(({ name }) => name).join(", ")}, all`);
for (const subject of subjects.filter(({ name }) => wanted.includes(name))) {
  const alone = values.case === undefined ? {} : { first: Number(values.case), most: 1 };
  const { cases, worst, spentMs, failure } = fuzz(subject, { seed, forMs: Number(values.minutes) * 60_000, ...alone });
  const said = failure === undefined ? "nothing found" : `case ${failure.number} ${failure.kind}: ${failure.message}`;
  const spent = `${cases} cases in ${(spentMs / 60_000).toFixed(1)} min`;
  const most = `at most ${worst.tookMs.toFixed(0)} ms a 100 kB and ${(worst.grown / 2 ** 20).toFixed(0)} MB`;
  console.log(`${subject.name}: seed ${seed}, ${spent}, ${most}, ${said}`);
  if (failure === undefined) continue;
  process.exitCode = 1;
  for (const [path, text] of failure.smallest) console.log(`  ${path}: ${abridged(JSON.stringify(text))}`);
}

/** Long texts repeat themselves; --case brings the whole of it back. */
function abridged(text: string): string {
  return text.length <= 6000 ? text : `${text.slice(0, 4000)} ... ${text.slice(-1000)} (of ${text.length} characters)`;
}
