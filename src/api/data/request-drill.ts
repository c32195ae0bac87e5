import { accessSync, constants } from "node:fs";
import type { DrillStart } from "../dashboard.ts";

const hint =
  "systemctl enable --now holdfast-drill-request.socket lets operators start one here (docs/guide/dashboard.md).";

/** Whether a drill can be started. `asRoot`: what calls this program as root. */
export function drillStart(socket: string, asRoot: string, isRunning: boolean): DrillStart {
  const command = `${asRoot} drill`;
  if (isRunning) return { state: "running", command, hint: "" };
  try {
    accessSync(socket, constants.W_OK);
    return { state: "ready", command, hint: "" };
  } catch {
    return { state: "by-hand", command, hint };
  }
}
