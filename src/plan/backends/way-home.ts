import { linkNamed } from "../../model/host-state.ts";
import type { ManagerName } from "../../model/managers.ts";
import type { Situation } from "../backend.ts";
import { rebuilt } from "../backend.ts";
import type { Step } from "../change.ts";
import { type Loan, loanOf } from "../lend-addresses.ts";

/** The one plain link that bears the host's addresses and becomes a port of one new bond. */
export interface Home {
  readonly bond: string;
  readonly bearer: string;
  /** What the bearer had, lent to it until its manager gives it again. */
  readonly loan: Loan;
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
  const loan = loanOf(host, merged.before, [bearer.name], bearer.name);
  return loan === undefined ? undefined : { bond: bond.name, bearer: bearer.name, loan };
}

/** One run of ip, before the files are back: the host is reached when it ends, whatever of the change had been done. */
export function wayHome({ bond, bearer, loan }: Home): Step {
  const lines = [
    `link set dev ${bearer} nomaster`,
    `address flush dev ${bearer} scope global`,
    `link set dev ${bearer} up`,
    ...loan.give,
  ];
  const script = `{ [ ! -e "/sys/class/net/$0" ] || echo "link del dev $0"; cat; } | ip -force -batch -`;
  return {
    argv: ["/bin/sh", "-c", script, bond],
    stdin: `${lines.join("\n")}\n`,
    limitSeconds: 10,
    why: `Frees ${bearer} and lends it the addresses it had: the host is reached again`,
    onFailure: "go-on",
    beforeFiles: true,
  };
}

/** The IPv4 addresses that the bearer has of its manager, as CIDR. */
export function ownAddresses({ host }: Situation, { bearer }: Home): readonly string[] {
  return linkNamed(host, bearer)?.addresses.filter((one) => !one.includes(":")) ?? [];
}

/** Ends the loan once a manager that doesn't say when it is done has given the link its own addresses, or after ten seconds: a manager that
 *  has taken the loan away already is no failure. `own`: those addresses, as CIDR. */
export function endOfLoan({ bearer, loan }: Home, own: readonly string[]): Step {
  const script = `for n in 1 2 3 4 5 6 7 8 9 10; do
  missing=; for own do ip -o address show dev "$0" | grep -qF " $own " || missing=1; done
  [ -n "$missing" ] || break; sleep 1
done; ip -force -batch - >/dev/null 2>&1; :`;
  return {
    argv: ["/bin/sh", "-c", script, bearer, ...own],
    stdin: `${loan.take.join("\n")}\n`,
    limitSeconds: 15,
    why: `Leaves ${bearer} with what its manager gave it`,
    onFailure: "go-on",
  };
}
