import { fileURLToPath } from "node:url";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readRehearsal } from "../../src/cli/rehearse/read-rehearsal.ts";
import { hostInLab } from "../../src/cli/rehearse/run-rehearsal.ts";
import { runLab } from "../../src/lab/boot.ts";
import { chooseSsh, type SshChoice } from "../../src/lab/choose-ssh.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { chooseRadioLinks } from "../../src/lab/radio-links.ts";
import { rehearse } from "../../src/lab/rehearse.ts";
import { allScenarios } from "../../src/topology/scenarios.ts";
import { engineOrReason } from "./booting.ts";

const examples = fileURLToPath(new URL("../../examples", import.meta.url));
const radios = { links: "radios" } as const;
/** What the first article tells of, the session's own port struck, and its stand-in. */
const ids = ["power-mains", "cable-em1", "deauth-wlan0", "radio-wlan0"];

let engine: Engine;
let ssh: SshChoice;
let reason: string | undefined;

async function firstArticle() {
  const path = "articles/first/etc/network/interfaces";
  const reading = await readRehearsal({ path, topology: "powerline-wifi.yaml", cwd: examples });
  if (!("input" in reading)) throw new Error(JSON.stringify(reading.refused.diagnostics));
  return { ...hostInLab(reading.input, radios), scenarios: allScenarios(reading.input.config) };
}

beforeAll(async () => {
  const found = await engineOrReason();
  if (typeof found === "string") {
    reason = found;
    return;
  }
  engine = found;
  const { config, packages = [] } = await firstArticle();
  reason = (await chooseRadioLinks(engine, config, packages)).why;
  ssh = await chooseSsh(packages);
  reason ??= ssh.why;
}, 300_000);

beforeEach((context) => {
  if (reason !== undefined) context.skip(reason);
});

describe("an ssh session into the first article's server", () => {
  it("goes on counting through the brownout and every other fault of one link, under one MAC address, and back on Ethernet", {
    timeout: 300_000,
  }, async () => {
    const host = await firstArticle();
    const ran = await rehearse(runLab, {
      ...host,
      packages: ssh.packages,
      ssh,
      radios,
      scenarios: host.scenarios.filter(({ id }) => ids.includes(id)),
      repeat: 1,
      engine,
      labs: 1,
      onProgress: () => undefined,
    });
    if (!ran.ok) throw new Error(`${ran.error.message} ${ran.error.hint}`);
    const { scenarios } = ran.value;
    expect(scenarios.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    for (const { id, ssh: session } of scenarios) {
      expect(session, id).toMatchObject({ survived: true });
      // A stall is an outage, and the time TCP takes to try again.
      expect(session?.stallMs, id).toBeLessThanOrEqual(450);
      expect(session?.counted, id).toBeGreaterThan(50);
    }
    const brownout = scenarios.find(({ id }) => id === "power-mains");
    const [before, during, after] = brownout?.sights ?? [];
    expect([before, during, after].map((sight) => sight?.bond?.activePort)).toEqual(["em1", "wlan0", "em1"]);
    const macs = [before, during, after].flatMap((sight) => [sight?.bond?.mac, sight?.neighbour?.mac]);
    expect(new Set(macs).size).toBe(1);
    // The access point knows the host by that address too, and it is through it that the host then speaks.
    const host1 = [before, during].map((sight) => sight?.stations.find(({ whose }) => whose === "host"));
    expect(host1.map((station) => [station?.mac, station?.authorized])).toEqual([
      [before?.bond?.mac, true],
      [before?.bond?.mac, true],
    ]);
    expect((host1[1]?.rxPackets ?? 0) - (host1[0]?.rxPackets ?? 0)).toBeGreaterThan(500);
  });
});
