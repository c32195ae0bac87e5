import { accessSync, constants } from "node:fs";
import type { DrillStart } from "../dashboard.ts";

/** What root types. */
const command = "sudo holdfast drill";
const hint =
  "systemctl enable --now holdfast-drill-request.socket lets operators start one here (docs/guide/dashboard.md).";

/** Whether a drill can be started. */
export function drillStart(socket: string, isRunning: boolean): DrillStart {
  if (isRunning) return { state: "running", command, hint: "" };
  try {
    accessSync(socket, constants.W_OK);
    return { state: "ready", command, hint: "" };
  } catch {
    return { state: "by-hand", command, hint };
  }
}
