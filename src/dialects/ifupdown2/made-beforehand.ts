import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config, Hook, Interface } from "../../model/config.ts";

/* ifupdown2 has no attribute for fail_over_mac, which can only be set while the bond has no ports. A bond that is there already
 * it keeps, and sets the rest of it; ports come up before the bond, so the command of one of them can make it. */

/** Whether the policy can be had: it means something in one mode only, and the command needs a port to stand at. */
export function isMadeBeforehand({ options: { mode, fail_over_mac: policy }, ports }: Bond): boolean {
  return mode === "active-backup" && (policy === "active" || policy === "follow") && ports.length > 0;
}

/** The port whose stanza has the command. */
export function portThatMakes({ options: { primary }, ports }: Bond): string | undefined {
  return primary ?? ports[0];
}

/** The command that makes the bond with its policy. The primary is said as well: of a bond that is there and has none, ifupdown2
 *  takes bond-primary for something the kernel doesn't know (test/lab/managers.test.ts). */
export function makingCommand({ name, options: { fail_over_mac: policy, primary } }: Bond): string {
  const said = primary === undefined ? "" : ` primary ${primary}`;
  return `ip link add ${name} type bond mode active-backup fail_over_mac ${policy}${said} || true`;
}

const making =
  /^ip link add (\S+) type bond mode active-backup fail_over_mac (?:active|follow)(?: primary \S+)? \|\| true$/;

/** A command that makes a bond, where it stands. */
export interface Making {
  readonly port: string;
  readonly hook: Hook;
  readonly at: Span;
}

/** Whether a command may be one of those; what it makes is looked at when all the bonds are known. */
export function looksLikeMaking({ when, command }: Hook): boolean {
  return when === "pre-up" && making.test(command);
}

/** Bonds with the policy that a command of one of their ports gives them, and interfaces without those commands. A command that says
 *  anything else than the stanzas do stays a command. */
export function takeMakings(
  bonds: readonly Bond[],
  interfaces: readonly Interface[],
  makings: readonly Making[],
  place: (option: string, at: Span) => void,
): Pick<Config, "bonds" | "interfaces"> {
  const taken = new Set<Hook>();
  const made = bonds.map((bond): Bond => {
    for (const { port, hook, at } of makings) {
      const policy = / fail_over_mac (\w+)/.exec(hook.command)?.[1] ?? "";
      const one: Bond = { ...bond, options: { ...bond.options, fail_over_mac: policy } };
      if (!bond.ports.includes(port) || !isMadeBeforehand(one) || makingCommand(one) !== hook.command) continue;
      taken.add(hook);
      place(`bond/${bond.name}/option/fail_over_mac`, at);
      return one;
    }
    return bond;
  });
  if (taken.size === 0) return { bonds, interfaces };
  const without = (iface: Interface): Interface =>
    iface.hooks.some((hook) => taken.has(hook))
      ? { ...iface, hooks: iface.hooks.filter((hook) => !taken.has(hook)) }
      : iface;
  return { bonds: made, interfaces: interfaces.map(without) };
}
