import { managers } from "../../../src/cli/rehearse/managers.ts";
import { parseHoldfast } from "../../../src/config/parse-holdfast.ts";
import { dialectNamed } from "../../../src/dialects/registry.ts";
import { Secret } from "../../../src/model/bond.ts";
import { emptyConfig, type Interface } from "../../../src/model/config.ts";
import { withDefaults } from "../../../src/model/defaults.ts";
import { bondWithRadio, radioKeys, wantedRadio } from "./radio-world.ts";
import {
  advertisedAddress6,
  bothFamilies,
  hostAddress,
  hostAddress6,
  onePort,
  onePort6,
  onePortAdvertised,
  runningBond,
  runningBondAdvertised,
  wanted,
  wanted6,
  wantedAdvertised,
  wantedBoth,
  withoutRouter6,
  wrongGateway,
  wrongMade,
  wrongNetwork6,
} from "./world.ts";

export const hostKinds = [
  "ifupdown",
  "ifupdown2",
  "networkd",
  "netplan",
  "networkmanager",
  "sysvinit",
  "openrc",
  "busybox",
  "dual",
  "ipv6",
  "advertised",
  "networkd6",
  "networkmanager6",
  "networkdadvertised",
  "networkmanageradvertised",
  "bonded",
  "bondedadvertised",
  "networkdbonded",
  "networkmanagerbonded",
  "networkdbondedadvertised",
  "networkmanagerbondedadvertised",
  "radio",
  "netplanradio",
  "netplanradioalone",
  "networkdradioalone",
  "networkmanagerradio",
] as const;

/** Who brings the host's network up. */
export type HostKind = (typeof hostKinds)[number];

/** What a host of that kind has beside what every host has. */
export interface KindOfHost {
  /** Debian packages. */
  readonly packages: readonly string[];
  /** Its network's files, by path, as an installer leaves them. */
  readonly files: Readonly<Record<string, string>>;
  readonly modes: Readonly<Record<string, string>>;
  /** Units that bring the network up. */
  readonly units: readonly string[];
  /** It is spoken to over the system's bus, and takes links for its own without udev only where /sys can't be written. */
  readonly isDaemon: boolean;
  /** Its radio's unit waits for udev's word on the link. */
  readonly hasUdev?: true;
  readonly init: "systemd" | "sysvinit" | "openrc" | "busybox";
  /** Where the operator reaches it. */
  readonly address: string;
  /** The holdfast.yaml that is wanted, and one that leads nowhere. */
  readonly wanted: string;
  readonly wrong: string;
  /** How it knows its router; "radio": it reaches that by Wi-Fi, too. */
  readonly router: "declared" | "advertised" | "radio";
}

const ifupdown: KindOfHost = {
  packages: ["ifupdown", "ifenslave"],
  files: { "/etc/network/interfaces": onePort },
  modes: {},
  units: ["networking.service"],
  isDaemon: false,
  init: "systemd",
  address: hostAddress,
  wanted,
  wrong: wrongGateway,
  router: "declared",
};

/** A bond of Ethernet and Wi-Fi that is there already. */
const byRadio: KindOfHost = {
  ...ifupdown,
  packages: [...ifupdown.packages, "wpasupplicant", "hostapd", "iw"],
  files: { "/etc/network/interfaces": bondWithRadio, "/etc/holdfast/secrets/home.psk": `${radioKeys.Home}\n` },
  modes: { "/etc/network/interfaces": "0600", "/etc/holdfast/secrets/home.psk": "0600" },
  wanted: wantedRadio,
  router: "radio",
};

const onEm1: Interface = {
  name: "em1",
  start: "boot",
  ipv4: { method: "static", addresses: [`${hostAddress}/24`], gateway: "192.168.1.254" },
  ipv6: { method: "none", addresses: [] },
  hooks: [],
  extra: [],
};

const onEm16: Interface = {
  ...onEm1,
  ipv4: { method: "none", addresses: [] },
  ipv6: { method: "static", addresses: [`${hostAddress6}/64`], gateway: "2001:db8:1::fe" },
};

/** The same one port as ifupdown's, in another language. */
function filesOf(dialect: string, ...interfaces: readonly Interface[]): Readonly<Record<string, string>> {
  const rendered = dialectNamed(dialect)?.render({
    ...emptyConfig,
    interfaces: interfaces.length === 0 ? [onEm1] : interfaces,
  });
  return Object.fromEntries(rendered?.files ?? []);
}

function daemon(kind: HostKind, packages: readonly string[], units: readonly string[]): KindOfHost {
  const files = filesOf(kind);
  const modes = Object.fromEntries(Object.keys(files).map((path) => [path, kind === "networkd" ? "0644" : "0600"]));
  return {
    ...ifupdown,
    packages: [...packages, "dbus-daemon", "dbus-system-bus-common", "dbus"],
    files,
    modes,
    units,
    isDaemon: true,
  };
}

const sysvinit = ["sysvinit-core", "sysv-rc", "initscripts", "insserv", "init-system-helpers"];

const nmSettings = "[main]\nplugins=keyfile\nauth-polkit=false\nhostname-mode=none\n";

/** An ifupdown host that its operator reaches by IPv6. */
function ifupdown6(interfaces: string, yaml: string): KindOfHost {
  const files = { "/etc/network/interfaces": interfaces };
  return { ...ifupdown, files, address: hostAddress6, wanted: yaml, wrong: withoutRouter6(yaml) };
}

