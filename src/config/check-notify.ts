import type { Diagnostic } from "../diagnostic/diagnostic.ts";
import type { Origins } from "../diagnostic/origins.ts";
import type { Config } from "../model/config.ts";
import type { MailSettings, MqttSettings, SecretFile } from "../model/notify.ts";

/** What only several keys of `notify` together show. */
export function checkNotify(config: Config, origins: Origins): readonly Diagnostic[] {
  const { ntfy, webhook, mail, mqtt } = config.sections?.notify ?? {};
  return [
    ...(ntfy?.token === undefined ? [] : tokenInClear("ntfy", ntfy.url, origins)),
    ...(webhook?.token === undefined ? [] : tokenInClear("webhook", webhook.url, origins)),
    ...(mail === undefined ? [] : checkMail(mail, origins)),
    ...(mqtt === undefined ? [] : checkMqtt(mqtt, origins)),
  ];
}

function tokenInClear(name: string, url: string | SecretFile | undefined, origins: Origins): readonly Diagnostic[] {
  if (typeof url !== "string" || !url.startsWith("http:") || isThisHost(new URL(url).hostname)) return [];
  return [unencrypted(`notify.${name}: the token would travel unencrypted`, "Write https://.", name, "url", origins)];
}

function checkMail(mail: MailSettings, origins: Origins): readonly Diagnostic[] {
  const { user, password, security, server } = mail;
  if ((user === undefined) !== (password === undefined)) {
    const [there, missing] = user === undefined ? ["password", "user"] : ["user", "password"];
    const hint = missing === "user" ? "Add user: and the name." : "Add password: {file: secrets/mail}.";
    return [
      {
        code: "mail-login-incomplete",
        severity: "error",
        message: `notify.mail has a ${there} and no ${missing}`,
        hint,
        ...at("mail", there ?? "", origins),
      },
    ];
  }
  if (password === undefined || security !== "none" || isThisHost(server ?? "")) return [];
  const message = "notify.mail: the password would travel unencrypted";
  return [unencrypted(message, "Write security: starttls, or tls.", "mail", "security", origins)];
}

/** A name alone is allowed, a password alone isn't: MQTT 3.1.1 can't say it. */
function checkMqtt({ url, user, password }: MqttSettings, origins: Origins): readonly Diagnostic[] {
  if (password === undefined) return [];
  if (user === undefined) {
    const message = "notify.mqtt has a password and no user";
    const hint = "Add user: and the name.";
    return [{ code: "mqtt-login-incomplete", severity: "error", message, hint, ...at("mqtt", "password", origins) }];
  }
  if (url === undefined || !url.startsWith("mqtt:") || isThisHost(new URL(url).hostname)) return [];
  const hint = "Write mqtts://, where the broker can.";
  return [unencrypted("notify.mqtt: the password would travel unencrypted", hint, "mqtt", "url", origins)];
}

function unencrypted(message: string, hint: string, name: string, key: string, origins: Origins): Diagnostic {
  return { code: "secret-unencrypted", severity: "warning", message, hint, ...at(name, key, origins) };
}

function at(name: string, key: string, origins: Origins): Pick<Diagnostic, "at"> {
  const span = origins.get(`notify/${name}/${key}`);
  return span === undefined ? {} : { at: span };
}

function isThisHost(name: string): boolean {
  return name === "localhost" || name === "[::1]" || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}
