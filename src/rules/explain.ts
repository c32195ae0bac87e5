import { nearest } from "../model/nearest.ts";
import { rules } from "./registry.ts";
import type { Rule } from "./rule.ts";

/** The rule with this code; undefined when there is none. */
export function ruleByCode(code: string): Rule | undefined {
  return rules.find((rule) => rule.name === code);
}

/** The rules somebody may have meant by a code that does not exist: the nearest spelling first, then those that share a
 *  word with it; at most five. */
export function rulesLike(code: string): readonly string[] {
  const names = rules.map((rule) => rule.name);
  const spelt = nearest(code, names);
  const words = code.split("-").filter((word) => word.length > 2);
  const sharing = names
    .map((name) => ({ name, shared: words.filter((word) => name.split("-").includes(word)).length }))
    .filter(({ shared }) => shared > 0)
    .sort((a, b) => b.shared - a.shared)
    .map(({ name }) => name);
  return [...new Set([...(spelt === undefined ? [] : [spelt]), ...sharing])].slice(0, 5);
}

/** The page that explains a code, as a path in the repository; undefined for a code that is no rule's. */
export function docsOfRule(code: string): string | undefined {
  return ruleByCode(code) === undefined ? undefined : `docs/rules/${code}.md`;
}

/** One sentence on a code, for SARIF and lists; undefined for a code that is no rule's. */
export function aboutRule(code: string): string | undefined {
  return ruleByCode(code)?.about;
}
