import { AF_INET } from "../wire/ip.ts";
import { MAIN_TABLE } from "../wire/route.ts";
import { type RoutingRule, RULE_TO_TABLE } from "../wire/rule.ts";

/** The kernel's own tables beside main: what they hold is nobody's policy. */
const LOCAL_TABLE = 255;
const DEFAULT_TABLE = 253;

/** What rules of the host's own routing policy take away from the main table, a line each: the agent moves the routes of an uplink
 *  in main and nowhere else. */
export function policyBesideMain(rules: readonly RoutingRule[]): readonly string[] {
  return rules
    .filter(
      ({ action, table }) => action === RULE_TO_TABLE && ![MAIN_TABLE, LOCAL_TABLE, DEFAULT_TABLE].includes(table),
    )
    .map((rule) => {
      const family = rule.family === AF_INET ? "IPv4" : "IPv6";
      return `routing rule ${rule.priority} looks ${family}${whom(rule)} up in table ${rule.table}: routes of an uplink are set in main only`;
    });
}

function whom({ from, to, inLink, mark }: RoutingRule): string {
  const network = ({ ip, prefix }: RoutingRule["from"]): string => `${ip}/${prefix}`;
  return [
    from.ip === "" ? "" : ` from ${network(from)}`,
    to.ip === "" ? "" : ` to ${network(to)}`,
    inLink === "" ? "" : ` coming in by ${inLink}`,
    mark === 0 ? "" : ` with mark ${mark}`,
  ].join("");
}
