import { inFile, portsOf } from "./about/host.ts";
import { listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** Who unlocks a disk over the network brings a port up before there is a bond. */
export const initramfsLeavesPortUp: Rule = {
  name: "initramfs-leaves-port-up",
  severity: "error",
  about: "No port keeps the address it got in the initramfs",
  source: [
    "Linux, Documentation/admin-guide/nfs/nfsroot.rst, ip=",
    "initramfs-tools-network-hook issue 2 and merge request 13",
  ],
  applies: "any",
  check: (subject) => {
    const { host } = subject;
    const word = /(?:^|\s)((?:ip|BOOTIF)=\S+)/.exec(host?.commandLine ?? "")?.[1];
    if (host === undefined || word === undefined || /^ip=(off|none)$/.test(word)) return [];
    const left = portsOf(subject).filter(({ addresses }) => addresses.length > 0);
    if (left.length === 0) return [];
    const names = left.map(({ name }) => name);
    return [
      {
        message: `the kernel command line says ${word}, and ${listed(names)} still ${names.length === 1 ? "has" : "have"} ${listed(left.flatMap(({ addresses }) => addresses))}: a port that is up is refused by the bond, and its address takes the answers`,
        hint: `Flush and take down ${listed(names)} at the end of the initramfs (a script in /etc/initramfs-tools/scripts/local-bottom), or make the bond in it.`,
        at: inFile("/proc/cmdline"),
      },
    ];
  },
};
