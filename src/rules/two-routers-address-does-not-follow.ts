import type { Bond } from "../model/bond.ts";
import { aboutBonds, addressesOn, bondPlace, inForce, interfacePlace, usesDhcp } from "./about/bonds.ts";
import { isWithin } from "./about/networks.ts";
import { type Leg, legsOf } from "./about/paths.ts";
import { sources } from "./about/sources.ts";
import { listed } from "./about/words.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** Bonding moves frames to another port; the address and the gateway stay those of the first router. */
export const twoRoutersAddressDoesNotFollow: Rule = {
  name: "two-routers-address-does-not-follow",
  severity: "error",
  about: "The host's address and gateway work behind every router its ports lead to",
  source: [sources.bondMain, sources.bonding61, "the second article (VDSL and LTE)"],
  applies: "any",
  check: (subject) => aboutBonds(subject, (bond) => strandedLegs(subject, bond)),
};

function strandedLegs(subject: Subject, bond: Bond): Finding | undefined {
  const legs = legsOf(subject, bond);
  if (new Set(legs.map((leg) => leg.name)).size < 2) return undefined;
  const addresses = addressesOn(subject.config, bond.name).filter((address) => !address.includes(":"));
  if (addresses.length > 0) return staticFinding(subject, bond, legs, addresses);
  const gateways = new Set(legs.map((leg) => leg.gateway));
  if (!usesDhcp(subject.config, bond.name) || gateways.size < 2 || inForce(bond, "fail_over_mac") === "active")
    return undefined;
  return {
    message: `${listed(legs.map((leg) => leg.name))} give ${bond.name} different addresses, and a failover changes nothing a DHCP client could see: it keeps the dead router's address and gateway`,
    hint: "Give both routers one subnet and one gateway address, or say fail_over_mac active and use a DHCP client that asks again when the MAC address changes.",
    at: interfacePlace(subject, bond.name, "ipv4") ?? bondPlace(subject, bond),
  };
}

function staticFinding(
  subject: Subject,
  bond: Bond,
  legs: readonly Leg[],
  addresses: readonly string[],
): Finding | undefined {
  const stranded = legs.filter(
    (leg) => !isWithin(leg.ownAddress === undefined ? addresses : [leg.ownAddress], leg.gateway),
  );
  if (stranded.length === 0) return undefined;
  const names = listed(stranded.map((leg) => `${leg.name} (${leg.gateway})`));
  return {
    message: `after a failover to ${listed(stranded.map((leg) => leg.port))} nothing answers: ${bond.name} keeps ${listed(addresses)}, and ${names} is on another subnet`,
    hint: "Put both routers on one subnet with one gateway address, or declare an address of its own for that uplink.",
    at: stranded[0]?.at ?? bondPlace(subject, bond),
    also: stranded.slice(1).flatMap((leg) => (leg.at === undefined ? [] : [{ at: leg.at, note: "and this one" }])),
  };
}
