import { ssh, until } from "./machine.ts";
import { live, type World } from "./scene.ts";
import { hostName } from "./world.ts";

/** The file that is applied. */
export const wanted = "/etc/holdfast/holdfast.yaml";

/** Asks whether the live change has come to a state. */
export const hasReached = (marker: string) => (): boolean => live()?.names.includes(marker) === true;

/** Begins the change that is wanted, and returns when a state is reached. */
export async function begun({ network }: World, marker: string, deadline: string) {
  const session = ssh(network, hostName, `holdfast apply ${wanted} --deadline ${deadline}`);
  const isThere = hasReached(marker);
  await until(`${marker}: ${session.text()}`, () => isThere() || session.process.exitCode !== null, 120);
  const { deadline: at = Number.NaN } = live() ?? {};
  return { session, deadline: at };
}
