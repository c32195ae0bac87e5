import { expect, test } from "vitest";
import { hostConfig } from "../../../test/arbitrary/host-config.ts";
import { readingLaws, writingLaws } from "../../../test/dialects/laws.ts";
import { plainHost } from "../../../test/dialects/plain-host.ts";
import { type Config, emptyConfig, type Interface } from "../../model/config.ts";
import { optionNames } from "../../model/options.ts";
import { detectDialect } from "../registry.ts";
import { ifupdownNg } from "./ifupdown-ng.ts";
import { lackOf } from "./spelling.ts";

const path = "/etc/network/interfaces";

readingLaws(ifupdownNg, {
  paths: [path, "/etc/network/interfaces.d/x", "/etc/wpa_supplicant/wpa_supplicant-eth1.conf"],
  lines: [
    "auto bond0",
    "iface bond0 inet static",
    "template t",
    "inherit t",
    "use dhcp",
    "bond-members eth0 eth1",
    "bond-mode active-backup",
    "bond-arp-ip-target 192.0.2.1, 192.0.2.2",
    "address 192.0.2.1/24",
    "gateway 192.0.2.254",
    "metric 5",
    "bridge-ports bond0",
    "bridge-fd 200",
    "iface bond0.7",
    "source-directory /etc/network/interfaces.d",
  ],
  repeated: [
    "auto a\niface a\naddress 192.0.2.1\n",
    "iface a inherits a\nx y\n",
    "template t\nx y\niface b inherits t\n",
    "bond-mode 1\n",
    "iface a\nbridge-ports a b\n",
    "use a\n",
  ],
});

/** DHCPv6 has no word. */
function withoutDhcp6(config: Config): Config {
  return {
    ...config,
    interfaces: config.interfaces.map((iface) =>
      iface.ipv6.method === "dhcp" ? { ...iface, ipv6: { method: "none", addresses: [] } } : iface,
    ),
  };
}

writingLaws(
  ifupdownNg,
  hostConfig(
    optionNames.filter((name) => lackOf(name) === undefined),
    ["match", "optional", "metric", "dhcp", "portOptions", "wifi", "hooks", "dns"],
  ).map((config) => withoutDhcp6(plainHost(config))),
);

test("a bond by bond-members, a template's lines, times of a bridge in hundredths", () => {
  const text =
    "template t\n bond-miimon 100\nauto bond0\niface bond0\n use bond\n inherit t\n bond-members eth0 eth1\n bond-mode 1\niface br0\n bridge-ports bond0\n bridge-fd 200\n bridge-stp on\n";
  const files = new Map([[path, text]]);
  const { config, diagnostics } = ifupdownNg.parse(files);
  expect(diagnostics).toEqual([]);
  expect(config.bonds).toEqual([
    { name: "bond0", ports: ["eth0", "eth1"], options: { miimon: 100, mode: "active-backup" } },
  ]);
  expect(config.interfaces[1]?.bridge).toEqual({ ports: ["bond0"], settings: { forward_delay: "2", stp_state: "0" } });
  expect(detectDialect(files)?.name).toBe("ifupdown-ng");
});

test("a word that ip does not know costs the bond", () => {
  const { config, diagnostics } = ifupdownNg.parse(
    new Map([[path, "iface bond0\n bond-members eth0\n bond-peer-notif-delay 100\n"]]),
  );
  expect(config.bonds).toEqual([]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["ifupdown-ng-no-bond"]);
});

test("# begins a comment anywhere, and a broken line goes on without its blanks", () => {
  const text =
    "auto eth0 # first\niface eth0\n address 192.0.2.5/24#x\n post-up echo a#b\n post-up ip \\\n\t link\n up a\\b\n";
  const { config, diagnostics } = ifupdownNg.parse(new Map([[path, text]]));
  expect(diagnostics).toEqual([]);
  expect(config.interfaces[0]).toMatchObject({
    start: "boot",
    ipv4: { addresses: ["192.0.2.5/24"] },
    hooks: [
      { when: "post-up", command: "echo a" },
      { when: "post-up", command: "ip link" },
      { when: "up", command: "a\\b" },
    ],
  });
});

test.each(["echo '#'", "echo \\"])("the command %s can't be said, which is a loss", (command) => {
  const none = { method: "none", addresses: [] } as const;
  const eth0: Interface = {
    name: "eth0",
    start: "boot",
    ipv4: none,
    ipv6: none,
    hooks: [{ when: "up", command }],
    extra: [],
  };
  const { losses } = ifupdownNg.render({ ...emptyConfig, interfaces: [eth0] });
  expect(losses.map(({ about }) => about)).toEqual(["interface/eth0/hooks"]);
});
