import { VitestTestRunner } from "vitest/runners";
import { isLabTest, tooLate } from "./test-time.ts";

type Collected = Parameters<NonNullable<VitestTestRunner["onCollectStart"]>>[0];
type Task = Collected["tasks"][number];

/** Leaves out the labs that there is no time for: a run that is stopped says nothing of the others. The reporter says which. */
export default class TestRunner extends VitestTestRunner {
  onCollected(files: Collected[]): void {
    if (tooLate() === undefined) return;
    for (const file of files) if (isLabTest(file.filepath)) leaveOut(file);
  }
}

function leaveOut(task: Collected | Task): void {
  task.mode = "skip";
  if (task.type === "suite") task.tasks.forEach(leaveOut);
}
