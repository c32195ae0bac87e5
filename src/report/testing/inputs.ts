import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import type { Rehearsal } from "../../measure/rehearsal.ts";
import { type Config, emptyConfig } from "../../model/config.ts";
import type { Scenario } from "../../topology/lab-plan.ts";
import type { ReportInput } from "../report-input.ts";

const path = "/etc/network/interfaces";
const text = `# two ports, two routers
auto eth0
iface eth0 inet manual
    bond-master bond0

auto eth1
iface eth1 inet manual
    bond-master bond0
    wpa-ssid attic
    wpa-psk harmless-looking-key

auto bond0
iface bond0 inet static
    address 192.168.1.5/24
    gateway 192.168.1.1
    bond-master bond0
    bond-mode active-backup
    bond-miimon 100
    bond-slaves none
`;

const at = (needle: string, from = 0): NonNullable<Diagnostic["at"]> => {
  const start = text.indexOf(needle, from);
  return { file: path, start, end: start + needle.length };
};

const findings: readonly Diagnostic[] = [
  {
    code: "bond-enslaved-to-itself",
    severity: "error",
    message: "bond0 names itself as bond-master, so ifenslave takes it for a port and never makes the bond",
    hint: "Delete this line; keep bond-master in the ports' stanzas only.",
    at: at("bond-master bond0", text.indexOf("iface bond0")),
  },
  {
    code: "secret-in-clear",
    severity: "warning",
    message: "the key harmless-looking-key stands in a file that everybody may read",
    hint: "Move it to a file with mode 0600 and name it with wpa-conf.",
    at: at("wpa-psk harmless-looking-key"),
  },
  {
    code: "no-uplink-probe",
    severity: "advice",
    message: "nothing watches the path beyond the routers",
    hint: "Name targets.",
  },
];

const config: Config = {
  ...emptyConfig,
  bonds: [{ name: "bond0", ports: ["eth0", "eth1"], options: { mode: "active-backup", miimon: 100, primary: "eth0" } }],
  uplinks: [
    { name: "vdsl", port: "eth0", gateway: "192.168.1.1" },
    { name: "lte", port: "eth1", gateway: "192.168.1.1", metered: true },
  ],
  topology: {
    devices: [
      { name: "vdsl", kind: "router", power: "mains", address: "192.168.1.1/24" },
      { name: "lte", kind: "router", power: "mains", address: "192.168.1.1/24" },
    ],
    cables: [
      { from: "eth0", to: "vdsl", medium: "cable" },
      { from: "eth1", to: "lte", medium: "cable" },
    ],
    power: [{ name: "mains", kind: "mains" }],
  },
};

/** The key in the files above: no rendering may show it. */
export const secretCase = "harmless-looking-key";

/** A rehearsal with a configuration, findings and scenarios that fit it. */
export function inputCase(rehearsal: Rehearsal, over: Partial<ReportInput> = {}): ReportInput {
  const files: FileSet = new Map([[path, text]]);
  const scenarios = rehearsal.scenarios.map(
    (each): Scenario => ({
      id: each.id,
      fault: each.fault,
      kind: each.kind as Scenario["kind"],
      inject: [{ atMs: 0, do: { op: each.kind === "silent" ? "node-hang" : "node-off", node: "vdsl" } }],
      mend: [{ atMs: 0, do: { op: each.kind === "silent" ? "node-resume" : "node-on", node: "vdsl" } }],
      expected: { internet: each.expected },
      carrierTells: each.kind === "carrier",
      strikes: each.kind === "healthy" ? [] : ["vdsl"],
    }),
  );
  const madeAt = "2026-03-01T12:00:00Z";
  return { rehearsal, config, files, findings, scenarios, flowIntervalMs: 1, madeAt, version: "0.1.0", ...over };
}
