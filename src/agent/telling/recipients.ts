import { basename } from "node:path";
import type { LeastSeverity, NotifySettings } from "../../model/notify.ts";
import { forPeople, forPrograms, type Manner } from "../../notify/channel.ts";
import type { Audience } from "../../notify/summary.ts";
import { mqttOnce } from "../mqtt/mqtt.ts";
import type { Deliver } from "./delivery.ts";
import { findHooks, hookDelivery } from "./hook.ts";
import { mailDelivery } from "./mail.ts";
import { ntfyDelivery } from "./ntfy.ts";
import type { TellingDeps } from "./telling.ts";
import { webhookDelivery } from "./webhook.ts";

/** Somebody to be told. */
export interface Recipient {
  readonly name: string;
  readonly manner: Manner;
  readonly audience: Audience;
  readonly deliver: Deliver;
  readonly way: "network" | "local";
}

/** What a recipient is made with. */
export type RecipientDeps = Pick<TellingDeps, "host" | "version" | "configDirectory" | "hooks" | "courier" | "broker">;

const HOOK_TIMEOUT_MS = 30_000;

/** Everybody the configuration names, and the programs in the hooks' directory. */
export async function recipients(notify: NotifySettings, deps: RecipientDeps): Promise<readonly Recipient[]> {
  const { ntfy, webhook, mail, mqtt } = notify;
  const { configDirectory, version, host, courier, broker } = deps;
  return [
    ...(ntfy === undefined ? [] : [person("ntfy", ntfy.severity, ntfyDelivery(ntfy, configDirectory, version))]),
    ...(webhook === undefined
      ? []
      : [program("webhook", webhook.severity, webhookDelivery(webhook, configDirectory, version), "network")]),
    ...(mail === undefined ? [] : [person("mail", mail.severity, mailDelivery(mail, configDirectory, host, courier))]),
    ...(mqtt === undefined ? [] : [program("mqtt", mqtt.severity, broker ?? mqttOnce(mqtt, deps), "network")]),
    ...(await hooks(notify, deps.hooks)),
  ];
}

function person(name: string, severity: LeastSeverity | undefined, deliver: Deliver): Recipient {
  const audience: Audience = { least: severity ?? "notice", reader: "person" };
  return { name, manner: forPeople, audience, deliver, way: "network" };
}

function program(
  name: string,
  severity: LeastSeverity | undefined,
  deliver: Deliver,
  way: Recipient["way"],
): Recipient {
  return { name, manner: forPrograms, audience: { least: severity ?? "all", reader: "program" }, deliver, way };
}

async function hooks({ command }: NotifySettings, directory: string): Promise<readonly Recipient[]> {
  const { run, timeout = HOOK_TIMEOUT_MS, severity } = command ?? {};
  const told = (prefix: string, files: readonly string[]): readonly Recipient[] =>
    files.map((file) => program(`${prefix}-${basename(file)}`, severity, hookDelivery(file, timeout), "local"));
  return [
    ...told("hook", await findHooks(directory)),
    ...(run === undefined || run === directory ? [] : told("command", await findHooks(run))),
  ];
}
