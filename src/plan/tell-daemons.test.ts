import { expect, test } from "vitest";
import type { FileChange, Step } from "./change.ts";
import { withTellings } from "./tell-daemons.ts";

const image = { bytes: new Uint8Array(), mode: 0o644, uid: 0, gid: 0 };
const added = (path: string): FileChange => ({ path, before: null, after: image, isSecret: false });
const own: Step = { argv: ["own"], limitSeconds: 1, why: "", onFailure: "stop" };
const acts = { quiesce: [], converge: [own], restore: [own] };
const words = (steps: readonly Step[] = []) => steps.map(({ argv }) => argv.join(" "));

test("who reads files only when told is told, before its network is changed, and on the way back", () => {
  const drop = added("/etc/systemd/system/wpa_supplicant@wlan0.service.d/10-after-bond.conf");
  const settings = added("/etc/NetworkManager/conf.d/90-holdfast-wlan0.conf");
  const both = withTellings(acts, [drop, settings], "networkd");
  const told = ["systemctl daemon-reload", "nmcli general reload conf", "own"];
  expect(words(both.converge)).toEqual(told);
  expect(words(both.restore)).toEqual(told);
  expect(words(both.atBoot)).toEqual(["systemctl daemon-reload"]);
  const none = withTellings(acts, [added("/etc/systemd/network/10-eth0.network")], "networkd");
  expect(none).toEqual({ backend: "networkd", ...acts });
});

test("a radio's supplicant starts when networkd has made its bond, and is left as it was on the way back", () => {
  const path = "/etc/wpa_supplicant/wpa_supplicant-wlan0.conf";
  const isNew = withTellings(acts, [added(path)], "networkd");
  expect(words(isNew.converge)).toEqual(["own", "systemctl restart wpa_supplicant@wlan0.service"]);
  expect(words(isNew.restore)).toEqual(["own", "systemctl stop wpa_supplicant@wlan0.service"]);
  const changed = withTellings(acts, [{ ...added(path), before: image }], "networkd");
  expect(words(changed.restore).at(-1)).toBe("systemctl restart wpa_supplicant@wlan0.service");
});

test("a supplicant that somebody else had started runs again on the way back, and not without its old file", () => {
  const path = "/etc/wpa_supplicant/wpa_supplicant-wlan0.conf";
  const starts = added("/etc/systemd/system/systemd-networkd.service.d/10-wpa-wlan0.conf");
  const changed = withTellings(acts, [starts, { ...added(path), before: image }], "networkd");
  expect(words(changed.converge).slice(1)).toEqual(["own", "systemctl restart wpa_supplicant@wlan0.service"]);
  expect(words(changed.restore).slice(1)).toEqual(["own", "systemctl restart wpa_supplicant@wlan0.service"]);
  const isNew = withTellings(acts, [starts, added(path)], "networkd");
  expect(words(isNew.restore).slice(1)).toEqual(["own", "systemctl stop wpa_supplicant@wlan0.service"]);
});

test("a boot with netplan's old files back doesn't go on with what its generator made of the new ones", () => {
  const change = withTellings(acts, [added("/etc/netplan/90-bond0.yaml")], "netplan");
  expect(words(change.atBoot)).toEqual(["netplan generate", "systemctl daemon-reload"]);
});
