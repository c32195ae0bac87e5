import type { Interface } from "../model/config.ts";

/** What follows where a program goes by names only and the source recognised a link otherwise; undefined where it didn't. In words to
 *  stand behind the interface's name, with a remedy by way of systemd's .link files. */
export function matchLoss(
  { name, match }: Pick<Interface, "name" | "match">,
  program: string,
): { readonly by: string; readonly isLabel: boolean; readonly text: string; readonly hint: string } | undefined {
  if (match === undefined) return undefined;
  const { mac, path, driver, pattern } = match;
  const marks = [
    ...(mac === undefined ? [] : [`MAC address ${mac}`]),
    ...(path === undefined ? [] : [`path ${path}`]),
    ...(driver === undefined ? [] : [`driver ${driver}`]),
  ];
  const conditions = [
    ...(mac === undefined ? [] : [`PermanentMACAddress=${mac}`]),
    ...(path === undefined ? [] : [`Path=${path}`]),
    ...(driver === undefined ? [] : [`Driver=${driver}`]),
    ...(pattern === undefined || pattern === "*" ? [] : [`OriginalName=${pattern}`]),
  ];
  if (conditions.length === 0 && pattern === undefined) return undefined;
  // A label of netplan's: whatever has the marks is meant, and it may have any name.
  const isLabel = pattern !== undefined && pattern !== name;
  const by = marks.length > 0 ? marks.join(" and ") : `a name like ${pattern}`;
  const text = isLabel
    ? `it was a label for the link with ${by}, whatever that is called; ${program} goes by names, and if the link isn't called ${name}, nothing here reaches it`
    : `recognising it by ${by} is left out: ${program} goes by names, and after a change of hardware the name may be another card's`;
  const isMany = mac === undefined && path === undefined && /[*?[]/.test(pattern ?? "");
  const hint = isMany
    ? `Look which links it means (ip link), and write them for ${name}, each with what is said of it.`
    : `Look what it is called (ip link); fix the name with ${conditions.join(" and ")} under [Match] and Name=${name} under [Link] in /etc/systemd/network/10-${name}.link`;
  return { by, isLabel, text, hint };
}
