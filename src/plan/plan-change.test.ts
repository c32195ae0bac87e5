import { describe, expect, test } from "vitest";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import { unifiedDiff } from "../diagnostic/unified-diff.ts";
import type { HostBond, HostLink } from "../model/host-state.ts";
import type { BackendName, FileImage } from "./change.ts";
import { type Plan, planChange } from "./plan-change.ts";
import { asked, bond, type Given, planned } from "./testing/ask-plan.ts";
import { quiet } from "./testing/quiet-host.ts";

const decoder = new TextDecoder();

function refusal(given: Given): string {
  const result = asked(given);
  return result.ok ? "planned" : result.error.map(({ code, message }) => `${code}: ${message}`).join("\n");
}

function text(image: FileImage | null): string {
  return image === null ? "" : decoder.decode(image.bytes);
}

function diffs({ change }: Plan): string {
  return change.files.map(({ path, before, after }) => unifiedDiff(path, text(before), text(after))).join("");
}

function writtenTo({ change }: Plan, path: string): string {
  return text(change.files.find((file) => file.path === path)?.after ?? null);
}

const interfaces = "/etc/network/interfaces";

/** As Debian's installer leaves it. */
const debian = `# This file describes the network interfaces available on your system
# and how to activate them. For more information, see interfaces(5).

source /etc/network/interfaces.d/*

# The loopback network interface
auto lo
iface lo inet loopback

# The primary network interface
allow-hotplug eth0
iface eth0 inet dhcp
`;

const running: HostBond = {
  name: "bond0",
  ports: ["eth0", "eth1"],
  options: { mode: "active-backup", miimon: 100, primary: "eth0", num_peer_notif: 3 },
  known: ["mode", "miimon", "primary", "num_grat_arp"],
  activePort: "eth0",
};

/** A host that is as the bond above declares it. */
function settled(backend: BackendName): Given {
  const first = planned({ backend, files: { [interfaces]: debian } });
  const files = Object.fromEntries(first.merged.files);
  return { backend, files, state: { bonds: [running] } };
}

