import ts from "typescript";
import { expect, it } from "vitest";
import { rooms } from "./directions.ts";
import { filesBelow, isForTests, nodesOf, placeOf, syntaxOf } from "./source.ts";

/** What a pure file may not mention → how it gets the same instead. */
const banned: Readonly<Record<string, string>> = {
  Date: "time arrives as an argument or in an event",
  performance: "time arrives as an argument or in an event",
  setTimeout: "timers leave as effects",
  setInterval: "timers leave as effects",
  setImmediate: "timers leave as effects",
  queueMicrotask: "order is the caller's",
  process: "the environment arrives as an argument",
  console: "what is to be said is returned",
  fetch: "the network is the edge's",
  crypto: "randomness arrives as a seed",
  require: "imports stand at the top",
};

const pureFiles = filesBelow("src").filter(
  (path) => path.endsWith(".ts") && !isForTests(path) && rooms[path.split("/")[1] ?? ""]?.layer === "pure",
);

it("pure rooms touch no clock, timer, process, console, network or chance", () => {
  const found = pureFiles.flatMap((path) => {
    const tree = syntaxOf(path);
    return nodesOf(tree).flatMap((node) => {
      const why = impurity(node);
      return why === undefined ? [] : [`${placeOf(tree, node)} ${node.getText()}: ${why}`];
    });
  });
  expect(found.join("\n")).toBe("");
});

function impurity(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node) && node.getText() === "Math.random") return "randomness arrives as a seed";
  if (!ts.isIdentifier(node) || isOnlyAName(node) || !Object.hasOwn(banned, node.text)) return undefined;
  return banned[node.text];
}

/** A member, key or declaration that merely is called so: `event.process`, `{ process: 1 }`. */
function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  return (
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isPropertyDeclaration(parent)
  );
}
