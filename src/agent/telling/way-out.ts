import type { Kept } from "../../watch/chronicle.ts";

/** Whether after this event somebody may be reachable who wasn't before. */
export function opensAWay(event: Kept): boolean {
  switch (event.what) {
    case "moved":
    case "path-alive":
    case "outage-ends":
    case "beyond-back":
      return true;
    case "kernel-moved":
      return event.to !== "";
    case "carrier":
      return event.up;
    default:
      return false;
  }
}
