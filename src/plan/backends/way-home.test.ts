import { expect, test } from "vitest";
import type { HostLink } from "../../model/host-state.ts";
import { advertised, advertisedBond } from "../testing/advertised-bond.ts";
import { bond, planned } from "../testing/ask-plan.ts";

const unit = "/etc/systemd/network/10-eth0.network";
const plain = "[Match]\nName=eth0\n\n[Network]\nAddress=192.0.2.5/24\nGateway=192.0.2.1\n";

function linksOf(owner: string, addresses: readonly string[], leased: readonly string[] = []): readonly HostLink[] {
  const one = { mac: "", hasCarrier: true, isUp: true, device: "", master: "", isRadio: false };
  const bearer = { ...one, name: "eth0", owners: [owner], addresses, leased };
  return [bearer, { ...one, name: "eth1", owners: [], addresses: [] }] as unknown as readonly HostLink[];
}

test("networkd's one cable: ip alone reaches the host again before the files are back, and the loan ends when networkd has given its own", () => {
  const links = linksOf("networkd", ["192.0.2.5/24"]);
  const { change } = planned({ backend: "networkd", files: { [unit]: plain }, state: { links } });
  const [first, ...rest] = change.restore;
  expect(first?.beforeFiles).toBe(true);
  expect(first?.stdin?.split("\n")).toEqual([
    "link set dev eth0 nomaster",
    "address flush dev eth0 scope global",
    "link set dev eth0 up",
    "address replace 192.0.2.5/32 dev eth0",
    "route replace 192.0.2.0/24 dev eth0 src 192.0.2.5 metric 4000000",
    "route replace default via 192.0.2.1 dev eth0 onlink metric 4000000",
    "",
  ]);
  // Being asked, the router learns that the host doesn't have the bond's MAC address any more.
  expect(first?.argv[2]).toContain("neighbour replace 192.0.2.1 dev eth0 use\n");
  // Nothing that is gone by then is taken away again: a step that fails calls for the emergency's.
  expect(rest.slice(0, -1).map(({ argv }) => argv.join(" "))).toEqual([
    "networkctl reload",
    "networkctl reconfigure eth0 eth1",
  ]);
  expect(rest.at(-1)?.argv.slice(3)).toEqual(["eth0", "192.0.2.5/24"]);
  expect(rest.at(-1)?.stdin).toContain("address del 192.0.2.5/32 dev eth0\n");
});

const profile = "/etc/NetworkManager/system-connections/eth0.nmconnection";
const text =
  "[connection]\nid=eth0\nuuid=6f6a2f0e-0000-4000-8000-000000000001\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\nmethod=manual\naddress1=192.0.2.5/24,192.0.2.1\n";

test("NetworkManager strips the link when its bond goes: what was lent is given again until it gives its own", () => {
  const links = linksOf("networkmanager", ["192.0.2.5/24"]);
  const given = { backend: "networkmanager", files: { [profile]: text }, state: { links }, mode: 0o600 } as const;
  const { restore } = planned(given).change;
  expect(restore.map(({ argv, beforeFiles }) => [argv[0], beforeFiles ?? argv.slice(-3).join(" ")])).toEqual([
    ["/bin/sh", true],
    ["nmcli", "60 connection reload"],
    ["nmcli", "device connect eth0"],
    ["/bin/sh", expect.stringContaining("eth0 192.0.2.5/24")],
  ]);
  expect(restore[0]?.argv[2]).toContain("keep");
  // nmcli may take everything once more at its very end, and the emergency's steps come after that.
  const ticks = Number(/-lt (\d+) \]; do\n *if sleep 0\.2;/.exec(restore[0]?.argv[2] ?? "")?.[1]);
  const rest = restore.slice(1).reduce((sum, { limitSeconds }) => sum + limitSeconds, 0);
  expect(ticks / 5).toBeGreaterThanOrEqual(rest + 30);
  // A link that is in a bond again bears nothing of its own.
  expect(restore[0]?.argv[2]).toContain("/master");
});

