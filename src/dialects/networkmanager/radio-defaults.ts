/** What of a radio no profile says, or a distribution may have changed for all of them: a radio that is a port keeps the MAC address the
 *  bond wants of it, while it looks for networks too, and doesn't sleep between its monitors' questions. Beside the profiles, where it
 *  counts for this radio alone and wherever a profile says nothing. A name that could stand for others has no such file.
 *  Source: NetworkManager.conf(5), connection and device sections; nm-settings(5), wifi.powersave. */
export function addRadioDefaults(name: string, files: Map<string, string>): void {
  if (!/^[\w.-]+$/.test(name)) return;
  const match = `match-device=interface-name:=${name}`;
  const lines = [
    "# Written by Holdfast; see NetworkManager.conf(5).",
    "",
    `[device-holdfast-${name}]`,
    match,
    "wifi.scan-rand-mac-address=no",
    "",
    `[connection-holdfast-${name}]`,
    match,
    "wifi.cloned-mac-address=preserve",
    "# 2: off.",
    "wifi.powersave=2",
    "",
  ];
  files.set(radioDefaultsPath(name), lines.join("\n"));
}

/** Where that stands. */
export function radioDefaultsPath(name: string): string {
  return `/etc/NetworkManager/conf.d/90-holdfast-${name}.conf`;
}
