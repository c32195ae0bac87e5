import { describe, expect, test } from "vitest";
import type { BackendName, Step } from "./change.ts";
import { bond, planned } from "./testing/ask-plan.ts";

const withRadio = (more = "") => bond.replace("[eth0, eth1]", "[eth0, {name: wlan0, wifi: {ssid: attic}}]") + more;
const words = (steps: readonly Step[]) => steps.map(({ argv }) => argv.join(" "));

const cases: readonly (readonly [BackendName, string, Readonly<Record<string, string>>])[] = [
  [
    "netplan",
    "netplan-wpa-wlan0.service",
    {
      "/etc/netplan/a.yaml":
        'network:\n  version: 2\n  wifis:\n    wlan0: {dhcp4: true, access-points: {"attic": {}}}\n',
    },
  ],
  [
    "networkd",
    "wpa_supplicant@wlan0.service",
    {
      "/etc/systemd/network/20-radio.network": "[Match]\nName=wlan0\n\n[Network]\nDHCP=yes\n",
      "/etc/systemd/system/systemd-networkd.service.d/10-wpa-wlan0.conf":
        "# Written by Holdfast for systemd-networkd.\n\n[Unit]\nWants=wpa_supplicant@wlan0.service\n",
      "/etc/wpa_supplicant/wpa_supplicant-wlan0.conf":
        'ctrl_interface=/run/wpa_supplicant\n\nnetwork={\n\tssid="attic"\n\tkey_mgmt=NONE\n}\n',
    },
  ],
];

describe.each(cases)("%s: a radio that has joined its network already", (backend, unit, files) => {
  const given = { backend, files, mode: 0o600 } as const;
  const joins = planned({ ...given, wanted: withRadio() });

  test("joins it anew as a bond's port, in which it doesn't sleep, and as it was on the way back", () => {
    const { converge, restore } = joins.change;
    expect(words(converge).at(-1)).toBe(`systemctl restart ${unit}`);
    expect(words(converge).indexOf("systemctl daemon-reload")).toBeLessThan(
      words(converge).indexOf("networkctl reload"),
    );
    expect(words(restore).at(-1)).toBe(`systemctl restart ${unit}`);
  });

  test("is left alone where it stays in the bond", () => {
    const there = { ...given, files: Object.fromEntries(joins.merged.files) };
    const { converge, restore } = planned({ ...there, wanted: withRadio("  miimon: 50\n") }).change;
    expect(converge.length).toBeGreaterThan(0);
    expect([...words(converge), ...words(restore)]).not.toContain(`systemctl restart ${unit}`);
  });
});

test("a supplicant whose file changes, too, begins anew once", () => {
  const [, [, unit, files] = []] = cases;
  const wanted = withRadio().replace("attic", "cellar");
  const { converge, restore } = planned({ backend: "networkd", files: files ?? {}, wanted, mode: 0o600 }).change;
  for (const steps of [converge, restore])
    expect(words(steps).filter((one) => one === `systemctl restart ${unit}`)).toHaveLength(1);
});

describe.each([
  ["networkd", ["systemctl stop wpa_supplicant@wlan0.service"], ["/etc/wpa_supplicant/wpa_supplicant-wlan0.conf"]],
  ["netplan", ["systemctl stop netplan-wpa-wlan0.service"], []],
  ["networkmanager", ["nmcli general reload conf"], []],
] as const)("%s: a radio that leaves its bond", (backend, steps, kept) => {
  const joined = planned({ backend, files: {}, wanted: withRadio(), mode: 0o600 }).merged.files;
  const left = planned({ backend, files: Object.fromEntries(joined), mode: 0o600 });

  test("is left, and started by nothing of ours; the file with its key stays", () => {
    expect([...left.merged.files.keys()].filter((path) => path.includes("wlan0"))).toEqual(kept);
    expect(words(left.change.converge)).toEqual(expect.arrayContaining([...steps]));
  });

  test("and is started again when it comes back, once", () => {
    const back = planned({ backend, files: Object.fromEntries(left.merged.files), wanted: withRadio(), mode: 0o600 });
    expect(back.merged.files).toEqual(joined);
    const again = steps.map((step) => step.replace(" stop ", " restart "));
    expect(words(back.change.converge).filter((step) => again.includes(step))).toEqual(again);
  });
});
