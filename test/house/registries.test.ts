import ts from "typescript";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands/registry.ts";
import { languages } from "../../src/dialects/registry.ts";
import { rules } from "../../src/rules/registry.ts";
import { filesBelow, foldersIn, isForTests, nodesOf, placeOf, syntaxOf, textOf } from "./source.ts";

/** Names of the .ts files directly in a folder, less tests and those that are no members of its registry. */
function membersIn(folder: string, others: readonly string[]): readonly string[] {
  return filesBelow(folder)
    .map((path) => path.slice(folder.length + 1))
    .filter((name) => /^[a-z0-9-]+\.ts$/.test(name) && !others.includes(name))
    .map((name) => name.slice(0, -3));
}

describe("registries are folders are docs are tests", () => {
  it("commands: one file each, and a word in the guide", () => {
    expect(commands.map(({ name }) => name).toSorted()).toEqual(membersIn("src/cli/commands", ["registry.ts"]));
    const guide = filesBelow("docs/guide").map(textOf).join("\n") + textOf("README.md");
    expect(commands.filter(({ name }) => !guide.includes(`holdfast ${name}`)).map(({ name }) => name)).toEqual([]);
  });

  it("dialects: one folder each, a page, and tests", () => {
    const names = languages.map(({ name }) => name).toSorted();
    expect(names).toEqual(foldersIn("src/dialects").toSorted());
    const pages = filesBelow("docs/dialects").filter((path) => path !== "docs/dialects/README.md");
    expect(pages.toSorted()).toEqual(names.map((name) => `docs/dialects/${name}.md`).toSorted());
    const untested = names.filter((name) => !filesBelow(`src/dialects/${name}`).some((path) => isForTests(path)));
    expect(untested).toEqual([]);
  });

  it("rules: one file each, one page each", () => {
    const names = rules.map(({ name }) => name).toSorted();
    const others = ["registry.ts", "rule.ts", "check.ts", "explain.ts", "host-subject.ts", "ifupdown-subject.ts"];
    expect(names).toEqual(membersIn("src/rules", others).toSorted());
    const pages = filesBelow("docs/rules").map((path) => path.slice("docs/rules/".length, -3));
    expect(pages.filter((page) => page !== "README")).toEqual(names);
  });

  it("every code a user can meet is explained", () => {
    const sections = new Set([...textOf("docs/errors.md").matchAll(/^## ([a-z0-9-]+)$/gm)].map((match) => match[1]));
    const said = filesBelow("src")
      .filter((path) => path.endsWith(".ts") && !isForTests(path))
      .flatMap(codesIn);
    const unexplained = said.filter(({ code }) => !sections.has(code));
    expect(unexplained.map(({ code, place }) => `${code} (${place})`)).toEqual([]);
    const sources = filesBelow("src")
      .filter((path) => path.endsWith(".ts") && !isForTests(path))
      .map(textOf)
      .join("\n");
    expect([...sections].filter((code) => !sources.includes(`"${code}"`))).toEqual([]);
  });
});

/** Codes of the diagnostics a file makes: the `code` beside a `severity`, and what is handed to a `report` function. */
function codesIn(path: string): readonly { readonly code: string; readonly place: string }[] {
  const tree = syntaxOf(path);
  return nodesOf(tree).flatMap((node) => {
    const literal = ts.isObjectLiteralExpression(node) ? codeOf(node) : reported(node);
    return literal === undefined ? [] : [{ code: literal.text, place: placeOf(tree, node) }];
  });
}

function codeOf(node: ts.ObjectLiteralExpression): ts.StringLiteral | undefined {
  const named = (name: string) => node.properties.find((property) => property.name?.getText() === name);
  const code = named("code");
  if (named("severity") === undefined || code === undefined || !ts.isPropertyAssignment(code)) return undefined;
  return ts.isStringLiteral(code.initializer) ? code.initializer : undefined;
}

function reported(node: ts.Node): ts.StringLiteral | undefined {
  if (!ts.isCallExpression(node) || !/^(report|problem|complain)/.test(node.expression.getText())) return undefined;
  const code = node.arguments[1];
  return code !== undefined && ts.isStringLiteral(code) && /^[a-z]+-[a-z-]+$/.test(code.text) ? code : undefined;
}