/** The host of a kind. */
export function hostOf(kind: HostKind): KindOfHost {
  if (kind === "ifupdown") return ifupdown;
  if (kind === "ifupdown2") return { ...ifupdown, packages: ["ifupdown2"], files: filesOf("ifupdown2") };
  if (kind === "networkd6" || kind === "networkmanager6") return overIpv6(kind.slice(0, -1) as HostKind);
  if (kind === "networkdbonded" || kind === "networkmanagerbonded") {
    const by = kind.replace("bonded", "") as HostKind;
    return bondedBy(by, { ...hostOf(by), wanted, wrong: wrongMade });
  }
  if (kind === "networkdbondedadvertised" || kind === "networkmanagerbondedadvertised") {
    const by = kind.replace("bondedadvertised", "") as HostKind;
    // systemd gives its bonds a MAC address of their own, which the advertised address follows.
    const withMac = (yaml: string) => yaml.replace("bond:", 'bond:\n  mac: "02:00:00:00:01:01"');
    return bondedBy(by, { ...advertisedTo(by), wanted: withMac(wantedAdvertised), wrong: withMac(wrongNetwork6) });
  }
  if (kind === "networkdadvertised" || kind === "networkmanageradvertised")
    return advertisedTo(kind.replace("advertised", "") as HostKind);
  if (kind === "bonded") return { ...ifupdown, files: { "/etc/network/interfaces": runningBond }, wrong: wrongMade };
  if (kind === "advertised" || kind === "bondedadvertised") {
    const host = ifupdown6(kind === "advertised" ? onePortAdvertised : runningBondAdvertised, wantedAdvertised);
    return { ...host, address: advertisedAddress6, wrong: wrongNetwork6, router: "advertised" };
  }
  if (kind === "radio") return byRadio;
  if (kind === "networkmanagerradio") {
    const host = getsRadio("networkmanager", [onEm1]);
    return { ...host, units: [...host.units, "wpa_supplicant.service"] };
  }
  if (kind === "netplanradio") return getsRadio("netplan", [onEm1]);
  if (kind === "netplanradioalone" || kind === "networkdradioalone")
    return getsRadio(kind === "netplanradioalone" ? "netplan" : "networkd", [onEm1, radioAlone]);
  if (kind === "dual") return ifupdown6(bothFamilies, wantedBoth);
  if (kind === "ipv6") return ifupdown6(onePort6, wanted6);
  if (kind === "sysvinit") return { ...ifupdown, packages: [...ifupdown.packages, ...sysvinit], init: "sysvinit" };
  if (kind === "openrc")
    return { ...ifupdown, packages: [...ifupdown.packages, "sysvinit-core", "openrc"], init: "openrc" };
  if (kind === "busybox") return { ...ifupdown, packages: [...ifupdown.packages, "busybox"], init: "busybox" };
  if (kind === "networkd") return daemon(kind, ["systemd"], ["systemd-networkd.service"]);
  if (kind === "netplan") return daemon(kind, ["systemd", "netplan.io"], ["systemd-networkd.service"]);
  const host = daemon(kind, managers.networkmanager.packages, ["NetworkManager.service"]);
  return { ...host, files: { ...host.files, "/etc/NetworkManager/NetworkManager.conf": nmSettings } };
}

const radioAlone: Interface = {
  ...onEm1,
  name: "wlan0",
  ipv4: { method: "none", addresses: [] },
  wifi: { ssid: "Home", psk: { inline: new Secret(radioKeys.Home) } },
};

/** One that gets its bond of Ethernet and Wi-Fi: a unit beside networkd joins the radio's network. */
function getsRadio(kind: "netplan" | "networkd" | "networkmanager", interfaces: readonly Interface[]): KindOfHost {
  const host = hostOf(kind);
  const [key = ""] = Object.keys(byRadio.files).filter((path) => path.endsWith(".psk"));
  const files = filesOf(kind, ...interfaces);
  const isOpen = (path: string) => path.startsWith("/etc/systemd/");
  const modes = Object.keys(files).map((path) => [path, isOpen(path) ? "0644" : "0600"]);
  return {
    ...host,
    packages: [...host.packages, "udev", "wpasupplicant", "hostapd", "iw"],
    files: { ...host.files, ...files, [key]: byRadio.files[key] ?? "" },
    modes: { ...Object.fromEntries(modes), [key]: "0600" },
    ...(kind === "networkmanager" ? {} : { hasUdev: true }),
    wanted: wantedRadio,
    router: "radio",
  };
}

/** That host whose wanted bond is there already. */
function bondedBy(kind: HostKind, host: KindOfHost): KindOfHost {
  const bond = dialectNamed(kind)?.render(withDefaults(parseHoldfast("bond.yaml", host.wanted).config)).files;
  const others = Object.entries(host.files).filter(([path]) => path.endsWith(".conf"));
  const modes = [...(bond ?? [])].map(([path]) => [path, kind === "networkd" ? "0644" : "0600"]);
  return { ...host, files: Object.fromEntries([...others, ...(bond ?? [])]), modes: Object.fromEntries(modes) };
}

/** The host of that kind, which has its address and its router from what that says of itself. */
function advertisedTo(kind: HostKind): KindOfHost {
  const host = hostOf(kind);
  const ipv6 = { method: "auto", addresses: [] } as const;
  const files = { ...host.files, ...filesOf(kind, { ...onEm16, ipv6 }) };
  const wanted = wantedAdvertised;
  return { ...host, files, address: advertisedAddress6, wanted, wrong: wrongNetwork6, router: "advertised" };
}

/** The host of that kind, with IPv6 alone. */
function overIpv6(kind: HostKind): KindOfHost {
  const host = hostOf(kind);
  const files = { ...host.files, ...filesOf(kind, onEm16) };
  return { ...host, files, address: hostAddress6, wanted: wanted6, wrong: withoutRouter6(wanted6) };
}
