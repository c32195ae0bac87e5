import { describe, expect, test } from "vitest";
import { Secret } from "../model/bond.ts";
import { type Config, emptyConfig } from "../model/config.ts";
import { differences } from "../model/differences.ts";
import { renderAccounted } from "./account.ts";
import { dialectNamed } from "./registry.ts";
import { bareInterface } from "./sayable.ts";
import { awakeCommand } from "./stay-awake.ts";

const wifi = { ssid: "home", psk: { inline: new Secret("correct horse") } };
const radio = { ...bareInterface("wlan0"), wifi };
const bond = { name: "bond0", ports: ["eth0", "wlan0"], options: { mode: "active-backup" } } as const;
const bonded: Config = {
  ...emptyConfig,
  bonds: [bond],
  interfaces: [bareInterface("bond0"), bareInterface("eth0"), radio],
};

function written(language: string, config: Config) {
  const dialect = dialectNamed(language);
  if (dialect === undefined) throw new Error(language);
  const { files } = dialect.render(config);
  return { files, text: [...files.values()].join("\n"), back: dialect.parse(files).config };
}

describe("a radio that is a bond's port doesn't sleep, and one that isn't is nobody's business", () => {
  test.each(["ifupdown", "ifupdown2", "ifupdown-ng"])("by a command: %s", (language) => {
    const { text, back } = written(language, bonded);
    expect(text.split("\n").filter((line) => line.trim() === `up ${awakeCommand}`)).toHaveLength(1);
    expect(differences(bonded, back)).toEqual([]);
    expect(written(language, back).text).toBe(text);
    expect(written(language, { ...bonded, bonds: [] }).text).not.toContain("power_save");
  });

  test.each(["ifupdown", "ifupdown2", "ifupdown-ng", "netplan"])(
    "%s: none where its network can't be written",
    (language) => {
      const nameless = { ...radio, wifi: { ...wifi, ssid: "" } };
      const { text } = written(language, {
        ...bonded,
        interfaces: [bareInterface("bond0"), bareInterface("eth0"), nameless],
      });
      expect(text).not.toContain("power_save");
    },
  );

  test("somebody's own command is somebody's own", () => {
    const hooks = [{ when: "post-up", command: "iw dev wlan0 set power_save off" }] as const;
    const config = { ...bonded, interfaces: [bareInterface("bond0"), bareInterface("eth0"), { ...radio, hooks }] };
    expect(written("ifupdown", config).back.interfaces.find(({ name }) => name === "wlan0")?.hooks).toEqual(hooks);
  });

  test.each(["ifupdown", "ifupdown2", "ifupdown-ng"])("%s: nor is it gainsaid by a command behind it", (language) => {
    const hooks = [{ when: "post-up", command: "iw dev wlan0 set power_save on" }] as const;
    const config = { ...bonded, interfaces: [bareInterface("bond0"), bareInterface("eth0"), { ...radio, hooks }] };
    expect(written(language, config).text).not.toContain("power_save off");
  });

  test.each(["ifupdown", "ifupdown2", "ifupdown-ng"])(
    "%s: a command that can't be written says nothing of it",
    (language) => {
      const hooks = [{ when: "up", command: "iw dev wlan0 set power_save on\0" }] as const;
      const config = { ...bonded, interfaces: [bareInterface("bond0"), bareInterface("eth0"), { ...radio, hooks }] };
      const { text, back } = written(language, config);
      expect(text).toContain(`up ${awakeCommand}`);
      expect(written(language, back).text).toBe(text);
    },
  );

  test.each([
    ["off", "netplan", []],
    ["on", "netplan", [expect.stringContaining("power saving is switched off")]],
    ["on", "ifupdown", []],
    ["off", "wicked", [expect.stringContaining("power saving too")]],
  ])("wireless-power %s to %s: what becomes of it is told as it is", (value, language, told) => {
    const extra = [{ key: "wireless-power", value }];
    const config = { ...bonded, interfaces: [bareInterface("bond0"), bareInterface("eth0"), { ...radio, extra }] };
    const dialect = dialectNamed(language);
    if (dialect === undefined) throw new Error(language);
    const { files, losses } = renderAccounted(dialect, config);
    const messages = losses.map(({ message }) => message);
    expect(messages.filter((message) => message.includes("wireless-power"))).toEqual(told);
    if (language === "ifupdown") expect([...files.values()].join("")).not.toContain("power_save off");
  });

  test.each(["wicked", "ifcfg-rh"])("%s has nothing for it: that is told, of a bond's radio alone", (language) => {
    const dialect = dialectNamed(language);
    if (dialect === undefined) throw new Error(language);
    const told = (config: Config) =>
      renderAccounted(dialect, config).losses.filter(({ message }) => message.includes("power"));
    expect(told(bonded)).toMatchObject([
      { severity: "advice", message: expect.stringContaining("left to its driver") },
    ]);
    expect(told({ ...bonded, bonds: [] })).toEqual([]);
    const extra = [{ key: "wifi.powersave", value: "2", from: "networkmanager" }];
    const asked = { ...bonded, interfaces: [bareInterface("bond0"), bareInterface("eth0"), { ...radio, extra }] };
    expect(told(asked)).toMatchObject([{ message: expect.stringContaining("left to its driver") }]);
  });

  test.each(["ifupdown", "ifupdown2", "ifupdown-ng", "networkd", "netplan", "networkmanager", "nmstate", "iproute2"])(
    "%s keeps it awake, or writes no radio at all: nothing is told of its sleep",
    (language) => {
      const dialect = dialectNamed(language);
      if (dialect === undefined) throw new Error(language);
      expect(renderAccounted(dialect, bonded).losses.filter(({ message }) => message.includes("power"))).toEqual([]);
    },
  );

  test("by netplan's own unit, which waits for the bond as well", () => {
    const unit = "/etc/systemd/system/netplan-wpa-wlan0.service.d/10-after-bond.conf";
    const { files, back } = written("netplan", bonded);
    expect(files.get(unit)).toContain("until [ -e /sys/class/net/wlan0/master ]");
    expect(files.get(unit)).toContain("iw dev wlan0 set power_save off");
    expect(differences(bonded, back)).toEqual([]);
    expect([...written("netplan", { ...bonded, bonds: [] }).files.keys()]).toEqual(["/etc/netplan/90-holdfast.yaml"]);
  });

  test.each([
    ["netplan", "netplan-wpa-wlan\\x2dusb.service.d"],
    ["networkd", "wpa_supplicant@wlan\\x2dusb.service.d"],
  ])("%s: by the unit's name as systemd escapes it", (language, folder) => {
    const config = JSON.parse(JSON.stringify(bonded).replaceAll("wlan0", "wlan-usb")) as Config;
    const named = { ...config, interfaces: config.interfaces.map((one) => (one.wifi ? { ...one, wifi } : one)) };
    const paths = [...written(language, named).files.keys()];
    expect(paths).toContain(`/etc/systemd/system/${folder}/10-after-bond.conf`);
  });
});