describe("a host of ifupdown", () => {
  test("its one cable, with a lease, moves into a bond: the stanza goes, the rest stays, ifdown comes before the files", () => {
    const plan = planned({ backend: "ifupdown", files: { [interfaces]: debian } });
    const now = writtenTo(plan, interfaces);
    expect(now.startsWith(debian.slice(0, debian.indexOf("allow-hotplug")))).toBe(true);
    expect(now).not.toContain("dhcp");
    expect(now.match(/^iface eth0 /gm)).toHaveLength(1);
    expect(plan.change.quiesce.map(({ argv }) => argv)).toEqual([["ifdown", "eth0"]]);
    expect(plan.change.converge.map(({ argv }) => argv)).toEqual([["ifup", "bond0", "eth0", "eth1"]]);
    expect(plan.change.restore.at(-1)?.argv).toEqual(["ifup", "eth0"]);
    expect(plan.change.interruption).toMatchObject({ from: "rule" });
    expect(plan.summary).toBe("bond0: new, of eth0 and eth1");
  });

  test("a bond as declared is nothing to do", () => {
    expect(planned(settled("ifupdown"))).toMatchObject({ isNothing: true, summary: "nothing to do" });
  });

  test("another miimon is one line, set by ip, without ifup or ifdown", () => {
    const plan = planned({ ...settled("ifupdown"), wanted: bond.replace("primary", "miimon: 50\n  primary") });
    const changed = diffs(plan)
      .split("\n")
      .filter((line) => /^[-+] /.test(line));
    expect(changed).toEqual(["-    bond-miimon 100", "+    bond-miimon 50"]);
    expect(plan.change.quiesce).toEqual([]);
    expect(plan.change.converge.map(({ argv }) => argv.join(" "))).toEqual([
      "ip link set dev bond0 type bond miimon 50",
    ]);
    expect(plan.change.restore.map(({ argv }) => argv.join(" "))).toEqual([
      "ip link set dev bond0 type bond miimon 100",
    ]);
    expect(plan.change.interruption).toMatchObject({ ms: 0, from: "kernel" });
    expect(plan.summary).toBe("bond0: miimon 100 → 50");
  });

  test("another router is reached before the old route goes, and no address does", () => {
    const plan = planned({ ...settled("ifupdown"), wanted: bond.replace("192.0.2.1\n", "192.0.2.9\n") });
    expect(plan.change.converge.map(({ argv }) => argv.join(" "))).toEqual([
      "ip -4 route replace default via 192.0.2.9 dev bond0",
    ]);
    expect(plan.change.restore.map(({ argv }) => argv.join(" "))).toEqual([
      "ip -4 route replace default via 192.0.2.1 dev bond0",
    ]);
  });

  test("with the first address of a subnet the kernel takes the second: it is given again at once, with the routes", () => {
    const plan = planned({ ...settled("ifupdown"), wanted: bond.replace("192.0.2.5/24", "192.0.2.6/24") });
    expect(plan.change.converge.map(({ argv, stdin }) => stdin ?? argv.join(" "))).toEqual([
      "ip address replace 192.0.2.6/24 dev bond0",
      "address del 192.0.2.5/24 dev bond0\naddress replace 192.0.2.6/24 dev bond0\nroute replace default via 192.0.2.1 dev bond0\n",
    ]);
  });

  test("the active port leaves when another carries the traffic", () => {
    const links = ["eth0", "eth1"].map(
      (name) => ({ name, hasCarrier: true, owners: ["ifupdown"], addresses: [], device: "" }) as unknown as HostLink,
    );
    const given = settled("ifupdown");
    const plan = planned({
      ...given,
      state: { bonds: [running], links },
      wanted: bond.replace("[eth0, eth1]", "[eth1]").replace("primary: eth0", "primary: eth1"),
    });
    expect(plan.change.quiesce.map(({ argv }) => argv.join(" "))).toEqual([
      "ip link set dev bond0 type bond active_slave eth1",
      "ifdown eth0",
    ]);
  });

  test("other interfaces keep their words on lines that are shared, also in sourced files", () => {
    const files = {
      [interfaces]: "auto lo eth0 eth5\niface lo inet loopback\nsource /etc/network/interfaces.d/*\n",
      "/etc/network/interfaces.d/all":
        "iface eth5 inet static\n    address 198.51.100.1/24\n\niface eth0 inet static\n    # by hand\n    address 192.0.2.5/24\n",
    };
    const plan = planned({ backend: "ifupdown", files });
    expect(writtenTo(plan, interfaces)).toBe(
      "auto lo eth5\niface lo inet loopback\nsource /etc/network/interfaces.d/*\n",
    );
    expect(writtenTo(plan, "/etc/network/interfaces.d/all")).toMatch(
      /^iface eth5 inet static\n {4}address 198.51.100.1\/24\n\nauto bond0\n/,
    );
  });

  test("a radio keeps the key that only the host knows, and the file is for root alone", () => {
    const files = {
      [interfaces]: `${debian}\nauto wlan0\niface wlan0 inet dhcp\n    wpa-ssid BTHub-2211\n    wpa-psk correct horse\n`,
    };
    const plan = planned({ backend: "ifupdown", files, wanted: bond.replace("eth1]", "wlan0]") });
    expect(writtenTo(plan, interfaces)).toMatch(
      /iface wlan0 inet manual\n {4}wpa-ssid BTHub-2211\n {4}wpa-psk correct horse\n/,
    );
    expect(plan.change.files).toMatchObject([{ isSecret: true, before: { mode: 0o644 }, after: { mode: 0o600 } }]);
    expect(JSON.stringify(plan.change.restore)).not.toContain("horse");
  });

  test.each<[string, string, RegExp]>([
    [
      "a bridge holds a port",
      "iface br0 inet static\n address 198.51.100.1/24\n bridge_ports eth1\n",
      /plan-port-taken: eth1 is a port of the bridge br0/,
    ],
    [
      "a VLAN stands on a port",
      "auto eth1.7\niface eth1.7 inet static\n address 198.51.100.1/24\n",
      /plan-port-taken: the VLAN eth1.7 stands on eth1/,
    ],
    [
      "another bond holds a port",
      "auto bond5\niface bond5 inet manual\n bond-slaves eth1 eth2\n bond-mode 1\n",
      /plan-port-taken: eth1 is a port of bond5/,
    ],
    ["a mapping decides", "mapping eth1\n script /bin/which\n", /plan-cannot-merge: a mapping decides/],
    [
      "another inherits",
      "iface eth7 inet static inherits eth0\n address 198.51.100.1/24\n",
      /plan-cannot-merge: eth7 inherits from eth0/,
    ],
  ])("is refused where %s", (_, more, why) => {
    expect(refusal({ backend: "ifupdown", files: { [interfaces]: `${debian}\nauto br0\n${more}` } })).toMatch(why);
  });

  test("is refused where bytes could not be given back as they are", () => {
    const { config } = parseHoldfast("holdfast.yaml", bond);
    const bytes = Uint8Array.from([...new TextEncoder().encode(debian), 0x23, 0xe9, 0x0a]);
    const files = new Map([[interfaces, decoder.decode(bytes)]]);
    const images = new Map([[interfaces, { bytes, mode: 0o644, uid: 0, gid: 0 }]]);
    const result = planChange(config, { state: quiet, files, images, facts: { maxBonds: 0 } }, "ifupdown");
    expect(result).toMatchObject({ ok: false, error: [{ code: "plan-cannot-merge" }] });
  });
});

