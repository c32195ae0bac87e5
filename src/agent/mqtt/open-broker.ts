import { randomBytes } from "node:crypto";
import type { MqttSettings } from "../../model/notify.ts";
import { failed, type Result } from "../../model/result.ts";
import type { MqttVersion } from "../../wire/mqtt.ts";
import { readCertificates, readSecret } from "../telling/secret.ts";
import { type BrokerAddress, type Connection, type Incoming, openConnection, type Unopened } from "./connection.ts";
import type { Topics } from "./topics.ts";

/** How a broker is opened. */
export interface Opening {
  readonly settings: MqttSettings;
  readonly topics: Topics;
  /** Relative paths of secrets start here. */
  readonly configDirectory: string;
  readonly onMessage: (message: Incoming) => void;
  /** A connection beside the agent's, which takes nobody's place and leaves no will that says the host is gone. */
  readonly only?: "test";
}

/** A host that is cut off is called offline after half as long again, s. Behind NAT an idle connection lives for a minute or longer. */
const KEEP_ALIVE_S = 30;

/** Opens connections as the configuration wants them. Secrets are read each time, so that a new one holds at once. Version 5 first: in it
 *  a broker says when it doesn't allow a topic; 3.1.1 where it is refused. */
export function opener(opening: Opening): (signal: AbortSignal) => Promise<Result<Connection, Unopened>> {
  const { settings, topics, configDirectory, onMessage, only } = opening;
  let version: MqttVersion = 5;
  const clientId = only === undefined ? topics.id : `${topics.id}-${randomBytes(4).toString("hex")}`;
  // The same name each time: the broker ends the connection that died with the old path as soon as the new one is there.
  const will = { topic: only === undefined ? topics.availability : `${topics.prefix}/test`, payload: "offline" };
  return async (signal) => {
    const at = await addressOf(settings, configDirectory);
    if (!at.ok) return at;
    const password = settings.password === undefined ? undefined : await readSecret(configDirectory, settings.password);
    if (password?.ok === false) return failed({ kind: "other", reason: password.error.reason });
    const login = {
      ...(settings.user === undefined ? {} : { user: settings.user }),
      ...(password === undefined ? {} : { password: password.value }),
    };
    const attempt = (): Promise<Result<Connection, Unopened>> =>
      openConnection(at.value, { version, clientId, keepAliveS: KEEP_ALIVE_S, will, ...login }, onMessage, signal);
    const opened = await attempt();
    if (opened.ok || opened.error.kind !== "version" || version === 4) return named(opened, at.value);
    version = 4;
    return named(await attempt(), at.value);
  };
}

function named(opened: Result<Connection, Unopened>, { host, port }: BrokerAddress): Result<Connection, Unopened> {
  if (opened.ok) return opened;
  const { kind, reason } = opened.error;
  return failed({ kind, reason: `${host}:${port}: ${reason}` });
}

async function addressOf(
  { url = "", ca: file }: MqttSettings,
  directory: string,
): Promise<Result<BrokerAddress, Unopened>> {
  if (!URL.canParse(url)) return failed({ kind: "other", reason: "the address is none" });
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (protocol !== "mqtts:") return { ok: true, value: { host, port: Number(port || 1883) } };
  const ca = await readCertificates(directory, file);
  if (!ca.ok) return failed({ kind: "other", reason: ca.error.reason });
  return { ok: true, value: { host, port: Number(port || 8883), tls: ca.value === undefined ? {} : { ca: ca.value } } };
}
