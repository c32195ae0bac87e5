import { dialects, languages } from "../src/dialects/registry.ts";
import { type OptionName, optionNames, optionRow } from "../src/model/options.ts";

/** docs/dialects/README.md: the languages, and every bonding option in each of them. */
export function dialectsText(): string {
  return `${[
    "# Dialects",
    "",
    "The languages `holdfast` reads and writes, each with a page on what is read, what is written and what cannot be said. `convert` goes",
    "from any of them to any that is written, and tells what is lost on the way; `import` makes a holdfast.yaml of any.",
    "",
    "| name | what it is | |",
    "| --- | --- | --- |",
    ...languages.map(({ name, title }) => `| [${name}](${name}.md) | ${cell(title)} | ${isWritten(name)} |`),
    "",
    ...optionTable("Options of a bond", "bond"),
    "",
    ...optionTable("Options of a port", "port"),
  ].join("\n")}\n`;
}

function isWritten(name: string): string {
  return dialects.some((dialect) => dialect.name === name) ? "read and written" : "read";
}

function optionTable(heading: string, scope: "bond" | "port"): readonly string[] {
  const names = optionNames.filter((option) => optionRow(option).scope === scope);
  return [
    `## ${heading}`,
    "",
    "Named as the kernel does, with what it does by itself where nobody says anything. A dash: the language has no word, and `convert`",
    "says what follows.",
    "",
    `| kernel | by itself | ${languages.map(({ name }) => name).join(" | ")} |`,
    `| --- | --- | ${languages.map(() => "---").join(" | ")} |`,
    ...names.map(
      (option) =>
        `| \`${option}\` | ${byItself(option)} | ${languages.map((one) => word(one.spellings[option])).join(" | ")} |`,
    ),
  ];
}

function byItself(option: OptionName): string {
  const row = optionRow(option);
  const value = "default" in row ? row.default : undefined;
  if (value === undefined || value === null || value === "") return "nothing";
  return row.kind === "int" && row.unit !== "none" && row.unit !== "count" ? `${value} ${row.unit}` : String(value);
}

function word(spelling: string | null): string {
  return spelling === null ? "–" : `\`${spelling.replaceAll("|", "\\|")}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