describe("a host of netplan", () => {
  const cloud =
    "# This file is generated from information provided by the datasource.\nnetwork:\n  version: 2\n  ethernets:\n    eth0:\n      dhcp4: true\n      match:\n        macaddress: 52:54:00:12:34:56\n    # the other office\n    eth5:\n      addresses: [198.51.100.1/24]\n";

  test("what cloud-init wrote of a port goes, other definitions and comments stay, and cloud-init is told off", () => {
    const plan = planned({ backend: "netplan", files: { "/etc/netplan/50-cloud-init.yaml": cloud }, mode: 0o600 });
    expect(writtenTo(plan, "/etc/netplan/50-cloud-init.yaml")).toBe(
      "# This file is generated from information provided by the datasource.\nnetwork:\n  version: 2\n  ethernets:\n    # the other office\n    eth5:\n      addresses: [198.51.100.1/24]\n",
    );
    expect(writtenTo(plan, "/etc/netplan/90-holdfast.yaml")).toContain("52:54:00:12:34:56");
    expect(writtenTo(plan, "/etc/cloud/cloud.cfg.d/99-holdfast-network.cfg")).toContain("network: {config: disabled}");
    expect(plan.change.files.find(({ path }) => path.endsWith("90-holdfast.yaml"))?.after?.mode).toBe(0o600);
  });

  test("definitions in one line with others are refused, with the place", () => {
    const files = {
      "/etc/netplan/a.yaml": "network: {version: 2, ethernets: {eth0: {dhcp4: true}, eth5: {dhcp4: true}}}\n",
    };
    expect(refusal({ backend: "netplan", files })).toMatch(
      /plan-cannot-merge: .*a.yaml defines eth0 in one line with others/,
    );
  });

  test("NetworkManager stays the renderer of a desktop, and is told to read its profiles", () => {
    const files = {
      "/etc/netplan/01-network-manager-all.yaml": "network:\n  version: 2\n  renderer: NetworkManager\n",
    };
    const plan = planned({ backend: "netplan", files, state: { inCharge: "networkmanager" }, mode: 0o600 });
    expect(writtenTo(plan, "/etc/netplan/90-holdfast.yaml")).not.toContain("networkd");
    expect(plan.change.converge.map(({ argv }) => argv.slice(0, 2).join(" ")).slice(0, 2)).toEqual([
      "netplan generate",
      "nmcli connection",
    ]);
  });
});

