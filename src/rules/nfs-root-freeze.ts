import { inFile } from "./about/host.ts";
import type { Rule } from "./rule.ts";

/** A port goes down to join; with the root file system behind it there is nobody left to bring it up again. */
export const nfsRootFreeze: Rule = {
  name: "nfs-root-freeze",
  severity: "error",
  about: "A bond is not built over the ports that carry the root file system",
  source: ["systemd issue 33694", "Linux, Documentation/admin-guide/nfs/nfsroot.rst"],
  applies: "any",
  check: ({ host, config }) => {
    const kind = host === undefined ? undefined : networkRoot(host.rootType, host.commandLine);
    const [bond] = config.bonds;
    // Once it runs, it was made where it does no harm.
    if (kind === undefined || bond === undefined || host?.bonds.some(({ name }) => name === bond.name) === true)
      return [];
    return [
      {
        bond: bond.name,
        message: `the root file system comes over the network (${kind}), and ${bond.name} takes the ports down before it brings them up: the host freezes in between`,
        hint: "Make the bond in the initramfs, before the root file system is mounted.",
        at: inFile("/proc/mounts"),
      },
    ];
  },
};

function networkRoot(type: string, commandLine: string): string | undefined {
  if (/^(nfs4?|cifs|9p|ceph)$/.test(type)) return type;
  return /(?:^|\s)((?:root=\/dev\/nfs|nfsroot=|rd\.iscsi|iscsi_|netroot=|root=nbd:)\S*)/.exec(commandLine)?.[1];
}
