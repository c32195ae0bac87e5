import { nearest } from "../model/nearest.ts";
import { suppressionsIn } from "./about/suppressions.ts";
import type { Finding, Rule } from "./rule.ts";

/** An ignored finding without its reason is a riddle for whoever reads the file next. Needs the names of all rules, to
 *  tell a misspelt one. */
export function suppressionWithoutReason(ruleNames: readonly string[]): Rule {
  return {
    name: "suppression-without-reason",
    severity: "warning",
    about: "A comment that ignores a finding names an existing rule and says why",
    source: ["our own convention: a comment that hides a finding has to say why"],
    applies: "any",
    check: (subject) =>
      [...subject.files].flatMap(([file, text]) =>
        suppressionsIn(file, text).flatMap((one) => {
          const names = [...ruleNames, ...subject.diagnostics.map((diagnostic) => diagnostic.code)];
          if (!names.includes(one.rule)) return [{ ...unknown(one.rule, names), at: one.at }];
          return one.reason === "" ? [{ ...unexplained(one.rule), at: one.at }] : [];
        }),
      ),
  };
}

function unknown(rule: string, names: readonly string[]): Omit<Finding, "at"> {
  const meant = nearest(rule, names);
  return {
    message: `there is no rule "${rule}" to ignore`,
    hint: meant === undefined ? "Name a rule as check prints it." : `Write ${meant}.`,
  };
}

function unexplained(rule: string): Omit<Finding, "at"> {
  return {
    message: `${rule} is ignored without a reason, so it is reported all the same`,
    hint: `Write "# holdfast: ignore ${rule} because …" with the reason.`,
  };
}
