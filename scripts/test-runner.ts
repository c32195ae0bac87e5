import { VitestTestRunner } from "vitest/runners";
import { isLabTest, type LeftOut, tooLate } from "./test-time.ts";

type Collected = Parameters<NonNullable<VitestTestRunner["onCollectStart"]>>[0];
type Task = Collected["tasks"][number];

/** Leaves out the labs that there is no time for: a run that is stopped says nothing of the others. The reporter says which. */
export default class TestRunner extends VitestTestRunner {
  onCollected(files: Collected[]): void {
    const why = tooLate();
    if (why === undefined) return;
    for (const file of files.filter(({ filepath }) => isLabTest(filepath))) {
      leaveOut(file);
      Object.assign(file.meta, { leftOut: why } satisfies LeftOut);
    }
  }
}

function leaveOut(task: Collected | Task): void {
  task.mode = "skip";
  if (task.type === "suite") task.tasks.forEach(leaveOut);
}
