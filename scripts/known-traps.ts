/** Traps that bonds are known for and no rule has the name of: what tells them, or why nothing does. */
export interface KnownTrap {
  /** What happens, as short as a title. */
  readonly about: string;
  /** Codes of a rule or a parser that tell it, each with a page or a section of its own. */
  readonly told?: readonly string[];
  /** Why neither files nor a running host show it. */
  readonly unseen?: string;
}

const anAct = "it is what somebody does, and no file or host shows it beforehand";
const aReader = "it is a trap for programs that read the kernel's state; Holdfast reads files and netlink";

export const knownTraps: Readonly<Record<string, KnownTrap>> = {
  "enslave-while-up": { about: "a link that is up can't join", told: ["joins-while-up", "initramfs-leaves-port-up"] },
  "ifenslave-queue-id-broken": { about: "`bond-queue-id` does nothing", told: ["ifenslave-option-never-works"] },
  "ifupdown2-ignores-ifenslave-options": {
    about: "ifupdown2 knows only some of ifenslave's options",
    told: ["ifupdown2-ignored", "ifupdown2-no-bond"],
  },
  "mode-change-live": { about: "the mode of a running bond stays", told: ["existing-bond-unchanged"] },
  "netplan-strict-values": {
    about: "netplan wants every port defined, modes by name",
    told: ["netplan-undefined", "netplan-port-taken", "bad-option-value"],
  },
  "networkd-catch-all": { about: "a `.network` for everything sorts before the ports'", told: ["networkd-shadowed"] },
  "networkd-typo-ignored": {
    about: "networkd passes over what it doesn't know",
    told: ["networkd-unknown-key", "networkd-unknown-section", "networkd-bad-value", "networkd-bad-line"],
  },
  "nm-reapply-lies": { about: "`nmcli device reapply` leaves bond options", told: ["existing-bond-unchanged"] },
  "nmstate-mac-with-fom-active": {
    about: "a MAC address beside `fail_over_mac: active`",
    told: ["nmstate-refused", "mac-lost-with-fom-active"],
  },
  "primary-invisible-while-port-missing": {
    about: "the kernel shows no primary while that port is missing",
    told: ["port-not-in-bond"],
  },
  "sysfs-writes-fail-quietly": {
    about: "managers carry on after a refused option",
    told: ["ifenslave-option-refused", "existing-bond-unchanged"],
  },

  "bond-bounce-loses-routes": { about: "down and up again loses routes and IPv6 addresses", unseen: anAct },
  "bonding-masters-is-a-file": { about: "an entry of `/sys/class/net` that is no interface", unseen: aReader },
  "delete-bond-leaves-ports-down": { about: "without the bond its ports stay down, without an address", unseen: anAct },
  "drill-by-admin-down": { about: "`ip link set PORT down` isn't a pulled cable", unseen: anAct },
  "ifup-force-kills-bond": { about: "`ifup --force` of a running bond", unseen: anAct },
  "ip-json-oddities": { about: "`ip -j` says things otherwise than sysfs", unseen: aReader },
  "netplan-try-refuses-bonds": {
    about: "`netplan try` refuses bonds that have parameters",
    unseen: "it holds for every bond worth having: a finding on each would say nothing",
  },
  "networkd-restart-bounces-ports": { about: "a restart of networkd takes the ports down for a moment", unseen: anAct },
  "proxmox-ifdown-vmbr": { about: "`ifdown` of a bridge leaves its guests without network", unseen: anAct },
  "switch-sees-duplicate-mac": {
    about: "a strict switch closes a port over one MAC address on two",
    unseen: "only the switch knows how strict it is; every bond without fail_over_mac would be suspected",
  },
  "updelay-ignored-when-none-active": {
    about: "no delay while no port is active",
    unseen: "the kernel does so with every bond, and it does good",
  },
  "wifi-client-isolation": {
    about: "an access point that keeps its stations apart",
    unseen: "only the access point knows; rehearse and drill show it from a second client",
  },
};

/** docs/guide/what-check-sees.md */
export function trapsText(): string {
  const rows = Object.entries(knownTraps).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const codes = (told: readonly string[]) => told.map((code) => `\`${code}\``).join(", ");
  return `${[
    "# What check sees, and what it can't",
    "",
    "Most traps that bonds are known for have a [rule](../rules/README.md) of the same name. Some are told by the reader of a language,",
    "in its own words, or by a rule of another name. A few can't be seen at all, neither in files nor on a running host.",
    "",
    "## Told under another name",
    "",
    "| trap | what happens | told by |",
    "| --- | --- | --- |",
    ...rows.flatMap(([name, { about, told }]) =>
      told === undefined ? [] : [`| ${name} | ${about} | ${codes(told)} |`],
    ),
    "",
    "`holdfast explain CODE` tells more.",
    "",
    "## Not to be seen",
    "",
    "| trap | what happens | why not |",
    "| --- | --- | --- |",
    ...rows.flatMap(([name, { about, unseen }]) =>
      unseen === undefined ? [] : [`| ${name} | ${about} | ${unseen} |`],
    ),
  ].join("\n")}\n`;
}
