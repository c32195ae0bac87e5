import { visible } from "../diagnostic/visible.ts";
import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { headlineOf } from "./headline.ts";
import { sayEngine } from "./occasion.ts";
import { redactRehearsal } from "./redact-rehearsal.ts";
import { momentNames, saySshAll, sightRows } from "./sight-words.ts";
import {
  hasForecasts,
  isLossy,
  longer,
  outcomeOf,
  repeatsOf,
  sayBond,
  sayClock,
  sayForecast,
  sayGap,
  sayLoss,
  sayLostInternet,
  sayMs,
  sayObjectives,
  sayTcp,
  sayUncertainty,
  sentence,
  worstOutage,
} from "./words.ts";

/** The rehearsal for a pull request: verdict, a short table, reasons, and the rest folded away. GitHub's and GitLab's
 *  Markdown; names can't break out of their cells, start markup or call anybody. `alone`: the kernel alone, beside one with the
 *  agent. Ends with a line break. */
export function renderMarkdown(rehearsal: Rehearsal, redact: (text: string) => string, alone?: Rehearsal): string {
  const safe = redactRehearsal(rehearsal, redact);
  const { title, sentence: lead } = headlineOf(safe);
  const missed = safe.scenarios.filter((each) => outcomeOf(each) === "missed" && each.reason !== undefined);
  return `${[
    `### ${safe.verdict === "held" ? "✅" : "❌"} ${text(title)}`,
    `${text(lead)} Objective: ${text(sayObjectives(safe.objectives))}.`,
    table(safe, alone),
    ...(missed.length === 0 ? [] : [reasons(missed)]),
    ...[saySshAll(safe)].filter((said) => said !== "").map(text),
    ...sights(safe),
    method(safe),
  ].join("\n\n")}\n`;
}

function table(rehearsal: Rehearsal, alone: Rehearsal | undefined): string {
  const isRepeated = repeatsOf(rehearsal) > 1;
  const outage = isRepeated ? "outage: median · p95 · worst" : "outage";
  const title = alone !== undefined ? "kernel alone" : hasForecasts(rehearsal) ? "rehearsed" : undefined;
  const [beside, rule] = title === undefined ? ["", ""] : [` ${title} |`, " --: |"];
  const head = `| | fault |${beside} ${outage} | TCP stall | back again |\n| :-: | --- |${rule} --: | --: | --: |`;
  return [head, ...rehearsal.scenarios.map((each) => row(each, rehearsal, alone))].join("\n");
}

function row(result: ScenarioResult, rehearsal: Rehearsal, alone: Rehearsal | undefined): string {
  const outcome = outcomeOf(result);
  const mark = { held: "✅", missed: "❌", "no-path": "➖" }[outcome];
  const tcp = outcome === "no-path" ? "–" : sayTcp(result.tcp);
  const back = longer(result.reselectMs.toHost, result.reselectMs.fromHost);
  const cells = [
    mark,
    faultText(result),
    ...(alone !== undefined ? [aloneText(result, alone)] : hasForecasts(rehearsal) ? [sayForecast(result)] : []),
    outageText(result, rehearsal),
    tcp,
    result.kind === "healthy" ? "–" : sayGap(back),
  ];
  return `| ${cells.join(" | ")} |`;
}

/** What the same fault came to without the agent. */
function aloneText({ id }: ScenarioResult, alone: Rehearsal): string {
  const before = alone.scenarios.find((each) => each.id === id);
  return before === undefined ? "–" : outageText(before, alone);
}

function faultText(result: ScenarioResult): string {
  const part = sayLostInternet(result);
  return part === "" ? text(result.fault) : `${text(result.fault)}<br>_${text(part)}_`;
}

function outageText(result: ScenarioResult, rehearsal: Rehearsal): string {
  if (outcomeOf(result) === "no-path") return "no path promised";
  if (isLossy(result, rehearsal.objectives)) return `**${sayLoss(result)}**`;
  const { median, p95, worst } = result.stats;
  const outage = worstOutage(result);
  const isBad = outage === null || outage > rehearsal.objectives.outageMs;
  const words = result.repeats.length > 1 ? [median, p95, worst].map(sayGap).join(" · ") : sayGap(outage);
  return isBad ? `**${words}**` : words;
}

function reasons(missed: readonly ScenarioResult[]): string {
  const open = missed.length <= 3 ? " open" : "";
  const items = missed.map((each) => `- **${text(each.fault)}**: ${text(sentence(each.reason ?? ""))}`);
  return `<details${open}><summary>Why, and what would cure it</summary>\n\n${items.join("\n")}\n\n</details>`;
}

/** Of the faults that moved the bond, what LAN and access points then knew. */
function sights({ scenarios }: Rehearsal): readonly string[] {
  const moved = scenarios.filter((each) => each.switchedAfterMs !== undefined && sightRows(each).length > 0);
  if (moved.length === 0) return [];
  const tables = moved.map((each) => {
    const heads = (each.sights ?? []).map(({ when }) => momentNames[when]);
    const head = `| | ${heads.join(" | ")} |\n| --- |${heads.map(() => " --- |").join("")}`;
    const rows = sightRows(each).map(({ group, name, cells }) => {
      const written = cells.map((cell) => {
        const said = cell.isNew ? `**${text(cell.text)}**` : text(cell.text);
        return cell.aside === undefined || cell.aside === "" ? said : `${said}<br>${text(cell.aside)}`;
      });
      return `| ${text(group)}: ${text(name)} | ${written.join(" | ")} |`;
    });
    return `**${text(each.fault)}**\n\n${[head, ...rows].join("\n")}`;
  });
  return [
    `<details><summary>Who had joined, and who was known by which address</summary>\n\n${tables.join("\n\n")}\n\n</details>`,
  ];
}

function method(rehearsal: Rehearsal): string {
  const { bringUp } = rehearsal;
  const came = bringUp.bonds.length === 0 ? "no bond" : bringUp.bonds.map(sayBond).join("; ");
  const repeats = repeatsOf(rehearsal);
  const never = rehearsal.scenarios
    .filter((each) => outcomeOf(each) === "missed" && worstOutage(each) === null)
    .map((each) => each.watchedMs);
  const lines = [
    `- subject: ${text(rehearsal.subject)}`,
    rehearsal.engine === "live"
      ? `- found ${text(came)}`
      : `- ${text(bringUp.manager)}, exit status ${bringUp.exit}, brought up ${text(came)}`,
    `- ${text(rehearsal.engine === "live" ? sayEngine(rehearsal) : `engine ${rehearsal.engine}`)}, kernel ${text(rehearsal.kernel)}, ${sayClock(rehearsal.clock)}, uncertainty ${sayUncertainty(rehearsal.scenarios) || "–"}`,
    `- each scenario ${repeats > 1 ? `${repeats} times` : "once"}`,
    ...(never.length === 0 ? [] : [`- "never": not while it was watched, ${sayMs(Math.min(...never))} at least`]),
  ];
  return `<details><summary>How this was measured</summary>\n\n${lines.join("\n")}\n\n</details>`;
}

/** Text that can be nothing but text: every character with a meaning in Markdown or HTML becomes a character reference. */
function text(raw: string): string {
  return visible(raw).replace(/[&<>|\\`*_{}[\]#@~$!]|:(?=\/\/)|www(?=\.)/g, (found) =>
    [...found].map((char) => `&#${char.charCodeAt(0)};`).join(""),
  );
}
