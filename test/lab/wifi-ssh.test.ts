import { describe, expect, it } from "vitest";
import { chooseSsh, type SshChoice } from "../../src/lab/choose-ssh.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { byRadio, firstArticle, lookAt, readHouse, withRadios } from "./wifi/by-radio.ts";

/** What the first article tells of, the session's own port struck, and its stand-in. */
const ids = ["power-mains", "cable-em1", "deauth-wlan0", "radio-wlan0"];

let engine: Engine;
let ssh: SshChoice;
withRadios(
  (found) => {
    engine = found;
  },
  async () => {
    const seen = lookAt(await readHouse(firstArticle));
    ssh = await chooseSsh(seen.packages);
    return { ...seen, ...(ssh.why === undefined ? {} : { unfit: ssh.why }) };
  },
);

describe("an ssh session into the first article's server", () => {
  it("goes on counting through the brownout and every other fault of one link, under one MAC address, and back on Ethernet", {
    timeout: 300_000,
  }, async () => {
    const { packages } = ssh;
    const { rehearsal } = await byRadio(engine, await readHouse(firstArticle), ids, { packages, ssh });
    const { scenarios } = rehearsal;
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
