import { supplicantPath } from "../wpa-supplicant.ts";

/** The command that joins a radio network before its interface comes up: ifupdown2 has no Wi-Fi of its own. */
export function supplicantCommand(name: string): string {
  return `wpa_supplicant -B -i $IFACE -c ${supplicantPath(name)}`;
}
