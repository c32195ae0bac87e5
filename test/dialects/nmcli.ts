import { type RealProgram, realProgram } from "./real-program.ts";

/** The real nmcli with its --offline mode (NetworkManager 1.42 and later). undefined: none is to be had. */
export async function findNmcli(): Promise<RealProgram | undefined> {
  const found = await realProgram({
    variable: "HOLDFAST_NMCLI",
    paths: ["usr/bin/nmcli"],
    packages: ["network-manager", "dbus-daemon"],
  });
  return found?.run(["--offline", "connection", "add", "type", "dummy", "ifname", "d0"]).status === 0
    ? found
    : undefined;
}

/** The profile as NetworkManager itself reads, completes and writes it, or why it refuses it. */
export function normalised(
  nmcli: RealProgram | undefined,
  profile: string,
): { readonly text: string } | { readonly refused: string } {
  if (nmcli === undefined) return { refused: "there is no nmcli" };
  // An empty zone is no zone: nothing is modified.
  const { status, stdout, stderr } = nmcli.run(["--offline", "connection", "modify", "connection.zone", ""], profile);
  return status === 0 && stdout !== "" ? { text: stdout } : { refused: stderr.trim() };
}