test("IPv6 addresses are lent as they are: nobody detects them anew, and one that a router gave expires if it says no more", () => {
  const addresses = ["2001:db8::5/64", "2001:db8::ff:fe00:1/64"];
  const routes = [{ to: "default", via: "fe80::1", dev: "eth0", metric: 1024, table: 254, family: "ipv6" }] as const;
  const links = linksOf("networkd", addresses, addresses.slice(1));
  const { restore } = planned({ backend: "networkd", files: { [unit]: plain }, state: { links, routes } }).change;
  expect(restore[0]?.stdin?.split("\n").slice(3)).toEqual([
    "address replace 2001:db8::5/64 dev eth0 nodad",
    "address replace 2001:db8::ff:fe00:1/64 dev eth0 valid_lft 1800 preferred_lft 1800 nodad",
    "route replace default via fe80::1 dev eth0 onlink metric 4000000",
    "",
  ]);
  expect(restore[0]?.argv[2]).toContain("neighbour replace fe80::1 dev eth0 use\n");
  // The kernel's own question comes from the link-local address, and tells the router nothing of these.
  expect(restore[0]?.argv[2]).toContain("ping -6 -n -c 1 -W 1 -I 2001:db8::5 fe80::1%eth0 ");
  // Its manager switched IPv6 off on a port.
  expect(restore[0]?.argv[2]).toContain("disable_ipv6");
  expect(restore.at(-1)?.stdin).toBe("route del default via fe80::1 dev eth0 onlink metric 4000000\n");
});

test("ifup adds IPv6 addresses and fails where they are: what was lent goes as it begins", () => {
  const files = { "/etc/network/interfaces": "auto eth0\niface eth0 inet6 static\n    address 2001:db8::5/64\n" };
  const links = linksOf("ifupdown", ["2001:db8::5/64"]);
  const { restore } = planned({ backend: "ifupdown", files, state: { links, routes: [] } }).change;
  const up = restore.find(({ argv }) => argv[2]?.includes("ifup "));
  expect(up?.argv.slice(3)).toEqual(["eth0", "eth0"]);
  expect(up?.stdin).toBe("address del 2001:db8::5/64 dev eth0\n");
  // It adds them as somebody new would: nothing waits for that, until all of it is over.
  expect(restore[0]?.argv[2]).toContain("accept_dad");
  expect(restore.at(-1)?.argv[2]).toContain("accept_dad");
});

test("of two routers on one link the one that was used is lent, and a way that leads only to some places is not waited for", () => {
  const addresses = ["192.0.2.5/24", "2001:db8::5/64"];
  const route = { dev: "eth0", table: 254 };
  const routes = [
    { ...route, to: "default", via: "192.0.2.2", metric: 200, family: "ipv4" },
    { ...route, to: "default", via: "192.0.2.1", metric: 100, family: "ipv4" },
    { ...route, to: "fd00:5::/64", via: "fe80::5", metric: 1024, family: "ipv6" },
  ] as const;
  const links = linksOf("networkd", addresses);
  const { restore } = planned({ backend: "networkd", files: { [unit]: plain }, state: { links, routes } }).change;
  expect(restore[0]?.stdin?.match(/route replace (default|fd00).*/g)).toEqual([
    "route replace default via 192.0.2.1 dev eth0 onlink metric 4000000",
    "route replace fd00:5::/64 via fe80::5 dev eth0 onlink metric 4000000",
  ]);
  expect(restore.at(-1)?.argv[2]).not.toContain("ip -6 route show default");
});

test("a lease may be long in coming, and be another one: meanwhile the loan stays", () => {
  const addresses = ["192.0.2.5/24"];
  const routes = [{ to: "default", via: "192.0.2.1", dev: "eth0", metric: 100, table: 254, family: "ipv4" }] as const;
  const links = linksOf("networkd", addresses, addresses);
  const files = { [unit]: "[Match]\nName=eth0\n\n[Network]\nDHCP=ipv4\n" };
  const last = planned({ backend: "networkd", files, state: { links, routes } }).change.restore.at(-1);
  expect(last?.argv.slice(3)).toEqual(["eth0", "leased"]);
  expect(last?.limitSeconds).toBeGreaterThan(60);
});

test("what an earlier way home has left behind doesn't keep the next one from being made, and ends with it", () => {
  const links = linksOf("networkd", ["192.0.2.5/24", "192.0.2.5/32"]);
  const { restore } = planned({ backend: "networkd", files: { [unit]: plain }, state: { links } }).change;
  expect(restore[0]?.stdin).toContain("address replace 192.0.2.5/32 dev eth0\nroute replace 192.0.2.0/24 dev eth0");
  expect(restore.at(-1)?.argv.slice(3)).toEqual(["eth0", "192.0.2.5/24"]);
  expect(restore.at(-1)?.stdin).toContain("address del 192.0.2.5/32 dev eth0\n");
});

test("networkd takes a lent address away and waits for its router's next word: meanwhile the loan is given again", () => {
  const address = "2001:db8::ff:fe00:1/64";
  const routes = [{ to: "default", via: "fe80::1", dev: "eth0", metric: 1024, table: 254, family: "ipv6" }] as const;
  const links = linksOf("networkd", [address], [address]);
  const { restore } = planned({ backend: "networkd", files: { [unit]: plain }, state: { links, routes } }).change;
  expect(restore[0]?.argv[2]).toContain("keep");
  expect(
    planned({ backend: "networkd", files: { [unit]: plain }, state: { links: linksOf("networkd", ["192.0.2.5/24"]) } })
      .change.restore[0]?.argv[2],
  ).not.toContain("keep");
});

