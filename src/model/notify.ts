/** Who is told of events, as declared: texts as they stand in the file, times in ms, absent means "not said". */
export interface NotifySettings {
  readonly ntfy?: NtfySettings;
  readonly webhook?: WebhookSettings;
  readonly mail?: MailSettings;
  readonly mqtt?: MqttSettings;
  readonly command?: CommandSettings;
}

/** How much is told, the most first. `all` tells every event of the history. */
export const severities = ["all", "notice", "warning", "critical"] as const;
export type LeastSeverity = (typeof severities)[number];

/** A secret is only ever named by its file: relative to /etc/holdfast, or absolute. */
export interface SecretFile {
  readonly file: string;
}

export interface NtfySettings {
  /** Server and topic. In a file where the topic itself must stay secret. */
  readonly url?: string | SecretFile;
  readonly token?: SecretFile;
  /** Certificates of an own authority, PEM. */
  readonly ca?: string;
  readonly severity?: LeastSeverity;
}

export interface WebhookSettings {
  readonly url?: string | SecretFile;
  /** Signs every message, by the Standard Webhooks rules. */
  readonly secret?: SecretFile;
  /** Sent as `Authorization: Bearer …`. */
  readonly token?: SecretFile;
  readonly ca?: string;
  readonly severity?: LeastSeverity;
}

export interface MailSettings {
  readonly to?: readonly string[];
  readonly from?: string;
  /** Name or address of the mail server. */
  readonly server?: string;
  readonly port?: number;
  readonly security?: "starttls" | "tls" | "none";
  readonly user?: string;
  readonly password?: SecretFile;
  readonly ca?: string;
  readonly severity?: LeastSeverity;
}

export interface MqttSettings {
  readonly url?: string;
  readonly user?: string;
  readonly password?: SecretFile;
  readonly ca?: string;
  /** What every topic begins with. */
  readonly prefix?: string;
  /** The topic below which Home Assistant looks for devices, or "none". */
  readonly discovery?: string;
  /** What may be ordered by MQTT; absent or empty: nothing. */
  readonly commands?: readonly MqttCommand[];
  readonly severity?: LeastSeverity;
}

/** What the broker's users may be allowed to order. */
export const mqttCommands = ["pin", "drill"] as const;
export type MqttCommand = (typeof mqttCommands)[number];

export interface CommandSettings {
  /** A program, or a directory whose programs are all run. */
  readonly run?: string;
  readonly timeout?: number;
  readonly severity?: LeastSeverity;
}

/** How the agent is run. */
export interface AgentSettings {
  /** Loopback address and port for Prometheus: "127.0.0.1:9437", "[::1]:9437". */
  readonly metrics?: string;
}
