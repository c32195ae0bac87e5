import { execFileSync } from "node:child_process";
import { lookup } from "node:dns/promises";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { WebhookBody } from "../../notify/payload.ts";
import { post } from "./post.ts";
import { type Bench, incident, openBench } from "./testing/telling-bench.ts";
import { type WebSink, webSink } from "./testing/web-sink.ts";
import { signature } from "./webhook.ts";

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function bench(): Promise<Bench> {
  const made = await openBench();
  open.push(made);
  return made;
}

async function sink(where: Parameters<typeof webSink>[0] = {}): Promise<WebSink> {
  const made = await webSink(where);
  open.push(made);
  return made;
}

function bodies({ received }: WebSink): readonly WebhookBody[] {
  return received.map(({ body }) => JSON.parse(body) as WebhookBody);
}

describe("a webhook", () => {
  it("gets every event at once, as JSON, signed, with an id", async () => {
    const [host, web] = [await bench(), await sink()];
    await host.write("key", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    await host.write("token", "t0ken");
    await host.start({ webhook: { url: `${web.url}/in?x=1`, secret: { file: "key" }, token: { file: "token" } } });
    host.record(...incident);
    await web.got(1);
    const first = web.received[0]!;
    const body = bodies(web)[0]!;
    expect(first.path).toBe("/in?x=1");
    expect(body).toMatchObject({ host: "nas", severity: "warning", count: 3, missed: 0 });
    expect(body.events.map(({ what }) => what)).toEqual(["carrier", "moved", "redundancy"]);
    expect(body.events[0]).toMatchObject({ port: "eth0", up: false });
    expect(first.headers).toMatchObject({
      authorization: "Bearer t0ken",
      "webhook-id": body.id,
      "content-type": "application/json",
    });
    const time = String(first.headers["webhook-timestamp"]);
    expect(first.headers["webhook-signature"]).toBe(
      signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", body.id, time, first.body),
    );
    expect(host.log.join()).not.toContain("t0ken");
  });

  it("is signed as the Standard Webhooks libraries sign", () => {
    const made = signature(
      "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "1614265330",
      '{"test": 2432232314}',
    );
    expect(made).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  it("gets after an outage, and a restart in it, all that happened, in order", async () => {
    const host = await bench();
    const gone = await webSink();
    const { port, url } = gone;
    await gone.close();
    const telling = await host.start({ webhook: { url } });
    for (let round = 0; round < 400; round++) host.record(...incident);
    await expect.poll(() => host.log.join()).toContain("ECONNREFUSED");
    await telling.stop();
    for (let round = 0; round < 400; round++) host.record(...incident);

    const web = await sink({ port });
    const again = await host.start({ webhook: { url } });
    host.record({ what: "outage-ends", lastedMs: 60_000, cause: "path-dead" });
    await expect.poll(() => again.channels()[0]?.pending, { timeout: 15_000 }).toBe(0);
    const events = bodies(web).flatMap((body) => body.events);
    expect(events.length).toBe(800 * 3 + 1);
    expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toSorted((a, b) => a - b));
    expect(bodies(web).every((body) => body.events.length <= 500)).toBe(true);
  });

  it("gets a repetition under the same id, word for word", async () => {
    const [host, web] = [await bench(), await sink()];
    web.answer = () => ({ status: web.received.length === 1 ? 503 : 200 });
    await host.start({ webhook: { url: web.url } });
    host.record(incident[0]!);
    await web.got(1);
    await expect.poll(() => host.log.join()).toContain("answered 503");
    host.record({ what: "path-alive", port: "wlan0", target: "gateway", evidence: "5 answers" });
    await web.got(2);
    expect(web.received[1]?.body).toBe(web.received[0]?.body);
    expect(web.received[1]?.headers["webhook-id"]).toBe(web.received[0]?.headers["webhook-id"]);
  }, 15_000);

  it("doesn't wait for an attempt that hangs from the time before there was a way out", async () => {
    const [host, web] = [await bench(), await sink()];
    web.answer = () => (web.received.length === 1 ? undefined : { status: 200 });
    await host.start({ webhook: { url: web.url } });
    host.record(incident[0]!);
    await web.got(1);
    const began = performance.now();
    // Young attempts find the way by themselves: this one has to grow old first.
    const tick = setInterval(() => host.record({ what: "outage-ends", lastedMs: 1, cause: "path-dead" }), 1_000);
    await web.got(2);
    clearInterval(tick);
    expect(performance.now() - began).toBeLessThan(12_000);
    expect(web.received[1]?.headers["webhook-id"]).toBe(web.received[0]?.headers["webhook-id"]);
  }, 20_000);

  it("isn't told what was before it was named", async () => {
    const [host, web] = [await bench(), await sink()];
    host.record(...incident);
    await host.start({ webhook: { url: web.url } });
    host.record({ what: "configured" });
    await web.got(1);
    expect(bodies(web)[0]?.events.map(({ what }) => what)).toEqual(["configured"]);
  });

  it("is told all again when its place was damaged", async () => {
    const [host, web] = [await bench(), await sink()];
    const telling = await host.start({ webhook: { url: web.url } });
    host.record(incident[0]!);
    await expect.poll(() => telling.channels()[0]?.delivered).toBe(1);
    await telling.stop();
    const place = join(host.directory, "telling", readdirSync(join(host.directory, "telling"))[0]!);
    expect(JSON.parse(readFileSync(place, "utf8"))).toMatchObject({ version: 1, missed: 0 });
    await host.write("telling/webhook.json", '{"version":1,"cur');
    await host.start({ webhook: { url: web.url } });
    await web.got(2);
    expect(bodies(web)[1]?.events).toEqual(bodies(web)[0]?.events);
  });
});

describe("posting", () => {
  const never = new AbortController().signal;
  const plain = { headers: {}, body: "{}", ca: undefined, signal: never };

  it("follows a server that sends it elsewhere on itself, and nobody else", async () => {
    const [web, other] = [await sink(), await sink({ host: "127.0.0.2" })];
    web.answer = ({ path }) => (path === "/a" ? { status: 307, headers: { location: "/b" } } : { status: 200 });
    expect(await post({ ...plain, url: new URL("/a", web.url) })).toEqual({ ok: true, value: {} });
    web.answer = () => ({ status: 308, headers: { location: `${other.url}/secret-path` } });
    const led = await post({ ...plain, url: new URL(web.url) });
    expect(led).toMatchObject({ ok: false, error: { reason: expect.stringContaining(other.url) } });
    expect(JSON.stringify(led)).not.toContain("secret-path");
    expect(other.received).toEqual([]);
    web.answer = () => ({ status: 302, headers: { location: "/b" } });
    expect((await post({ ...plain, url: new URL(web.url) })).ok).toBe(false);
  });

  it("doesn't go round in a circle", async () => {
    const web = await sink();
    web.answer = () => ({ status: 307, headers: { location: "/" } });
    expect(await post({ ...plain, url: new URL(web.url) })).toMatchObject({ ok: false });
    expect(web.received.length).toBe(4);
  });

  it("hears how long it shall wait, and that it said too much", async () => {
    const web = await sink();
    web.answer = () => ({ status: 429, headers: { "retry-after": "90" } });
    expect(await post({ ...plain, url: new URL(web.url) })).toMatchObject({ error: { afterMs: 90_000 } });
    web.answer = () => ({ status: 413 });
    expect(await post({ ...plain, url: new URL(web.url) })).toMatchObject({ error: { tooLarge: true } });
  });

  it("gives up on a server that never answers", async () => {
    const web = await sink();
    web.answer = () => undefined;
    const signal = AbortSignal.timeout(200);
    expect(await post({ ...plain, signal, url: new URL(web.url) })).toMatchObject({
      error: { reason: expect.stringContaining("no answer in time") },
    });
  });

  it("goes by IPv6 where that is the only way", async (context) => {
    const web = await webSink({ host: "::1" }).catch(() => undefined);
    if (web === undefined) return context.skip("this machine has no IPv6");
    open.push(web);
    expect(await post({ ...plain, url: new URL(web.url) })).toEqual({ ok: true, value: {} });
  });

  it("uses the family that works: the name has two addresses, and only the IPv6 one answers", async (context) => {
    const web = await webSink({ host: "::1" }).catch(() => undefined);
    if (web === undefined) return context.skip("this machine has no IPv6");
    open.push(web);
    const addresses = await lookup("localhost", { all: true });
    if (addresses.length < 2) return context.skip("localhost has one address here");
    expect(await post({ ...plain, url: new URL(`http://localhost:${web.port}/`) })).toEqual({ ok: true, value: {} });
  });

  it("trusts no certificate it can't check, and an own authority where one is named", async (context) => {
    const pair = ownCertificate();
    if (pair === undefined) return context.skip("openssl is not installed");
    const web = await sink({ ...pair });
    const url = new URL(web.url);
    expect(await post({ ...plain, url })).toMatchObject({ error: { reason: expect.stringContaining("SELF_SIGNED") } });
    expect(await post({ ...plain, url, ca: pair.cert })).toEqual({ ok: true, value: {} });
    expect(web.received.length).toBe(1);
  });
});

function ownCertificate(): { readonly key: string; readonly cert: string } | undefined {
  const words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=t -keyout - -out -";
  try {
    const made = execFileSync("openssl", [...words.split(" "), "-addext", "subjectAltName=IP:127.0.0.1"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [key = "", cert = ""] = made.split(/(?=-----BEGIN CERTIFICATE)/);
    return { key, cert };
  } catch {
    return undefined;
  }
}