describe("a radio of netplan's, which systemd starts with networkd alone", () => {
  const withRadio = (ssid: string, more = "") =>
    bond.replace("[eth0, eth1]", `[eth0, {name: wlan0, wifi: {ssid: ${ssid}}}]`) + more;
  const first = planned({ backend: "netplan", files: {}, wanted: withRadio("attic"), mode: 0o600 });
  const there = { backend: "netplan", files: Object.fromEntries(first.merged.files), mode: 0o600 } as const;
  const last = (steps: Plan["change"]["converge"]) => steps.slice(-2).map(({ argv }) => argv.join(" "));

  test("joins its network when its bond is there, and leaves it on the way back", () => {
    const join = ["systemctl daemon-reload", "systemctl restart netplan-wpa-wlan0.service"];
    expect(last(first.change.converge)).toEqual(join);
    expect(last(first.change.restore)).toEqual([join[0], "systemctl stop netplan-wpa-wlan0.service"]);
    const other = planned({ ...there, wanted: withRadio("cellar") });
    expect(last(other.change.converge)).toEqual(join);
    expect(last(other.change.restore)).toEqual(join);
  });

  test("is left alone where its network stays", () => {
    const { converge, restore } = planned({ ...there, wanted: withRadio("attic", "  miimon: 50\n") }).change;
    expect(converge.length).toBeGreaterThan(0);
    expect([...converge, ...restore].flatMap(({ argv }) => argv).join(" ")).not.toContain("netplan-wpa");
  });
});

