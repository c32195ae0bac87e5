import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { check } from "../../rules/check.ts";
import { understand } from "../judge.ts";

/** What `holdfast check` says of a holdfast.yaml that isn't written yet. */
export function checkProposal(file: string, text: string): readonly Diagnostic[] {
  const subject = {
    name: file,
    file,
    files: new Map([[file, text]]),
    modes: new Map(),
    shown: new Map([[file, file]]),
    diagnostics: [],
    isUnread: false,
  };
  const read = understand(subject, { dialect: "holdfast" });
  return "code" in read ? [read] : check(read.judged);
}
