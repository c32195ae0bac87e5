import { describe, expect, test } from "vitest";
import { isLeftToNetworkManager, leavesNetworkAlone } from "./managers.ts";

describe("cloud-init leaves the network alone", () => {
  test.each([
    "network: {config: disabled}\n",
    "#cloud-config\nnetwork:\n  config: disabled\n",
    "network:\r\n  config: disabled\r\n",
    "network:\n\n  config: disabled\n",
    "\ufeffnetwork: {config: disabled}\n",
  ])("by %j", (text) => expect(leavesNetworkAlone(text)).toBe(true));

  test.each([
    "network:\nconfig: disabled\n",
    "network: {version: 2}\n",
    "# network: {config: disabled}\n",
    "network:\n  config: enabled\n",
  ])("not by %j", (text) => expect(leavesNetworkAlone(text)).toBe(false));
});

test.each([
  ["network:\n  renderer: NetworkManager\n", true],
  ['network:\n  renderer: "NetworkManager"\n', true],
  ["network:\n  renderer:\n    NetworkManager\n", true],
  ["network:\n  # renderer: NetworkManager\n", false],
  ["network:\n  renderer: networkd\n", false],
])("netplan's %j leaves links to NetworkManager: %s", (text, isLeft) => {
  expect(isLeftToNetworkManager(text)).toBe(isLeft);
});
