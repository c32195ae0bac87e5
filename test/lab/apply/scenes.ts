import type { Network } from "../../../src/lab/guest/network.ts";
import type { Operator } from "../../../src/lab/guest/operate.ts";
import { type Machine, ssh } from "./machine.ts";
import { hostAddress } from "./world.ts";

/** What a scene plays in. */
export interface World {
  readonly network: Network;
  readonly machine: Machine;
  readonly operator: Operator;
  say(words: string): void;
}

export type Scene = (world: World) => Promise<object>;

/** The world stands: the host is reached over ssh, and is itself again after its power was cut. */
async function stands({ network, machine }: World): Promise<object> {
  const first = ssh(
    network,
    hostAddress,
    "ip -br addr; echo $SSH_CONNECTION; cat /proc/sys/kernel/random/boot_id; holdfast --version",
  );
  const status = await first.ended;
  const systemd = machine.run("systemctl", "list-units", "--failed", "--no-legend");
  await machine.powerOff();
  await machine.boot();
  const again = ssh(network, hostAddress, "ip -br addr; cat /proc/sys/kernel/random/boot_id");
  await again.ended;
  return { status, text: first.text(), systemd, again: again.text() };
}

export const scenes: Readonly<Record<string, Scene>> = { stands };
