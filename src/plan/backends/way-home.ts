import type { ManagerName } from "../../model/managers.ts";
import type { Situation } from "../backend.ts";
import { rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { detectAgain, undetected } from "../detection.ts";
import { secondsOf } from "../how-long-back.ts";
import { LENT_METRIC, type Loan, loanOf, MAIN_TABLE, ownIp4 } from "../lend-addresses.ts";

/** The plain link that bears the host's addresses and becomes a port of one new bond; of two the one with the better way out. */
export interface Home {
  readonly bond: string;
  readonly bearer: string;
  /** What the bearer had, lent to it until its manager gives it again. */
  readonly loan: Loan;
  /** The IPv4 addresses that the bearer has of its manager, as CIDR, or "leased" for one that somebody gives, who may take his time and give
   *  another one: with them there the loan may end. */
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
  const [bearer] = bearers.toSorted((a, b) => wayOut(host, a.name) - wayOut(host, b.name));
  // A radio that has one network can't be in another: its supplicant has to be led.
  if (bearer === undefined || bearer.isRadio || !bearer.owners.includes(owner)) return undefined;
  // ifup and ifdown bring up and down by names; the others see to the second link by themselves.
  if (bearers.length > 1 && owner === "ifupdown") return undefined;
  const loan = loanOf(host, merged.before, { from: [bearer.name], to: bearer.name, families: "both" });
  return loan === undefined ? undefined : { bond: bond.name, bearer: bearer.name, loan, own: ownOf(bearer) };
}

/** A bond that runs, bears addresses that its manager gave it, and shall bear them again; undefined: another one. */
function homeOfRunning({ host, merged }: Situation, name: string, owner: ManagerName): Home | undefined {
  const link = host.links.find((one) => one.name === name);
  if (link?.owners.includes(owner) !== true || link.master !== "") return undefined;
  const loan = loanOf(host, merged.before, { from: [name], to: name, families: "both" });
  return loan === undefined ? undefined : { bond: name, bearer: name, loan, own: ownOf(link) };
}

/** Shell: the addresses of link scope of the link $1 count at once. One that is being looked for stays so whatever is said of it: it is taken
 *  away and added. */
export const undetectedOwn = `ip -6 -o address show dev "$1" scope link tentative | while read -r index dev family own rest; do
  ip address del "$own" dev "$1" && ip address add "$own" dev "$1" nodad
done`;

/** Such bonds that must be made anew. */
export function homesMadeAgain(situation: Situation, owner: ManagerName): readonly Home[] {
  return rebuilt(situation, "manager-readdresses").flatMap(({ name }) => homeOfRunning(situation, name, owner) ?? []);
}

function ownOf({ addresses, leased }: Situation["host"]["links"][number]): readonly string[] {
  return [...new Set(ownIp4(addresses).map((cidr) => (leased?.includes(cidr) ? LEASED : cidr)))];
}

/** The metric of the best default route over a link. */
function wayOut({ routes = [] }: Situation["host"], link: string): number {
  const ways = routes.filter(({ to, dev, table }) => to === "default" && dev === link && table === MAIN_TABLE);
  return Math.min(Number.MAX_SAFE_INTEGER, ...ways.map(({ metric }) => metric));
}

const LEASED = "leased";

/** Whether a DHCP server or a router's advertisement has given the bearer an address: its manager has to wait for the next. */
export function isGiven({ loan, own }: Home): boolean {
  return own.includes(LEASED) || loan.give.some((line) => line.includes(" valid_lft "));
}

/** How long a link that was released may take to have its carrier again: gigabit Ethernet negotiates for two to four seconds, s. */
const CARRIER_SECONDS = 15;

/** "once": who owns the link leaves alone what it doesn't know. "kept": its manager takes everything from a link that has lost its bond, a
 *  moment later; what it takes is given again until it gives its own, or until the steps that follow must have ended. */
export type Lending = { readonly kind: "once" } | { readonly kind: "kept"; readonly through: readonly Step[] };

/** One run of ip, before the files are back: the host is reached when it ends, whatever of the change had been done. Then its routers are
 *  asked, and again as soon as the link lets packets through, which what is left behind waits for. */
export function wayHome(home: Home, lending: Lending = { kind: "once" }): Step {
  const { bond, bearer, loan } = home;
  const { has6 } = loan;
  const isBond = bond === bearer;
  const lines = [
    ...(isBond ? [] : [`link set dev ${bearer} nomaster`]),
    `address flush dev ${bearer} scope global`,
    `link set dev ${bearer} up`,
    ...loan.give,
  ];
  const gone = isBond ? "" : `[ ! -e "/sys/class/net/$0" ] || echo "link del dev $0"; `;
  const first = `{ ${gone}cat; } | ip -force -batch -\ncode=$?`;
  const script = [
    ...(has6 ? [undetected("$1"), allow6] : []),
    first,
    ...(lending.kind === "kept" ? [kept(home, lending.through)] : []),
    ...(loan.ask.length > 0 ? [asked(home)] : []),
    "exit $code",
  ].join("\n");
  const more = lending.kind === "kept" ? home.own : [];
  return {
    argv: ["/bin/sh", "-c", script, bond, bearer, ...more],
    stdin: `${lines.join("\n")}\n`,
    limitSeconds: 10,
    why: `${isBond ? "Lends" : `Frees ${bearer} and lends`} ${isBond ? bearer : "it"} the addresses it had: the host is reached again`,
    onFailure: "go-on",
    beforeFiles: true,
  };
}

/** The steps `back` of a manager that readdresses running bonds, around which these are lent what was given to them until they are given it
 *  anew. */
export function lentMeanwhile(
  situation: Situation,
  {
    names,
    owner,
    back,
  }: { readonly names: readonly string[]; readonly owner: ManagerName; readonly back: readonly Step[] },
): readonly Step[] {
  const homes = names.flatMap((name) => homeOfRunning(situation, name, owner) ?? []).filter(isGiven);
  const through = [...back, ...homes.map((home) => endOfLoan(home, "kept"))];
  return [...homes.map((home) => wayHome(home, { kind: "kept", through })), ...through];
}

/** Starts to lend a bond that its manager is about to make again what it had, from the moment it is there: an advertised address comes
 *  seconds later, and what is there meanwhile its manager takes away. Ended by `endOfLoan`. */
export function lendWhenMade(home: Home, through: readonly Step[]): Step {
  const { bearer, own, loan } = home;
  const script = [
    kept(home, through, loan.has6 ? undetectedOwn : undefined),
    ...(loan.ask.length > 0 ? [asked(home)] : []),
  ].join("\n");
  return {
    argv: ["/bin/sh", "-c", script, "sh", bearer, ...own],
    limitSeconds: 10,
    why: `Lends ${bearer}, once it is there again, the addresses it had`,
    onFailure: "go-on",
  };
}

/** A manager switches IPv6 off on the ports of bonds. */
const allow6 = `{ echo 0 >"/proc/sys/net/ipv6/conf/$1/disable_ipv6"; } 2>/dev/null`;

/** A link that was opened a moment ago throws away what is sent until the kernel has noticed its carrier, an IPv6 router isn't asked for
 *  before the link has its own address back, and a question that was lost is repeated a second later, where at all: it is asked at once,
 *  again as soon as this end can be heard, and twice more within the second after that: the other end may be ready later.
 *  Traffic may have asked in vain: each entry is made anew, and is there when it is deleted, as ip ends a batch in which it isn't. The kernel
 *  asks with the address that what it has to send is from: ping, where there is one, makes each IPv6 address known, to a router that has
 *  asked for it in vain too. Shell, whose $1 is the link. */
export function asked({ bearer, loan }: Pick<Home, "bearer" | "loan">): string {
  const anew = loan.ask.flatMap((line) => [line, line.replace("replace", "del").replace(/ use$/, ""), line]);
  const greetings = loan.greet.map(({ from, router }) => {
    const to = router.startsWith("fe80:") ? `${router}%${bearer}` : router;
    const entry = `${router} dev ${bearer}`;
    return `    ip neighbour del ${entry}
    ping -6 -n -c 1 -W 1 -I ${from} ${to} </dev/null
    ip neighbour replace ${entry} use\n`;
  });
  const greeted =
    greetings.length === 0
      ? ""
      : `  {\n    command -v ping || exit\n${greetings.join("")}  } </dev/null >/dev/null 2>&1 &\n`;
  return `ask() {
  ip -force -batch - >/dev/null 2>&1 <<'END'
${anew.join("\n")}
END
${greeted}}
is_ready() {
  { read -r carrier <"/sys/class/net/$1/operstate"; } 2>/dev/null || return 1
  case $carrier in down | lowerlayerdown) return 1 ;; esac
${
  loan.ask.some(isAbout6)
    ? `  ${HAS_LINK_ADDRESS}
`
    : ""
}}
ask_when_ready() {
  n=0
  until is_ready "$1"; do
    [ $n -lt ${CARRIER_SECONDS * 20} ] || break
    if sleep 0.05; then n=$((n + 1)); else sleep 1; n=$((n + 20)); fi
  done
  for again in 0 0.2 0.8; do
    sleep $again || sleep 1
    # In a bond again, it is none of ours.
    [ -e "/sys/class/net/$1/master" ] || ask
  done
}
ask
ask_when_ready "$1" </dev/null >/dev/null 2>&1 &`;
}

const isAbout6 = (line: string): boolean => line.includes(":");

/** Shell: the link has an IPv6 address of link scope (20) that isn't tentative (bit 40), which the kernel's own questions are sent from. */
const HAS_LINK_ADDRESS = `grep -q " 20 [012389ab]. *$1$" /proc/net/if_inet6`;

/** `has_own LINK ADDRESS…`: whether its manager has given the link what it bears by the files, its way out with it: one that was put there by
 *  hand and stands in no file stays lent. That an IPv6 address is there says nothing, as it was lent just so. */
function hasOwn({ loan }: Home): string {
  const routers = loan.routers.map(
    (family) => `ip -${family} route show default dev "$dev" | grep -qv "metric ${LENT_METRIC}"`,
  );
  return `has_own() {
  dev=$1; shift
  seen=$(ip -o address show dev "$dev")
  for own do
    case $own in
      ${LEASED}) ip -4 -o address show dev "$dev" dynamic | grep -q . || return 1 ;;
      *) case $seen in *" $own "*) ;; *) return 1 ;; esac ;;
    esac
  done
  ${routers.length === 0 ? "true" : routers.join(" &&\n  ")}
}`;
}

/** What comes between and after the steps: files are put back, and addresses by the emergency's steps, s. */
const BESIDE_STEPS = 60;

/** A manager takes everything once more when an activation fails, which may be as late as its step's limit. */
function kept(home: Home, through: readonly Step[], first = ":"): string {
  const { give, take, has6 } = home.loan;
  const ticks = (secondsOf(through) + BESIDE_STEPS) * 5;
  return `${hasOwn(home)}
keep() {
  n=0
  while [ $n -lt ${ticks} ]; do
    if sleep 0.2; then n=$((n + 1)); else sleep 1; n=$((n + 5)); fi
    # In a bond again, it is none of ours.
    [ ! -e "/sys/class/net/$1/master" ] || continue
    if has_own "$@"; then
      ip -force -batch - <<'END'
${take.join("\n")}
END
      break
    fi
    ${has6 ? allow6 : ":"}
    ${first}
    ip -force -batch - <<'END'
${give.join("\n")}
END
  done
  ${has6 ? detectAgain("$1") : ":"}
}
keep "$@" </dev/null >/dev/null 2>&1 &`;
}

/** How long a manager may take, s: who asks nobody is quick, and a lease may be long in coming. Meanwhile the host is reached. */
const [SOON, AFTER_A_LEASE] = [10, 60];

/** Ends the loan once a manager that doesn't say when it is done has given the link its own addresses; a manager that has taken the loan
 *  away already is no failure. One that gives none in time is: the loan stays, and the emergency's steps follow. */
export function endOfLoan(home: Home, lending: Lending["kind"] = "once"): Step {
  const { bearer, loan, own } = home;
  const limitSeconds = own.includes(LEASED) ? AFTER_A_LEASE : SOON;
  const script = `${hasOwn(home)}
${loan.has6 ? `detect_again() {\n  ${detectAgain("$1")}\n}` : "detect_again() { :; }"}
n=0
while [ $n -lt ${limitSeconds} ]; do
  if has_own "$0" "$@"; then
    ${lending === "kept" ? "sleep 1" : ":"}
    ip -force -batch - >/dev/null 2>&1
    detect_again "$0"
    exit 0
  fi
  n=$((n + 1))
  sleep 1
done
detect_again "$0"
echo "$0 was not given what its files say"
exit 1`;
  return {
    argv: ["/bin/sh", "-c", script, bearer, ...own],
    stdin: `${loan.take.join("\n")}\n`,
    limitSeconds: limitSeconds + 5,
    why: `Leaves ${bearer} with what its manager gave it`,
    onFailure: "go-on",
  };
}
