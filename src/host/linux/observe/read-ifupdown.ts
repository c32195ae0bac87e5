import type { HostTree } from "./tree.ts";

/** What ifupdown or ifupdown2 remembers of having brought up since the boot; undefined: nothing, or there is none of them. */
export interface IfupdownRecord {
  /** Whether it says it configures the interface, as one of its own or as a port of one. */
  readonly has: (name: string) => boolean;
}

/** The record of the one that is installed. Of the two kinds of record one counts, for they exclude each other. */
export async function readIfupdownRecord(tree: HostTree): Promise<IfupdownRecord | undefined> {
  return (await ifupdown1(tree)) ?? (await ifupdown2(tree));
}

/** Source: ifupdown's state.c: a line NAME=LOGICAL for each. */
async function ifupdown1(tree: HostTree): Promise<IfupdownRecord | undefined> {
  const text = await tree.text("/run/network/ifstate");
  if (text === "") return undefined;
  const names = new Set(text.split("\n").map((line) => line.split("=")[0] ?? ""));
  return { has: (name) => names.has(name) };
}

const confPath = "/etc/network/ifupdown2/ifupdown2.conf";
const usualFolder = "/var/tmp/network/";

/** It pickles its interfaces into a directory that may outlive the boot; the empty file it makes beside that under /run doesn't.
 *  Source: ifupdown2 3.0, ifupdown/statemanager.py. */
async function ifupdown2(tree: HostTree): Promise<IfupdownRecord | undefined> {
  if (!(await tree.isThere("/run/network/ifstatelock"))) return undefined;
  const said = /^[ \t]*state_dir[ \t]*=[ \t]*(\S+)/m.exec(await tree.text(confPath))?.[1] ?? usualFolder;
  const found = (await tree.bytes(`${said}/ifstatenew`)) || (await tree.bytes(`${usualFolder}/ifstatenew`));
  return found === "" ? undefined : { has: (name) => isPickled(found, name) };
}

/** Whether a pickle of protocol 2 to 5 holds the string: the opcode of a short or a long one, its length, itself. The rest of the
 *  pickle, which would be a program to run, isn't looked at. Source: Python's pickletools.py. */
function isPickled(pickle: string, name: string): boolean {
  const length = String.fromCharCode(name.length);
  return pickle.includes(`\x8c${length}${name}`) || pickle.includes(`X${length}\0\0\0${name}`);
}
