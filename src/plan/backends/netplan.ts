import { radioUnit } from "../../dialects/netplan/files.ts";
import { differences } from "../../model/differences.ts";
import type { Acts, Backend, Situation } from "../backend.ts";
import type { Step } from "../change.ts";
import { joiningRadios, radiosOf } from "../joining-radios.ts";
import { reloadUnits, systemctl } from "../systemd-steps.ts";
import { networkdActs } from "./networkd.ts";
import { networkmanagerActs } from "./networkmanager.ts";

/** Makes of netplan's files what its renderer reads. */
export const netplanGenerate: Step = {
  argv: ["netplan", "generate"],
  limitSeconds: 30,
  why: "Lets netplan write what its renderer reads",
  onFailure: "stop",
};

/** netplan: its files become its renderer's, and the renderer is led as if they were its own. netplan try takes no bonds, and netplan
 *  apply bounces links that needn't. */
export const netplanBackend: Backend = (situation) => {
  const isForManager = situation.host.inCharge === "networkmanager";
  if (!isForManager) return withRadios(networkdActs(situation, [netplanGenerate]), situation);
  const reload: Step = {
    argv: ["nmcli", "connection", "reload"],
    limitSeconds: 30,
    why: "Tells NetworkManager to read its profiles again",
    onFailure: "stop",
  };
  return networkmanagerActs(situation, [netplanGenerate, reload]);
};

/** netplan's own unit joins a radio's network. systemd starts it with networkd, at a boot, and networkd runs already. Source: wpa's part of
 *  netplan's networkd.c. */
function withRadios(acts: Acts, { merged: { before, after } }: Situation): Acts {
  const changed = differences(before, after);
  const joining = joiningRadios(before, after);
  const names = new Set([...radiosOf(before), ...radiosOf(after)]);
  const others = [...names].filter((name) => joining.includes(name) || changed.some((about) => isOfRadio(about, name)));
  if (others.length === 0) return acts;
  const led = (by: typeof before): readonly Step[] => [
    reloadUnits,
    ...others.map((name) => {
      return radiosOf(by).has(name)
        ? systemctl(["restart", radioUnit(name)], `Lets ${name} join the network that netplan's files name`)
        : systemctl(["stop", radioUnit(name)], `Lets ${name} leave its network`);
    }),
  ];
  return { ...acts, converge: [...acts.converge, ...led(after)], restore: [...acts.restore, ...led(before)] };
}

/** Whether a difference is one of what a radio joins, or that there is the radio. */
function isOfRadio(about: string, name: string): boolean {
  return about === `interface/${name}` || about.startsWith(`interface/${name}/wifi`);
}
