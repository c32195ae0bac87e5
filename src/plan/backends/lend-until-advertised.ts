import type { Situation } from "../backend.ts";
import { rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { undetected } from "../detection.ts";
import { loanOf } from "../lend-addresses.ts";
import { asked, endOfLoan, type Home, undetectedOwn } from "./way-home.ts";

/** Once who makes bonds has made one again that ran before: what a router's advertisement had given it is lent to it until the next one comes.
 *  The kernel asks for that only after it has looked, for a second or two, whether somebody else has the bond's own address. */
export function lentUntilAdvertised(situation: Situation): readonly Step[] {
  const { host, merged } = situation;
  // What isn't advertised has been given by then.
  const links = host.links.map((link) => ({ ...link, addresses: link.addresses.filter((one) => one.includes(":")) }));
  return rebuilt(situation).flatMap(({ name }) => {
    const link = links.find((one) => one.name === name);
    const isAdvertised = merged.before.interfaces.some((one) => one.name === name && one.ipv6.method === "auto");
    if (link === undefined || !isAdvertised || !link.addresses.some((one) => link.leased?.includes(one))) return [];
    const loan = loanOf({ ...host, links }, merged.before, { from: [name], to: name, families: "both" });
    if (loan === undefined || loan.routers.length === 0) return [];
    const home: Home = { bond: name, bearer: name, loan, own: [] };
    return [lent(home), endOfLoan(home)];
  });
}

function lent(home: Home): Step {
  const { bearer, loan } = home;
  const script = `${undetected("$1")}
${undetectedOwn}
ip -force -batch -
code=$?
${asked(home)}
exit $code`;
  return {
    argv: ["/bin/sh", "-c", script, "sh", bearer],
    stdin: `${loan.give.join("\n")}\n`,
    limitSeconds: 10,
    why: `Lends ${bearer} what its router had given it, until the router says so again`,
    onFailure: "go-on",
  };
}
