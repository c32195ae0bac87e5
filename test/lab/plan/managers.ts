import { type Manager, managers } from "../../../src/cli/rehearse/managers.ts";
import type { FileSet } from "../../../src/diagnostic/diagnostic.ts";
import { nameLibraries } from "../installed.ts";
import type { Scene } from "./converge.ts";

/** How a lab's host is brought up by what the scene is about. */
export type BroughtUp = Pick<Manager, "packages" | "without" | "bringUp">;

/** netplan writes what networkd reads, as its generator does at boot. */
const netplan: BroughtUp = {
  packages: ["netplan.io", ...managers.networkd.packages],
  bringUp: (files: FileSet) => {
    const networkd = managers.networkd.bringUp(files);
    return { ...networkd, commands: [nameLibraries, ["netplan", "generate"], ...networkd.commands] };
  },
};

/** A host that somebody set up with ip, and no file says so. */
const byHand = (peer: string): BroughtUp => ({
  packages: [],
  bringUp: () => ({
    manager: "none",
    commands: [
      [
        "sh",
        "-c",
        `ip address add 192.0.2.5/24 dev eth0 && ip link set dev eth0 up && ip route add default via ${peer}`,
      ],
    ],
  }),
});

/** Of a scene's manager. */
export function broughtUpBy(backend: Scene["backend"], peer: string): BroughtUp {
  if (backend === "netlink") return byHand(peer);
  if (backend === "netplan") return netplan;
  return managers[backend as keyof typeof managers];
}
