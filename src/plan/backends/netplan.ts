import type { Backend } from "../backend.ts";
import type { Step } from "../change.ts";
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
  if (!isForManager) return networkdActs(situation, [netplanGenerate]);
  const reload: Step = {
    argv: ["nmcli", "connection", "reload"],
    limitSeconds: 30,
    why: "Tells NetworkManager to read its profiles again",
    onFailure: "stop",
  };
  return networkmanagerActs(situation, [netplanGenerate, reload]);
};
