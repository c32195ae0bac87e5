import type { NtfySettings } from "../../model/notify.ts";
import { failed } from "../../model/result.ts";
import { ntfyBody } from "../../notify/payload.ts";
import type { Deliver } from "./delivery.ts";
import { post } from "./post.ts";
import { readCertificates, readSecret } from "./secret.ts";
import { addressOf } from "./webhook.ts";

/** Publishes messages on an ntfy topic. */
export function ntfyDelivery(settings: NtfySettings, directory: string, version: string): Deliver {
  return async (message, signal) => {
    const address = await addressOf(settings.url, directory);
    if (!address.ok) return address;
    const ca = await readCertificates(directory, settings.ca);
    if (!ca.ok) return ca;
    const headers: Record<string, string> = {
      "Content-Type": "application/json",
      "User-Agent": `holdfast/${version}`,
    };
    if (settings.token !== undefined) {
      const token = await readSecret(directory, settings.token);
      if (!token.ok) return token;
      headers["Authorization"] = `Bearer ${token.value}`;
    }
    // JSON goes to the server's root, with the topic inside. Source: ntfy's documentation, "Publish as JSON".
    const [, base = "/", topic = ""] = /^(.*\/)([^/]+)$/.exec(address.value.pathname) ?? [];
    if (topic === "") return failed({ reason: "the address names no topic" });
    const url = new URL(base, address.value);
    return post({ url, headers, body: ntfyBody(topic, message), ca: ca.value, signal });
  };
}