test("NetworkManager gave the second link an address unasked: the one with the better way out has everything lent", () => {
  const [eth0, eth1] = linksOf("networkmanager", ["192.0.2.5/24"]);
  const links = [
    { ...eth1, addresses: ["192.0.2.77/24"], owners: ["networkmanager"] },
    eth0,
  ] as unknown as readonly HostLink[];
  const way = { to: "default", via: "192.0.2.1", table: 254, family: "ipv4" } as const;
  const routes = [
    { ...way, dev: "eth1", metric: 101 },
    { ...way, dev: "eth0", metric: 100 },
  ];
  const given = {
    backend: "networkmanager",
    files: { [profile]: text },
    state: { links, routes },
    mode: 0o600,
  } as const;
  const [first] = planned(given).change.restore;
  expect(first?.beforeFiles).toBe(true);
  expect(first?.stdin).toContain("address replace 192.0.2.5/32 dev eth0\n");
  expect(first?.stdin).not.toContain("192.0.2.77");
});

test("a bond that ran is made anew on the way back: it is lent what it had as soon as it is there, while its manager still asks", () => {
  const netdev = "[NetDev]\nName=bond0\nKind=bond\n\n[Bond]\nMode=active-backup\nMIIMonitorSec=100ms\n";
  const files = {
    "/etc/systemd/network/10-bond0.netdev": netdev,
    "/etc/systemd/network/10-bond0.network": "[Match]\nName=bond0\n\n[Network]\nIPv6AcceptRA=yes\n",
  };
  const wanted = bond.replace("bond:", "bond:\n  mode: balance-rr");
  const { restore } = planned({ backend: "networkd", files, wanted, state: advertisedBond("networkd") }).change;
  expect(restore.map(({ argv }) => argv.slice(0, 3).join(" ").split(" -c ")[0])).toEqual([
    "ip link del",
    "/bin/sh",
    "systemctl restart systemd-networkd.service",
    "/bin/sh",
  ]);
  const [, lent, , end] = restore;
  expect(lent?.argv[2]).toContain(`address replace ${advertised} dev bond0 valid_lft 1800 preferred_lft 1800 nodad`);
  expect(end?.stdin).toContain("route del default via fe80::1 dev bond0");
});

const runningFiles = {
  networkd: {
    "/etc/systemd/network/10-bond0.netdev":
      "[NetDev]\nName=bond0\nKind=bond\n\n[Bond]\nMode=active-backup\nMIIMonitorSec=100ms\n",
    "/etc/systemd/network/10-bond0.network": "[Match]\nName=bond0\n\n[Network]\nIPv6AcceptRA=yes\n",
    "/etc/systemd/network/10-eth0.network": "[Match]\nName=eth0\n\n[Network]\nBond=bond0\n",
    "/etc/systemd/network/10-eth1.network": "[Match]\nName=eth1\n\n[Network]\nBond=bond0\n",
  },
  networkmanager: {
    "/etc/NetworkManager/system-connections/bond0.nmconnection":
      "[connection]\nid=bond0\ntype=bond\ninterface-name=bond0\n\n[bond]\nmiimon=100\nmode=active-backup\n\n[ipv4]\nmethod=disabled\n\n[ipv6]\nmethod=auto\n",
    ...Object.fromEntries(
      ["eth0", "eth1"].map((name) => [
        `/etc/NetworkManager/system-connections/${name}.nmconnection`,
        `[connection]\nid=${name}\ntype=ethernet\ninterface-name=${name}\nmaster=bond0\nslave-type=bond\n`,
      ]),
    ),
  },
} as const;

test.each(["networkd", "networkmanager"] as const)(
  "a bond that runs and had its address from its router: that is lent to it before %s, which asks anew, takes the wrong one away",
  (backend) => {
    const given = { backend, files: runningFiles[backend], state: advertisedBond(backend) };
    const { restore } = planned(given).change;
    const [first, last] = [restore[0], restore.at(-1)];
    expect(first?.beforeFiles).toBe(true);
    expect(first?.argv[2]).not.toContain("link del");
    expect(first?.stdin?.split("\n").slice(0, 3)).toEqual([
      "address flush dev bond0 scope global",
      "link set dev bond0 up",
      `address replace ${advertised} dev bond0 valid_lft 1800 preferred_lft 1800 nodad`,
    ]);
    expect(last?.stdin).toBe("route del default via fe80::1 dev bond0 onlink metric 4000000\n");
  },
);
