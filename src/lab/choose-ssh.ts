import { packageLayer } from "./packages.ts";

/** What an ssh session takes in the guest beyond what every lab has, by Debian package. */
const sshPackages: readonly string[] = ["openssh-client", "openssh-server"];

/** Whether a rehearsal has its ssh session, with the packages it then needs; why not, where one was asked for in vain. */
export interface SshChoice {
  readonly ssh?: true;
  readonly packages: readonly string[];
  readonly why?: string;
}

/** The real ssh and sshd, where they can be had. `packages`: what the guest gets anyway. May fetch packages. */
export async function chooseSsh(packages: readonly string[], signal?: AbortSignal): Promise<SshChoice> {
  const all = [...packages, ...sshPackages];
  const layer = await packageLayer(all, signal);
  return layer.ok ? { ssh: true, packages: all } : { packages, why: `${layer.error.message}. ${layer.error.hint}` };
}
