import { expect, test } from "vitest";
import { emptyConfig } from "../model/config.ts";
import { renderAccounted, withSourceDefaults } from "./account.ts";
import { withPartsStarted } from "./brought-along.ts";
import { ifupdown } from "./ifupdown/ifupdown.ts";
import { ifupdown2 } from "./ifupdown2/ifupdown2.ts";
import { netplan } from "./netplan/netplan.ts";
import { networkd } from "./networkd/networkd.ts";
import { bareInterface } from "./sayable.ts";

/* As Proxmox writes it: ports have stanzas, and no auto. */
const proxmox = `iface eno1 inet manual

iface eno2 inet manual

iface eno3 inet manual

auto bond0
iface bond0 inet manual
	bond-slaves eno1 eno2
	bond-miimon 100
	bond-mode active-backup

auto vmbr0
iface vmbr0 inet static
	address 192.168.1.5/24
	gateway 192.168.1.1
	bridge-ports bond0 eno3
	bridge-stp off
	bridge-fd 0
`;

function written(source: typeof ifupdown, text: string, target: typeof ifupdown): string {
  const { config } = source.parse(new Map([["/etc/network/interfaces", text]]));
  return [...renderAccounted(target, withSourceDefaults(config, source, target)).files.values()].join("\n");
}

test.each([ifupdown, ifupdown2])(
  "$name: ports without auto come up with their bond or bridge, also elsewhere",
  (source) => {
    expect(written(source, proxmox, networkd)).not.toContain("ActivationPolicy");
    expect(written(source, proxmox, netplan)).not.toContain("activation-mode");
  },
);

test.each([ifupdown, ifupdown2])("$name: the link below a VLAN comes up with it", (source) => {
  const text = "iface eno1 inet manual\n\nauto eno1.10\niface eno1.10 inet static\n\taddress 192.168.1.5/24\n";
  expect(written(source, text, networkd)).not.toContain("ActivationPolicy");
});

test("what nothing starts stays down", () => {
  expect(written(ifupdown, proxmox.replaceAll(/^auto .*$/gm, ""), netplan)).toContain("activation-mode: manual");
  expect(written(ifupdown, `${proxmox}\niface eno9 inet manual\n`, networkd)).toContain("ActivationPolicy");
});

test("parts that are parts of each other come to an end", () => {
  const ring = ["a", "b"].map((name, at) => ({
    ...bareInterface(name),
    start: "manual" as const,
    bridge: { ports: [at === 0 ? "b" : "a"], settings: {} },
  }));
  const config = { ...emptyConfig, interfaces: ring };
  expect(withPartsStarted(config, "all")).toEqual(config);
});

test("a bridge that filters VLANs and was not told which is an error: a VLAN on it is cut off", () => {
  const filtering = `${proxmox}\tbridge-vlan-aware yes\n\tbridge-vids 10 20\n`;
  for (const source of [ifupdown, ifupdown2]) {
    const { config } = source.parse(new Map([["/etc/network/interfaces", filtering]]));
    const lost = (target: typeof ifupdown) =>
      renderAccounted(target, withSourceDefaults(config, source, target)).losses.filter(({ message }) =>
        message.includes("vids"),
      );
    expect(lost(networkd)).toMatchObject([{ severity: "error", hint: expect.stringContaining("each of its ports") }]);
    // Without filtering all VLANs get through.
    expect(lost(netplan)).toMatchObject([{ severity: "warning" }]);
  }
});
