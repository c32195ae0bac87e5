import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../test/house/source.ts";
import { rankOf } from "./test-order.ts";

const labs = readdirSync(join(root, "test/lab")).filter((name) => name.endsWith(".test.ts"));
const pathOf = (name: string): string => join(root, "test/lab", name);

test("labs come after everything else, the one that takes longest first", () => {
  const sorted = [...labs.map(pathOf), join(root, "src/wire/ipv6.test.ts")].toSorted((a, b) => rankOf(a) - rankOf(b));
  expect(sorted.slice(0, 3)).toEqual([
    join(root, "src/wire/ipv6.test.ts"),
    pathOf("networkd.test.ts"),
    pathOf("drill.test.ts"),
  ]);
});

test("every lab that is named as a long one is there", () => {
  expect(labs.filter((name) => rankOf(pathOf(name)) < rankOf(pathOf("no-such.test.ts")))).toHaveLength(7);
});
