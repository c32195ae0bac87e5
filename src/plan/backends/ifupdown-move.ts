import type { Interface } from "../../model/config.ts";
import type { Acts, Situation } from "../backend.ts";
import type { Step } from "../change.ts";
import { ipBatch } from "../kernel-steps.ts";
import { type Loan, loanOf } from "../lend-addresses.ts";
import { joinLines, optionsOf } from "./netlink.ts";
import { endOfLoan, type Home, homeOf, wayHome } from "./way-home.ts";

/** How ip(8) keeps a host reached while ifup and ifdown, which take seconds, do their part. */
export interface Move {
  /** Links that bear the host's addresses now, and become ports. */
  readonly bearers: readonly string[];
  /** undefined: ifdown must take the bearers down first, since more than addresses hangs on them. */
  readonly forward: Pick<Acts, "quiesce" | "converge"> | undefined;
  /** Before ifdown and ifup go back, and after. */
  readonly backFirst: readonly Step[];
  readonly backLast: readonly Step[];
  /** ifup of these names, with what was lent in its way gone. */
  readonly backUp: (names: readonly string[], plainly: Step) => Step;
}

/** The host's addresses move from plain links into one new bond, or don't: then undefined. */
export function moveOf(situation: Situation): Move | undefined {
  const { host, merged } = situation;
  const home = homeOf(situation, "ifupdown");
  const bond = merged.wanted.bonds[0]?.name ?? "";
  if (home === undefined) return undefined;
  const { bearer, loan } = home;
  const away = loanOf(host, merged.before, { from: [bearer], to: bond, families: "ipv4" });
  const ports = merged.wanted.bonds.flatMap((one) => one.ports);
  return {
    bearers: [bearer],
    forward:
      away !== undefined && isPlain(situation, [bearer, ...ports]) ? forward(situation, bearer, away) : undefined,
    backFirst: [wayHome(home), forget([bearer])],
    backUp: (names, plainly) => (loan.same6.length === 0 ? plainly : upWithoutGap(home, names, plainly)),
    // A router that advertises itself answers when it is asked, and ifup doesn't wait for it; one that no file says never comes.
    backLast: [
      loan.routers.length > 0 || loan.has6
        ? endOfLoan(home)
        : ipBatch(loan.take, `Leaves ${bearer} with what ifup gave it`, "go-on"),
    ],
  };
}

/** Nothing hangs on these links but addresses and routes: what ip moves is all that ifdown would undo. */
function isPlain({ host, merged }: Situation, names: readonly string[]): boolean {
  const isSo = (iface: Interface): boolean =>
    [iface.ipv4, iface.ipv6].every(({ method }) => /^(static|manual|none)$/.test(method)) &&
    iface.hooks.length + iface.extra.length === 0 &&
    [iface.dns, iface.wifi, iface.vlan, iface.bridge].every((one) => one === undefined);
  const isThere = (name: string) => host.links.some((link) => link.name === name);
  const sides = [merged.before, merged.after];
  return names.every(
    (name) =>
      isThere(name) && sides.every(({ interfaces }) => interfaces.filter((one) => one.name === name).every(isSo)),
  );
}

function forward(situation: Situation, bearer: string, loan: Loan): NonNullable<Move["forward"]> {
  const { host, merged } = situation;
  const [bond] = merged.wanted.bonds;
  if (bond === undefined) return { quiesce: [], converge: [] };
  const { name, ports } = bond;
  const iface = merged.wanted.interfaces.find((one) => one.name === name);
  const mac = iface?.mac ?? host.links.find((link) => link.name === bearer)?.mac ?? "";
  const idle = ports.filter((port) => port !== bearer);
  const later = optionsOf(bond, "after-ports");
  const lines = [
    `link add name ${name} type bond ${optionsOf(bond, "before-ports")}`.trimEnd(),
    ...(mac === "" ? [] : [`link set dev ${name} address ${mac}`]),
    ...(iface?.mtu === undefined ? [] : [`link set dev ${name} mtu ${iface.mtu}`]),
    ...idle.flatMap((port) => joinLines(port, name)),
    `link set dev ${name} up`,
    `address flush dev ${bearer} scope global`,
    ...loan.give,
    ...joinLines(bearer, name),
    ...(later === "" ? [] : [`link set dev ${name} type bond ${later}`]),
  ];
  return {
    quiesce: [
      ipBatch(lines, `Makes ${name}, which takes in ${ports.join(" and ")} and is lent the addresses of ${bearer}`),
    ],
    converge: [
      note(ports),
      {
        argv: ["ifup", name, ...ports],
        limitSeconds: 75,
        why: `Brings ${name} up with the new files`,
        onFailure: "stop",
      },
      ipBatch(loan.take, `Leaves ${name} with what ifup gave it`, "go-on"),
    ],
  };
}

/** ifup adds IPv6 addresses, and fails where they are: they go as it begins. */
function upWithoutGap({ bearer, loan }: Home, names: readonly string[], plainly: Step): Step {
  const script = 'ip -force -batch - 2>/dev/null; ifup "$@"';
  const lines = loan.same6.map((cidr) => `address del ${cidr} dev ${bearer}`);
  return { ...plainly, argv: ["/bin/sh", "-c", script, bearer, ...names], stdin: `${lines.join("\n")}\n` };
}

/** ifup must neither take a port down that is in already, nor wonder at one it didn't bring up. */
function note(ports: readonly string[]): Step {
  const script =
    'cd /run/network && for n do grep -qs "^$n=" ifstate || echo "$n=$n" >>ifstate; echo "$n" >"ifstate.$n"; done';
  return {
    argv: ["/bin/sh", "-c", script, "sh", ...ports],
    limitSeconds: 10,
    why: `ifupdown notes that ${ports.join(" and ")} ${ports.length === 1 ? "is" : "are"} up`,
    onFailure: "stop",
  };
}

function forget(names: readonly string[]): Step {
  const script =
    'cd /run/network || exit 0; for n do [ ! -e ifstate ] || sed -i "/^$n=/d" ifstate; [ ! -e "ifstate.$n" ] || : >"ifstate.$n"; done';
  return {
    argv: ["/bin/sh", "-c", script, "sh", ...names],
    limitSeconds: 10,
    why: `ifupdown forgets ${names.join(" and ")}, to bring ${names.length === 1 ? "it" : "them"} up anew`,
    onFailure: "go-on",
  };
}
