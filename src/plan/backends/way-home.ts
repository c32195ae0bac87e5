import type { ManagerName } from "../../model/managers.ts";
import type { Situation } from "../backend.ts";
import { rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { LENT_METRIC, type Loan, loanOf, ownIp4 } from "../lend-addresses.ts";

/** The one plain link that bears the host's addresses and becomes a port of one new bond. */
export interface Home {
  readonly bond: string;
  readonly bearer: string;
  /** What the bearer had, lent to it until its manager gives it again. */
  readonly loan: Loan;
  /** The IPv4 addresses that the bearer has of its manager, as CIDR: with them there the loan may end. */
  readonly own: readonly string[];
}

/** How the host is reached again without its manager, or undefined: nothing moves into a new bond, or more than ip can move back. */
export function homeOf(situation: Situation, owner: ManagerName): Home | undefined {
  const { host, merged } = situation;
  const [bond, second] = merged.wanted.bonds;
  const isNew = host.bonds.every(({ name }) => name !== bond?.name);
  if (bond === undefined || second !== undefined || rebuilt(situation).length !== 1 || !isNew) return undefined;
  const bearers = host.links.filter(
    ({ name, addresses, master }) => bond.ports.includes(name) && master === "" && addresses.length > 0,
  );
  const [bearer] = bearers;
  // A radio that has one network can't be in another: its supplicant has to be led.
  if (bearer === undefined || bearers.length > 1 || bearer.isRadio || !bearer.owners.includes(owner)) return undefined;
  const loan = loanOf(host, merged.before, { from: [bearer.name], to: bearer.name, families: "both" });
  const own = ownIp4(bearer.addresses);
  return loan === undefined ? undefined : { bond: bond.name, bearer: bearer.name, loan, own };
}

/** "once": who owns the link leaves alone what it doesn't know. "kept": its manager takes everything from a link that has lost its bond, a
 *  moment later; what it takes is given again until it gives its own. */
export type Lending = "once" | "kept";

/** One run of ip, before the files are back: the host is reached when it ends, whatever of the change had been done. */
export function wayHome(home: Home, lending: Lending = "once"): Step {
  const { bond, bearer, loan } = home;
  const { has6 } = loan;
  const lines = [
    `link set dev ${bearer} nomaster`,
    `address flush dev ${bearer} scope global`,
    `link set dev ${bearer} up`,
    ...loan.give,
    ...loan.ask,
  ];
  const first = `{ [ ! -e "/sys/class/net/$0" ] || echo "link del dev $0"; cat; } | ip -force -batch -`;
  const script = [...(has6 ? [allow6] : []), first, ...(lending === "kept" ? [kept(home, has6)] : [])].join("\n");
  const words = has6 || lending === "kept" ? [bearer] : [];
  const more = lending === "kept" ? home.own : [];
  return {
    argv: ["/bin/sh", "-c", script, bond, ...words, ...more],
    stdin: `${lines.join("\n")}\n`,
    limitSeconds: 10,
    why: `Frees ${bearer} and lends it the addresses it had: the host is reached again`,
    onFailure: "go-on",
    beforeFiles: true,
  };
}

/** Managers switch IPv6 off on the ports of bonds. */
const allow6 = `{ echo 0 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"; } 2>/dev/null`;

/** `has_own LINK ADDRESS…`: whether its manager has given the link what it bears by the files, its way out with it: one that was put there by
 *  hand and stands in no file stays lent. That an IPv6 address is there says nothing, as it was lent just so. */
function hasOwn({ loan }: Home): string {
  const routers = loan.routers.map(
    (family) => `ip -${family} route show default dev "$dev" | grep -qv "metric ${LENT_METRIC}"`,
  );
  return `has_own() {
  dev=$1; shift
  seen=$(ip -o address show dev "$dev")
  for own do case $seen in *" $own "*) ;; *) return 1 ;; esac; done
  ${routers.length === 0 ? "true" : routers.join(" &&\n  ")}
}`;
}

/** A minute and a half: for as long as nmcli waits for its manager, which takes everything once more when an activation fails, and until
 *  the emergency's steps have been taken. */
const TICKS = 450;

/** Addresses that were this host's a moment ago needn't be detected for a second or two when its manager gives them again. */
const undetected = `detect=/proc/sys/net/ipv6/conf/$1/dad_transmits
{ read -r before <"$detect" && echo 0 >"$detect"; } 2>/dev/null
detect_again() { [ -z "$before" ] || echo "$before" >"$detect"; }
`;

function kept(home: Home, has6: boolean): string {
  const { give, take } = home.loan;
  return `code=$?
${hasOwn(home)}
keep() {
  n=0
  while [ $n -lt ${TICKS} ]; do
    n=$((n + 1))
    sleep 0.2 || sleep 1
    # In a bond again, it is none of ours.
    [ ! -e "/sys/class/net/$1/master" ] || continue
    if has_own "$@"; then
      ip -force -batch - <<'END'
${take.join("\n")}
END
      ${has6 ? "detect_again" : ":"}
      return
    fi
    ${has6 ? allow6 : ":"}
    ip -force -batch - <<'END'
${give.join("\n")}
END
  done
  ${has6 ? "detect_again" : ":"}
}
${has6 ? undetected : ""}keep "$@" </dev/null >/dev/null 2>&1 &
exit $code`;
}

/** Ends the loan once a manager that doesn't say when it is done has given the link its own addresses; a manager that has taken the loan
 *  away already is no failure. One that gives none within ten seconds is: the loan stays, and the emergency's steps follow. */
export function endOfLoan(home: Home, lending: Lending = "once"): Step {
  const { bearer, loan, own } = home;
  const script = `${hasOwn(home)}
for n in 1 2 3 4 5 6 7 8 9 10; do
  if has_own "$0" "$@"; then
    ${lending === "kept" ? "sleep 1" : ":"}
    ip -force -batch - >/dev/null 2>&1
    exit 0
  fi
  sleep 1
done
echo "$0 was not given what its files say"
exit 1`;
  return {
    argv: ["/bin/sh", "-c", script, bearer, ...own],
    stdin: `${loan.take.join("\n")}\n`,
    limitSeconds: 15,
    why: `Leaves ${bearer} with what its manager gave it`,
    onFailure: "go-on",
  };
}
