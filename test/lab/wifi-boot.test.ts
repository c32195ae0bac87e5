import { describe, expect, it } from "vitest";
import { hostInLab } from "../../src/cli/rehearse/run-rehearsal.ts";
import type { BringUp } from "../../src/lab/guest/job.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { byRadio, firstArticle, lookAt, radios, readHouse, withRadios } from "./wifi/by-radio.ts";

// The access point is away when the host boots, and comes fifteen seconds later: the power was gone, and the host is quicker. On request.
const isWanted = process.env["HOLDFAST_LONG"] !== undefined;
const subject = { path: "powerline-wifi.yaml", manager: "networkmanager" } as const;

let engine: Engine;
withRadios(
  (found) => {
    engine = found;
  },
  async () => lookAt(await readHouse(firstArticle)),
);

/** hostapd takes its network off the air, beacons and all, and offers it again. What the guest's clock says before and after is printed. */
function withoutAccessPoint(bringUp: BringUp): BringUp {
  const tell = (word: string) => `hostapd_cli -p /run/hostapd -i "$(ls /run/hostapd)" ${word}`;
  const away = `${tell("disable")} && sleep 1`;
  const later = `{ sleep 15; ${tell("enable")}; } >/run/later 2>&1 &`;
  const uptime = (name: string) => `echo "${name} $(cut -d' ' -f1 /proc/uptime)"`;
  return {
    ...bringUp,
    commands: [
      ["sh", "-c", `${away} && ${uptime("began")} || exit 1; ${later}`],
      ...bringUp.commands,
      ["sh", "-c", `${uptime("done")}; echo "joined: $(cat /sys/class/net/wlan0/operstate)"`],
    ],
  };
}

describe.skipIf(!isWanted)("a host that boots while its access point is away (set HOLDFAST_LONG)", () => {
  it("comes up by Ethernet without waiting, and its radio joins by itself: NetworkManager", {
    timeout: 900_000,
  }, async () => {
    const input = await readHouse(subject);
    const bringUp = withoutAccessPoint(hostInLab(input, radios).bringUp);
    const { rehearsal, of } = await byRadio(engine, input, ["cable-em1"], { bringUp });
    const { output, exit, bonds } = rehearsal.bringUp;
    const [began = 0, done = 0] = ["began", "done"].map((name) =>
      Number(new RegExp(`^${name} ([0-9.]+)$`, "m").exec(output)?.[1]),
    );
    expect(exit, output).toBe(0);
    expect(output).not.toContain("joined: up");
    expect(bonds).toMatchObject([{ activePort: "em1", ports: expect.arrayContaining(["em1", "wlan0"]) }]);
    expect(done - began, output).toBeLessThan(15);
    expect(rehearsal.radios, JSON.stringify([rehearsal.radios, rehearsal.notes, output])).toMatchObject([
      { port: "wlan0", joined: true },
    ]);
    expect(of("cable-em1")).toMatchObject({ verdict: "held" });
  });
});
