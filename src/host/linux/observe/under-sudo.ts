import type { HostTree } from "./tree.ts";

/** How root's is called by `sudo`, which looks into the system's own folders alone where Red Hat or SUSE set it up; their newer ones
 *  look further, and take the full path as well. Who isn't root may not read what it says. Source: sudoers(5), secure_path. */
export async function underSudo(tree: HostTree): Promise<string> {
  if (await tree.isThere("/usr/bin/holdfast")) return "sudo holdfast";
  const isStrict = /^ID(_LIKE)?=.*\b(rhel|centos|fedora|suse)\b/m.test(await tree.text("/etc/os-release"));
  return isStrict ? "sudo /usr/local/bin/holdfast" : "sudo holdfast";
}
