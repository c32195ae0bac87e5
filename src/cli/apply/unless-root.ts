import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";

/** Says so where this user can't change the network. */
export function unlessRoot(cli: Cli): Exit | undefined {
  if (process.getuid?.() === 0) return undefined;
  return sayUsage(cli, "only root changes a host's network", "Run it with sudo.");
}
