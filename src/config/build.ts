import type { Origins } from "../diagnostic/origins.ts";
import type { Bond } from "../model/bond.ts";
import type { Config, Interface, Objectives, Sections, Uplink } from "../model/config.ts";
import type { DashboardSettings } from "../model/dashboard.ts";
import { defaultObjectives } from "../model/defaults.ts";
import type { MailSettings, MqttSettings, NotifySettings } from "../model/notify.ts";
import { buildBonds } from "./build-bond.ts";
import { buildTopology } from "./build-topology.ts";
import { type Building, present, remember } from "./building.ts";
import type { holdfastShape } from "./holdfast-shape.ts";
import type { Decoded } from "./shape.ts";

/** What decoding read. */
export type Holdfast = Decoded<typeof holdfastShape>;

/** The model of what was read. Only what the file says: defaults are filled in elsewhere. */
export function build(read: Holdfast, building: Building): { readonly config: Config; readonly origins: Origins } {
  const built = buildBonds(read.bond ?? [], building);
  const objectives = buildObjectives(read, building);
  const topology = read.topology === undefined ? undefined : buildTopology(read.topology, building);
  const sections = buildSections(read, building);
  remember(building, "targets", "targets");
  const config: Config = {
    bonds: built.map((one) => one.bond) satisfies readonly Bond[],
    interfaces: built.flatMap((one) => one.interfaces) satisfies readonly Interface[],
    uplinks: buildUplinks(read, building),
    targets: (read.targets ?? []).filter((target) => target !== undefined),
    ...(objectives === undefined ? {} : { objectives }),
    ...(topology === undefined ? {} : { topology }),
    ...(sections === undefined ? {} : { sections }),
  };
  return { config, origins: building.origins };
}

function buildObjectives(read: Holdfast, building: Building): Objectives | undefined {
  if (read.objectives === undefined) return undefined;
  remember(building, "objectives", "objectives", "key");
  const tcp: string = read.objectives.tcp ?? defaultObjectives.tcp;
  return {
    outageMs: read.objectives.outage ?? defaultObjectives.outageMs,
    tcp: tcp === "may-break" ? "may-break" : "survives",
  };
}

function buildUplinks(read: Holdfast, building: Building): readonly Uplink[] {
  return [...(read.uplinks ?? [])].flatMap(([name, uplink]) => {
    const path = `uplinks/${name}`;
    remember(building, `uplink/${name}`, path, "key");
    for (const field of ["port", "gateway", "address", "metered", "provider"])
      remember(building, `uplink/${name}/${field}`, `${path}/${field}`);
    if (uplink.port === undefined || uplink.gateway === undefined) return [];
    const dns = uplink.dns?.filter((server) => server !== undefined);
    return [
      {
        name,
        port: uplink.port,
        gateway: uplink.gateway,
        ...present({ address: uplink.address, dns, metered: uplink.metered, provider: uplink.provider }),
      },
    ];
  });
}

function buildSections(read: Holdfast, building: Building): Sections | undefined {
  const notify = read.notify === undefined ? undefined : buildNotify(read.notify, building);
  for (const name of ["notify", "agent", "dashboard"]) remember(building, name, name, "key");
  remember(building, "dashboard/listen", "dashboard/listen");
  const dashboard = read.dashboard === undefined ? undefined : buildDashboard(read.dashboard);
  const said: Sections = present({ notify, drill: read.drill, agent: read.agent, dashboard });
  return Object.keys(said).length === 0 ? undefined : said;
}

function buildDashboard(read: NonNullable<Holdfast["dashboard"]>): DashboardSettings {
  const { names, ...others } = read;
  return { ...others, ...present({ names: names?.filter((name) => name !== undefined) }) };
}

function buildNotify(read: NonNullable<Holdfast["notify"]>, building: Building): NotifySettings {
  for (const [name, channel] of Object.entries(read)) {
    remember(building, `notify/${name}`, `notify/${name}`, "key");
    for (const key of Object.keys(channel ?? {}))
      remember(building, `notify/${name}/${key}`, `notify/${name}/${key}`, "key");
  }
  const { mail, mqtt, ...others } = read;
  return { ...others, ...present({ mail: mail && builtMail(mail), mqtt: mqtt && builtMqtt(mqtt) }) };
}

type Notify = NonNullable<Holdfast["notify"]>;

function builtMail({ to, ...rest }: NonNullable<Notify["mail"]>): MailSettings {
  return { ...rest, ...present({ to: to?.filter((address) => address !== undefined) }) };
}

function builtMqtt({ commands, ...rest }: NonNullable<Notify["mqtt"]>): MqttSettings {
  return { ...rest, ...present({ commands: commands?.filter((command) => command !== undefined) }) };
}
