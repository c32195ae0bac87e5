import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { openLinuxHost } from "../../host/linux/host.ts";
import { hostPorts } from "../../transact/host-ports.ts";
import type { Ports } from "../../transact/ports.ts";
import type { Expectation } from "../../transact/probes/expectation.ts";
import { hostProbes } from "../../transact/probes/probes.ts";
import { type Cli, sayUsage } from "../command.ts";
import type { Exit } from "../exit-codes.ts";

/** This host's ports, with whatever must be closed. */
export interface OpenPorts {
  readonly ports: Ports;
  close(): void;
}

export interface ProbeWish {
  readonly expectation: Expectation;
  readonly patienceSeconds: number;
  readonly onProgress: (words: string) => void;
  readonly operator?: {
    readonly environment: Readonly<Record<string, string | undefined>>;
    readonly workingDirectory: string;
  };
}

/** Opens them with the probes of a running host; an exit where this process may not. */
export function openPorts(cli: Cli, wish: ProbeWish): OpenPorts | Exit {
  const host = openLinuxHost();
  if (!host.ok) return sayUsage(cli, host.error.message, "A network is changed on Linux, with netlink.");
  const marks = { id: randomBytes(2).readUInt16LE(), nonce: randomBytes(8) };
  const { operator, ...probing } = wish;
  const probes = hostProbes({ host: host.value, marks, sleep: (seconds) => sleep(seconds * 1000), ...probing });
  return {
    ports: hostPorts({ probes, ...(operator === undefined ? {} : { operator }) }),
    close: host.value.close,
  };
}
