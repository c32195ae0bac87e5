import { BaseSequencer, type TestSpecification } from "vitest/node";
import { isLabTest } from "./test-time.ts";

/** Labs that take longest, longest first: two stand beside each other, and the last one shouldn't stand alone. */
const longest = ["networkd", "drill", "plan", "agent-survives", "managers", "wifi", "meter"];

/** What needs no lab comes first: where time is short, the labs at the end are left out. */
export default class TestOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const all = await super.sort(files);
    return all.toSorted((a, b) => rankOf(a.moduleId) - rankOf(b.moduleId));
  }
}

/** Its place among the others: 0, then labs by how long they take. */
export function rankOf(path: string): number {
  if (!isLabTest(path)) return 0;
  const at = longest.findIndex((name) => path.endsWith(`/${name}.test.ts`));
  return at === -1 ? longest.length + 1 : at + 1;
}
