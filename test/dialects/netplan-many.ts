import fc from "fast-check";
import { netplan } from "../../src/dialects/netplan/netplan.ts";
import { hostConfig } from "../arbitrary/host-config.ts";
import { netplanText } from "../arbitrary/netplan-text.ts";
import { besideNetplan } from "./netplan-beside.ts";
import { netplanMissing } from "./netplan-generate.ts";
import { byNetworkManager } from "./netplan-renderer.ts";

/** Run by scripts/beside-netplan.mjs: prints how many of COUNT random files mean the same to us and to the real netplan. */
function main(count: number, seed: number): number {
  if (netplanMissing !== undefined) {
    process.stdout.write(`${netplanMissing}\n`);
    return 2;
  }
  const share = (part: number) => ({ numRuns: Math.max(1, Math.floor(count / part)), seed });
  const written = (text: string) => new Map([["/etc/netplan/a.yaml", text]]);
  const all = {
    texts: fc.sample(netplanText, share(2)).map(written),
    networkd: fc.sample(hostConfig(), share(4)).map((config) => netplan.render(config).files),
    NetworkManager: fc.sample(hostConfig(), share(4)).map((config) => netplan.render(byNetworkManager(config)).files),
  };
  let different = 0;
  for (const [kind, files] of Object.entries(all)) {
    const tally: Record<string, number> = {};
    for (const one of files) {
      const beside = besideNetplan(one);
      tally[beside.outcome] = (tally[beside.outcome] ?? 0) + 1;
      if (beside.outcome !== "different") continue;
      different++;
      process.stdout.write(`${beside.keys.join(" ")}\n${[...one.values()].join("\n")}\n`);
    }
    process.stdout.write(`${kind}: ${JSON.stringify(tally)}\n`);
  }
  return different > count * 0.02 ? 1 : 0;
}

process.exitCode = main(Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 1));
