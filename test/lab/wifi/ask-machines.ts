import { rmSync } from "node:fs";
import { join } from "node:path";
import { packagesWith } from "../../../src/cli/rehearse/managers.ts";
import { parseHoldfast } from "../../../src/config/parse-holdfast.ts";
import type { FileSet } from "../../../src/diagnostic/diagnostic.ts";
import { runLab } from "../../../src/lab/boot.ts";
import type { BringUp } from "../../../src/lab/guest/job.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import type { Config } from "../../../src/model/config.ts";
import { compilePlan } from "../../../src/topology/compile-plan.ts";
import { radioKeys } from "../../../src/topology/radios.ts";
import { root } from "../../house/source.ts";
import { bundleGuest } from "../bundle-guest.ts";
import type { Ask } from "./asked-guest.ts";

/** A host in a house with a radio, as rules' samples have it, and what its machines are asked. */
export interface Asking {
  /** Its other ports; absent: em1. */
  readonly cables?: readonly string[];
  /** The radio's network, as holdfast.yaml has it, and what the router offers. */
  readonly wifi: string;
  readonly offer: string;
  readonly files: FileSet;
  readonly packages: readonly string[];
  /** Its systemd starts these; absent: it has none. */
  readonly units?: readonly string[];
  readonly bringUp?: BringUp;
  readonly asks: readonly Ask[];
}

const always = ["hostapd", "iw", "wpasupplicant", "iputils-ping"];

/** The house of the samples: cables and a radio to one router. */
export function houseOf({ wifi, offer, cables = ["em1"] }: Pick<Asking, "wifi" | "offer" | "cables">): Config {
  const text = `bond:
  primary: em1
  ports: [${cables.join(", ")}, {name: wlan0, wifi: ${wifi}}]
  address: 192.0.2.10/24
  gateway: 192.0.2.1
topology:
  devices:
    router: {kind: router, address: 192.0.2.1/24, wifi: ${offer}}
  cables:
${cables.map((port) => `    - ${port} – router\n`).join("")}`;
  return parseHoldfast("house.yaml", text).config;
}

/** The answers, in order. Throws what the lab said where there are none. */
export async function askMachines(engine: Engine, asking: Asking): Promise<readonly string[]> {
  const runner = join(root, ".cache", `asked-guest-${process.pid}.mjs`);
  await bundleGuest(root, "test/lab/wifi/asked-guest.ts", runner);
  const config = houseOf(asking);
  const messages: { readonly answers?: readonly string[]; readonly failed?: string }[] = [];
  const { files, units, bringUp, asks } = asking;
  const modes = Object.fromEntries([...files.keys()].map((path) => [path, path.endsWith(".conf") ? "0644" : "0600"]));
  try {
    const ran = await runLab({
      engine,
      job: {
        plan: compilePlan(config, "radios"),
        radioKeys: radioKeys(config),
        clock: "virtual",
        files: Object.fromEntries(files),
        modes: Object.fromEntries(Object.entries(modes).filter(([path]) => !path.startsWith("/etc/systemd/network/"))),
        bringUp,
        drills: [],
        units,
        asks,
      },
      runner,
      packages: [...packagesWith({ packages: asking.packages }), ...always],
      memoryMb: 768,
      timeoutMs: 400_000,
      onMessage: (message) => void messages.push(message as (typeof messages)[number]),
    });
    const [said] = messages;
    if (said?.answers === undefined) throw new Error(said?.failed ?? JSON.stringify(ran).slice(-2_000));
    return said.answers;
  } finally {
    rmSync(runner, { force: true });
  }
}
