import type { Command, FlagRow } from "../src/cli/command.ts";
import { commands } from "../src/cli/commands/registry.ts";
import { exitCodes } from "../src/cli/exit-codes.ts";
import { holdfastShape } from "../src/config/holdfast-shape.ts";
import { valueText } from "../src/config/key-table.ts";
import type { RecordShape, Shape } from "../src/config/shape.ts";

/** docs/man/holdfast.1: every command with its flags, as the help has them. */
export function programPage(): string {
  return page("HOLDFAST", 1, [
    ".SH NAME",
    "holdfast \\- keeps a Linux host reachable over two or more unlike links, and proves it",
    ".SH SYNOPSIS",
    ".B holdfast",
    ".I COMMAND",
    "[\\fIOPTION\\fR]...",
    ".SH DESCRIPTION",
    text(
      "Checks, rehearses, changes and watches bonds of a cable and a radio, of two routers, of any unlike links. The",
    ),
    text("bond itself is the kernel's, whatever network manager brings it up."),
    ...commands.flatMap(section),
    ".SH EXIT STATUS",
    ...Object.values(exitCodes).flatMap(({ status, about }) => [".TP", `.B ${status}`, `${text(about)}.`]),
    ".SH FILES",
    ".TP",
    ".I /etc/holdfast/holdfast.yaml",
    "What the agent is told; see",
    ".BR holdfast.yaml (5).",
    ".TP",
    ".I /var/lib/holdfast",
    "Events, and changes that can be undone.",
    ".SH SEE ALSO",
    ".BR holdfast.yaml (5),",
    ".BR ip (8)",
  ]);
}

function section({ name, about, operands, flags, examples }: Command): readonly string[] {
  const operand = { none: "", one: operands.value, some: `${operands.value}...`, any: `[${operands.value}...]` };
  const values = operand[operands.count];
  return [
    `.SH ${name.toUpperCase()}`,
    `.B holdfast ${name}`,
    Object.keys(flags).length === 0 ? "" : "[\\fIOPTION\\fR]...",
    values === "" ? "" : `.I ${text(values)}`,
    ".PP",
    `${text(about)}.`,
    ...(values === "" ? [] : [".TP", `.I ${text(operands.value)}`, `${text(operands.about)}.`]),
    ...Object.entries(flags).flatMap(([flag, row]) => [".TP", flagText(flag, row), `${text(row.about)}.`]),
    ...examples.flatMap(({ line, about: what }) => [".PP", `.B ${text(line)}`, ".br", `${text(what)}.`]),
  ].filter((line) => line !== "");
}

function flagText(name: string, { kind, value = "", choices }: FlagRow): string {
  const said = choices?.join("|") ?? value;
  const more = kind === "list" ? "..." : "";
  return `\\fB\\-\\-${text(name)}\\fR${kind === "switch" ? "" : ` \\fI${text(said)}${more}\\fR`}`;
}

/** docs/man/holdfast.yaml.5: every key, as the reference in the guide has it. */
export function configurationPage(): string {
  return page("HOLDFAST.YAML", 5, [
    ".SH NAME",
    "holdfast.yaml \\- a bond of unlike links, what is around it, and what it must do",
    ".SH DESCRIPTION",
    text(holdfastShape.about),
    ...keysOf("", holdfastShape),
    ".SH SEE ALSO",
    ".BR holdfast (1)",
  ]);
}

function keysOf(path: string, shape: RecordShape): readonly string[] {
  const rows = Object.entries(shape.fields).filter(([, field]) => field.kind !== "option");
  return [
    `.SH ${path === "" ? "KEYS" : `KEYS OF ${text(path)}`}`,
    ...(path === "" ? [] : [text(shape.about)]),
    ...rows.flatMap(([key, field]) => [
      ".TP",
      `.B ${text(key)}`,
      text(`${field.about} Value: ${valueText(field).replaceAll("`", "")}.`),
      ...(field.fallback === undefined ? [] : [text(`Default: ${field.fallback}.`)]),
    ]),
    ...rows.flatMap(([key, field]) => recordsIn(path === "" ? key : `${path}.${key}`, field)),
  ];
}

function recordsIn(path: string, shape: Shape): readonly string[] {
  switch (shape.kind) {
    case "record":
      return Object.values(shape.fields).every((field) => field.kind === "option") ? [] : keysOf(path, shape);
    case "list":
      return recordsIn(path, shape.item);
    case "named":
      return recordsIn(`${path}.NAME`, shape.value);
    case "either":
      return shape.of.flatMap((one) => recordsIn(path, one));
    default:
      return [];
  }
}

function page(title: string, part: number, lines: readonly string[]): string {
  const head = ['.\\" Generated: npm run generate', `.TH ${title} ${part} "" Holdfast`];
  return `${[...head, ...lines].join("\n")}\n`;
}

/** Text as roff takes it: nothing in it is a request, an escape or a quotation. */
function text(said: string): string {
  return said
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("…", "...")
    .replaceAll(/\s+/g, " ")
    .replace(/^([.'])/, "\\&$1");
}
