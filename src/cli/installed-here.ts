import { realpath } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { type HostTree, hostTree } from "../host/linux/observe/tree.ts";
import { underSudo } from "../host/linux/observe/under-sudo.ts";
import type { Cli } from "./command.ts";

/** What of Holdfast a host starts by itself. */
export interface Services {
  /** Who starts services there. */
  readonly service: "systemd" | "other";
  /** A change that nobody confirmed is taken back at boot. */
  readonly hasRecover: boolean;
  /** What installs it for good; absent where that is done. */
  readonly install?: string;
}

/** How Holdfast lies on a host: which commands work there as they are printed. */
export interface Installed extends Services {
  /** What calls this program from where the user is. */
  readonly program: string;
  /** What calls the installed one as root. */
  readonly asRoot: string;
}

/* Source: systemd.unit(5). */
const units = [
  "/etc/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

/** Looks how Holdfast lies on the host below `root`. */
export async function installedHere(cli: Cli, root: string): Promise<Installed> {
  const tree = hostTree(resolve(cli.cwd, root));
  const services = await servicesOf(tree, cli.home);
  const program = tree.root === "/" ? await callOf(cli) : "holdfast";
  return { ...services, program, asRoot: await underSudo(tree) };
}

/** What a host starts. `home`: where this program lies. */
export async function servicesOf(tree: HostTree, home: string): Promise<Services> {
  // In a copy of a host nothing runs: what its init is says it.
  const hasSystemd = (await tree.isThere("/run/systemd/system")) || (await tree.linkName("/sbin/init")) === "systemd";
  const service = hasSystemd ? "systemd" : "other";
  // systemd takes nothing from init's scripts that come before the network, and another init nothing from units, which are
  // installed all the same. Source: systemd-sysv-generator(8).
  const ofInit = !hasSystemd && (await tree.isThere("/etc/init.d/holdfast-recover"));
  const wanted = "/etc/systemd/system/sysinit.target.wants/holdfast-recover.service";
  const hasRecover = hasSystemd ? await tree.isThere(wanted) : ofInit;
  for (const folder of units)
    if (await tree.isThere(`${folder}/holdfast-agent.service`)) return { service, hasRecover };
  if (ofInit) return { service, hasRecover };
  const isCheckout = tree.root === "/" && (await hostTree(home).isThere("/Makefile"));
  return { service, hasRecover, install: `sudo make ${isCheckout ? `-C ${home} ` : ""}install` };
}

/** "holdfast" where the shell finds this very program under that name. */
async function callOf(cli: Cli): Promise<string> {
  const own = join(cli.home, "bin/holdfast");
  const real = await realOf(own);
  for (const folder of (cli.env["PATH"] ?? "").split(":"))
    if (folder !== "" && (await realOf(join(folder, "holdfast"))) === real) return "holdfast";
  const near = relative(cli.cwd, own);
  return near.startsWith("..") ? own : near;
}

const realOf = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined);
