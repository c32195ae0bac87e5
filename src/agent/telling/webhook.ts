import { createHmac } from "node:crypto";
import type { SecretFile, WebhookSettings } from "../../model/notify.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { webhookBody } from "../../notify/payload.ts";
import type { Deliver, Refusal } from "./delivery.ts";
import { post } from "./post.ts";
import { readCertificates, readSecret } from "./secret.ts";

/** Posts messages as JSON. Signed by the Standard Webhooks rules where there is a secret. */
export function webhookDelivery(settings: WebhookSettings, directory: string, version: string): Deliver {
  return async (message, signal) => {
    const url = await addressOf(settings.url, directory);
    if (!url.ok) return url;
    const ca = await readCertificates(directory, settings.ca);
    if (!ca.ok) return ca;
    const body = webhookBody(message);
    const headers: Record<string, string> = {
      "Content-Type": "application/json",
      "User-Agent": `holdfast/${version}`,
      "webhook-id": message.id,
    };
    if (settings.token !== undefined) {
      const token = await readSecret(directory, settings.token);
      if (!token.ok) return token;
      headers["Authorization"] = `Bearer ${token.value}`;
    }
    if (settings.secret !== undefined) {
      const secret = await readSecret(directory, settings.secret);
      if (!secret.ok) return secret;
      const seconds = String(Math.floor(Date.now() / 1_000));
      headers["webhook-timestamp"] = seconds;
      headers["webhook-signature"] = signature(secret.value, message.id, seconds, body);
    }
    return post({ url: url.value, headers, body, ca: ca.value, signal });
  };
}

/** The address as declared, or out of its file. */
export async function addressOf(
  url: string | SecretFile | undefined,
  directory: string,
): Promise<Result<URL, Refusal>> {
  const text: Result<string, Refusal> = typeof url === "object" ? await readSecret(directory, url) : ok(url ?? "");
  if (!text.ok) return text;
  const parsed = URL.canParse(text.value) ? new URL(text.value) : undefined;
  if (parsed !== undefined && /^https?:$/.test(parsed.protocol) && parsed.username === "") return ok(parsed);
  return failed({ reason: "the address is none: it begins with https:// or http://, and holds no name or password" });
}

/** HMAC-SHA256 over id, time and body. A secret that begins with whsec_ is base64, any other its own bytes. Source: Standard
 *  Webhooks, "Signature scheme". */
export function signature(secret: string, id: string, seconds: string, body: string): string {
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret, "utf8");
  return `v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`;
}
