import { linkNamed } from "../model/host-state.ts";
import { aboutBonds, bridgesOver, inForce, isActiveBackup, portPlace } from "./about/bonds.ts";
import { agreeing, listed } from "./about/words.ts";
import type { Rule, Subject } from "./rule.ts";

/* systemd puts vN behind a card's name for its N-th virtual function; drivers of their own are named …vf. */
const functionName = /^en[ops]\S*v\d+$/;
const functionDriver = /^(?:iavf|i40evf|ixgbevf|igbvf|fm10kvf|cxgb4vf)$/;

/** A virtual function has the MAC address that the host of the card gave it. */
export const virtualFunctionKeepsMac: Rule = {
  name: "virtual-function-keeps-mac",
  severity: "warning",
  about: "A bond of virtual functions leaves each its own MAC address",
  source: [
    "ip-link(8), vf NUM trust: only a trusted function may change its address",
    "Linux 6.1, drivers/net/ethernet/intel/iavf/iavf_main.c, iavf_set_mac()",
    "ifupdown2 issue tracker, a bond of virtual functions below a bridge",
  ],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (inForce(bond, "fail_over_mac") === "active") return undefined;
      const ports = bond.ports.filter((port) => isVirtualFunction(subject, port));
      const [first] = ports;
      if (first === undefined || !isActiveBackup(bond)) return undefined;
      const [bridge] = bridgesOver(subject.config, bond.name);
      const guests =
        bridge === undefined ? "" : `; and the addresses of guests on ${bridge.name} are dropped by the card as well`;
      return {
        message: `${listed(ports)} ${agreeing(ports, "is a virtual function, which doesn't", "are virtual functions, which don't")} take the MAC address of ${bond.name} unless the card's owner trusts ${agreeing(ports, "it", "them")}: ${agreeing(ports, "it stays", "they stay")} outside, or carry nothing${guests}`,
        hint: `Set fail_over_mac to active, or trust the function where the card is (ip link set CARD vf NUMBER trust on)${bridge === undefined ? "" : "; the bridge needs the trust in any case"}.`,
        at: portPlace(subject, bond, first),
        explains: ["fom-active-under-bridge"],
      };
    }),
};

function isVirtualFunction({ host }: Subject, name: string): boolean {
  const driver = host === undefined ? "" : (linkNamed(host, name)?.driver ?? "");
  return functionDriver.test(driver) || functionName.test(name);
}
