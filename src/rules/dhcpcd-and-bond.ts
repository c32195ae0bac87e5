import { aboutBonds, interfaceNamed } from "./about/bonds.ts";
import { listed } from "./about/words.ts";
import type { Rule, Subject } from "./rule.ts";

const path = "/etc/dhcpcd.conf";

/** dhcpcd gives every interface an address that nobody forbade it. */
export const dhcpcdAndBond: Rule = {
  name: "dhcpcd-and-bond",
  severity: "warning",
  about: "dhcpcd leaves a bond's ports alone",
  source: ["dhcpcd.conf(5), denyinterfaces and allowinterfaces", "dhcpcd issues 84 and 99"],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const text = configurationOf(subject);
      if (text === undefined) return undefined;
      const words = (key: string) =>
        [...text.matchAll(new RegExp(`^[ \\t]*${key}[ \\t]+(.*)$`, "gm"))].flatMap(([, names = ""]) =>
          names.trim().split(/[\s,]+/),
        );
      const allowed = words("allowinterfaces");
      const denied = words("denyinterfaces");
      const open = bond.ports.filter(
        (port) =>
          !denied.some((one) => fits(one, port)) && (allowed.length === 0 || allowed.some((one) => fits(one, port))),
      );
      if (open.length === 0 || interfaceNamed(subject.config, bond.name) === undefined) return undefined;
      return {
        message: `dhcpcd asks for addresses on ${listed(open)} too, though ${bond.name} has them: each gets an address and a default route of its own, which come before ${bond.name}'s`,
        hint: `Write denyinterfaces ${bond.ports.join(" ")} in ${path}.`,
        at: { file: path, start: 0, end: (text.split("\n")[0] ?? "").length },
      };
    }),
};

/** Its own file, where it is there to be obeyed. On a host it is seen whether dhcpcd runs, or will: without a file it takes them all. */
function configurationOf({ dialect, files, host }: Subject): string | undefined {
  if (host === undefined) return dialect === "ifupdown" ? files.get(path) : undefined;
  const isThere = host.managers.some(({ name, isRunning, isEnabled }) => name === "dhcpcd" && (isRunning || isEnabled));
  return isThere ? (host.texts.get(path) ?? files.get(path) ?? "") : undefined;
}

/** Whether a shell pattern of dhcpcd.conf names this interface. */
function fits(pattern: string, name: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`).test(name);
}
