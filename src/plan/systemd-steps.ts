import type { Step } from "./change.ts";

/** A step of systemctl's that what follows doesn't depend on. */
export function systemctl(words: readonly string[], why: string): Step {
  return { argv: ["systemctl", ...words], limitSeconds: 45, why, onFailure: "go-on" };
}

/** Source: systemctl(1), daemon-reload. */
export const reloadUnits = systemctl(["daemon-reload"], "Tells systemd to read its units again");
