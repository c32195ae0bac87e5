import { describe, expect, test } from "vitest";
import type { HostLink } from "../../model/host-state.ts";
import type { Step } from "../change.ts";
import { advertised, advertisedBond } from "../testing/advertised-bond.ts";
import { planned } from "../testing/ask-plan.ts";

const interfaces = "/etc/network/interfaces";
const installed = "auto lo\niface lo inet loopback\n\nallow-hotplug eth0\niface eth0 inet dhcp\n";
describe("a host of ifupdown", () => {
  test("its one cable with an address by hand: ip moves the address, ifup finds everything there, and the way back begins with ip", () => {
    const links = ["eth0", "eth1"].map((name) => ({
      ...{
        name,
        mac: `02:00:00:00:00:0${name.at(-1)}`,
        hasCarrier: true,
        isUp: true,
        device: "",
        master: "",
        isRadio: false,
      },
      ...(name === "eth0" ? { owners: ["ifupdown"], addresses: ["192.0.2.5/24"] } : { owners: [], addresses: [] }),
    })) as unknown as readonly HostLink[];
    const byHand = installed.replace("dhcp", "static\n    address 192.0.2.5/24\n    gateway 192.0.2.1");
    const { change } = planned({ backend: "ifupdown", files: { [interfaces]: byHand }, state: { links } });
    const [moves, ...more] = change.quiesce;
    expect(more).toEqual([]);
    const lines = moves?.stdin?.trim().split("\n") ?? [];
    // Between the flush and the loan nothing else has time to happen; the port follows.
    expect(lines.slice(lines.indexOf("address flush dev eth0 scope global"))).toEqual([
      "address flush dev eth0 scope global",
      "address replace 192.0.2.5/32 dev bond0",
      "route replace 192.0.2.0/24 dev bond0 src 192.0.2.5 metric 4000000",
      "route replace default via 192.0.2.1 dev bond0 onlink metric 4000000",
      "link set dev eth0 down",
      "link set dev eth0 master bond0",
      "link set dev eth0 up",
      "link set dev bond0 type bond primary eth0",
    ]);
    expect(lines).toContain("link set dev bond0 address 02:00:00:00:00:00");
    const words = (steps: readonly Step[]) => steps.map(({ argv }) => argv.filter((word) => !word.startsWith("cd ")));
    expect(words(change.converge)).toEqual([
      ["/bin/sh", "-c", "sh", "eth0", "eth1"],
      ["ifup", "bond0", "eth0", "eth1"],
      ["ip", "-force", "-batch", "-"],
    ]);
    expect(change.converge.at(-1)?.stdin).toContain("address del 192.0.2.5/32 dev bond0\n");
    expect(change.restore[0]?.stdin).toContain("address replace 192.0.2.5/32 dev eth0\n");
    // ifdown never hears of the link that bears the address again.
    expect(
      change.restore.filter(({ stdin }) => stdin?.includes("iface bond0")).map(({ argv }) => argv.slice(3)),
    ).toEqual([["sh", "bond0", "eth1"]]);
    const [up, last] = change.restore.slice(-2);
    expect(up?.argv).toEqual(["ifup", "eth0"]);
    // It ends the loan once address and way out are the file's own.
    expect(last?.argv.slice(3)).toEqual(["eth0", "192.0.2.5/24"]);
    expect(last?.argv[2]).toContain("ip -4 route show default");
    expect(last?.stdin).toContain("address del 192.0.2.5/32 dev eth0\n");
    expect(change.interruption).toMatchObject({ ms: 200, from: "rule" });
  });

  test("a bond that its router had given an address: once ifup has made it again, that is lent to it until the router says it again", () => {
    const bonded = `auto bond0\niface bond0 inet6 auto\n    bond-mode active-backup\n    bond-miimon 100\n    bond-slaves eth0 eth1\n`;
    const given = { backend: "ifupdown", files: { [interfaces]: bonded }, state: advertisedBond("ifupdown") } as const;
    const { restore } = planned(given).change;
    const [up, lent, end] = restore.slice(-3);
    expect(up?.argv[0]).toBe("ifup");
    expect(lent?.stdin).toBe(
      `address replace ${advertised} dev bond0 valid_lft 1800 preferred_lft 1800 nodad
route replace default via fe80::1 dev bond0 onlink metric 4000000
`,
    );
    expect(lent?.argv[2]).toContain("neighbour replace fe80::1 dev bond0 use\n");
    // The address may be kept: the router's next word is of the very same one.
    expect(end?.stdin).toBe("route del default via fe80::1 dev bond0 onlink metric 4000000\n");
  });

  test.each([
    ["a lease", "dhcp", ""],
    ["a command", "static\n    address 192.0.2.5/24", "\n    up touch /run/up"],
    ["name servers", "static\n    address 192.0.2.5/24", "\n    dns-nameservers 192.0.2.1"],
  ])("%s of the cable is ifdown's to end; the way back begins with ip all the same", (_, method, more) => {
    const links = ["eth0", "eth1"].map((name) => ({
      ...{ name, mac: "", hasCarrier: true, isUp: true, device: "", master: "", isRadio: false },
      ...(name === "eth0" ? { owners: ["ifupdown"], addresses: ["192.0.2.5/24"] } : { owners: [], addresses: [] }),
    })) as unknown as readonly HostLink[];
    const files = { [interfaces]: installed.replace("dhcp", method + more) };
    const { change } = planned({ backend: "ifupdown", files, state: { links } });
    expect(change.quiesce.map(({ argv }) => argv)).toEqual([["ifdown", "eth0"]]);
    expect(change.interruption?.ms).toBe(5000);
    expect(change.restore[0]?.stdin).toContain("address replace 192.0.2.5/32 dev eth0\n");
  });
});