describe("a host of systemd-networkd", () => {
  test("a unit by pattern stays, and the new ones come before it", () => {
    const wired = "[Match]\nName=en* eth*\n\n[Network]\nDHCP=yes\n";
    const plan = planned({ backend: "networkd", files: { "/etc/systemd/network/05-wired.network": wired } });
    const paths = plan.change.files.map(({ path }) => path.replace("/etc/systemd/network/", ""));
    expect(paths).toEqual([
      "00-holdfast-bond0.network",
      "00-holdfast-eth0.network",
      "00-holdfast-eth1.network",
      "10-bond0.netdev",
    ]);
    expect(plan.change.converge.map(({ argv }) => argv.join(" "))).toEqual(["networkctl reload"]);
    expect(plan.change.restore.map(({ argv }) => argv.slice(0, 3).join(" "))).toEqual([
      "ip link del",
      "networkctl reload",
      "networkctl reconfigure eth0",
    ]);
  });

  test("a port that joins a bond that runs comes by a reload, and goes by ip: networkd lets none go", () => {
    const one = planned({ backend: "networkd", files: {}, wanted: bond.replace("[eth0, eth1]", "[eth0]") });
    const files = Object.fromEntries(one.merged.files);
    const { change } = planned({ backend: "networkd", files, state: { bonds: [{ ...running, ports: ["eth0"] }] } });
    expect(change.converge.map(({ argv }) => argv.join(" "))).toEqual(["networkctl reload"]);
    expect(change.restore.map(({ argv }) => argv.join(" "))).toEqual(["ip link set dev eth1 nomaster"]);
    expect(change.interruption).toMatchObject({ ms: 0 });
  });

  test("a unit for the port and another gives up the port's name", () => {
    const both = "[Match]\nName=eth0 eth5\n\n[Network]\nDHCP=yes\n";
    const plan = planned({ backend: "networkd", files: { "/etc/systemd/network/20-both.network": both } });
    expect(writtenTo(plan, "/etc/systemd/network/20-both.network")).toBe("[Match]\nName=eth5\n\n[Network]\nDHCP=yes\n");
  });

  test("what another program wrote to /run is not ours to take", () => {
    const files = { "/run/systemd/network/10-netplan-eth1.network": "[Match]\nName=eth1\n\n[Network]\nDHCP=yes\n" };
    expect(refusal({ backend: "networkd", files })).toMatch(/plan-cannot-merge: \/run.* is another program's to write/);
  });
});

describe("a host of NetworkManager", () => {
  test("profiles of the ports make way, under whatever name, for files that are root's alone", () => {
    const profile =
      "[connection]\nid=Wired connection 1\nuuid=3b0b2b8e-2c3f-4d4e-9a6b-1c2d3e4f5a6b\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\nmethod=auto\n\n[ipv6]\nmethod=auto\n";
    const folder = "/etc/NetworkManager/system-connections";
    const plan = planned({
      backend: "networkmanager",
      files: { [`${folder}/Wired connection 1.nmconnection`]: profile },
      mode: 0o600,
    });
    const kinds = plan.change.files.map(({ path, after: image }) => [path.slice(folder.length + 1), image?.mode]);
    expect(kinds).toEqual([
      ["Wired connection 1.nmconnection", undefined],
      ["bond0.nmconnection", 0o600],
      ["eth0.nmconnection", 0o600],
      ["eth1.nmconnection", 0o600],
    ]);
    expect(plan.change.converge.at(-1)?.argv).toEqual(["nmcli", "--wait", "60", "connection", "up", "id", "bond0"]);
  });
});

describe("a bond of NetworkManager that runs", () => {
  test("gets another router and other name servers by a reapply, and stays up", () => {
    const first = planned({ backend: "networkmanager", files: {}, mode: 0o600 });
    const files = Object.fromEntries(first.merged.files);
    const wanted = bond.replace("192.0.2.1\n", "192.0.2.9\n  dns: 192.0.2.9\n");
    const { change } = planned({ backend: "networkmanager", files, wanted, state: { bonds: [running] }, mode: 0o600 });
    const reloaded = ["nmcli --wait 60 connection reload", "nmcli --wait 60 device reapply bond0"];
    expect(change.converge.map(({ argv }) => argv.join(" "))).toEqual(reloaded);
    expect(change.restore.map(({ argv }) => argv.join(" "))).toEqual(reloaded);
  });
});

describe("a host that nobody manages", () => {
  const link = (name: string, addresses: readonly string[], mac: string) =>
    ({
      name,
      addresses,
      mac,
      kind: "",
      on: [],
      master: "",
      owners: [],
      isUp: true,
      hasCarrier: true,
      device: "x",
    }) as unknown as HostLink;
  const links = [link("eth0", ["192.0.2.5/24"], "02:00:00:00:00:01"), link("eth1", [], "02:00:00:00:00:02")];
  const routes = [{ link: "eth0", to: "default", via: "192.0.2.1", metric: 0 }];

  test("the port without addresses goes first; addresses, routes and the other port move in one go", () => {
    const { change } = planned({ backend: "netlink", files: {}, state: { links }, routes });
    expect(change.files).toEqual([]);
    expect(change.converge.map(({ stdin }) => stdin?.trimEnd().split("\n"))).toEqual([
      [
        "link add name bond0 type bond mode active-backup miimon 100 num_grat_arp 3",
        "link set dev bond0 address 02:00:00:00:00:01",
        "link set dev eth1 down",
        "link set dev eth1 master bond0",
        "link set dev eth1 up",
        "link set dev bond0 up",
      ],
      [
        "address del 192.0.2.5/24 dev eth0",
        "address replace 192.0.2.5/24 dev bond0",
        "link set dev eth0 down",
        "link set dev eth0 master bond0",
        "link set dev eth0 up",
        "route replace default via 192.0.2.1 dev bond0",
        "link set dev bond0 type bond primary eth0",
      ],
    ]);
    expect(change.restore.at(-1)?.stdin).toContain("route replace default via 192.0.2.1 dev eth0");
  });

  test("a lease is refused: the kernel asks for none", () => {
    const wanted = bond.replace("address: 192.0.2.5/24\n  gateway: 192.0.2.1", "dhcp: true");
    expect(refusal({ backend: "netlink", files: {}, state: { links }, routes, wanted })).toMatch(/plan-no-backend/);
  });
});
