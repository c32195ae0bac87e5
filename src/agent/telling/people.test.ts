import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { smtpSink } from "./testing/smtp-sink.ts";
import { type Bench, bundleCourier, incident, openBench } from "./testing/telling-bench.ts";
import { webSink } from "./testing/web-sink.ts";

const open: { close: () => Promise<void> }[] = [];
let scratch = "";
let courier = "";

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "holdfast-courier-"));
  courier = await bundleCourier(scratch);
});
afterAll(() => rm(scratch, { recursive: true }));
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function bench(): Promise<Bench> {
  const made = await openBench(courier);
  open.push(made);
  return made;
}

describe("mail", () => {
  const login = { user: "nas", password: "correct horse" };

  it("tells one incident in one plain text, with its id as Message-ID", async () => {
    const [host, server] = [await bench(), await smtpSink(login)];
    open.push(server);
    await host.write("mail", `${login.password}\n`);
    await host.start({
      mail: {
        to: ["a@example.org", "b@example.org"],
        server: "127.0.0.1",
        port: server.port,
        security: "none",
        user: login.user,
        password: { file: "mail" },
      },
    });
    host.record(...incident);
    await server.got(1);
    const mail = server.mails[0]!;
    expect(mail.from).toBe("<holdfast@nas>");
    expect(mail.to).toEqual(["<a@example.org>", "<b@example.org>"]);
    const [folded = "", text = ""] = mail.data.split(/\n\n([\s\S]*)/);
    const head = folded.replaceAll(/\n[ \t]/g, " ");
    expect(head).toMatch(
      /^Subject: nas: traffic moved from eth0 to wlan0: eth0 lost its carrier \(and 1 more event\)$/m,
    );
    expect(head).toMatch(/^Message-ID: <nas\.2-3\.[0-9a-z]+@nas>$/m);
    expect(head).toMatch(/^Auto-Submitted: auto-generated$/m);
    expect(head).toMatch(/^Content-Type: text\/plain; charset=utf-8$/m);
    const plain = text.replaceAll(/=\n/g, "");
    expect(plain).toContain("Check the cable of eth0, and power and port of the device");
    expect(plain).toContain("Now traffic goes through wlan0; 1 of 2 ports can carry it.");
    expect(host.log).toEqual([]);
  }, 20_000);

  it("says why it isn't taken, and never the password, even where the server repeats it", async () => {
    const [host, server] = [await bench(), await smtpSink(login)];
    open.push(server);
    await host.write("mail", "wrong-password");
    const mail = {
      to: ["a@example.org"],
      server: "127.0.0.1",
      port: server.port,
      security: "none",
      user: "nas",
    } as const;
    await host.start({ mail: { ...mail, password: { file: "mail" } } });
    host.record(...incident);
    await expect.poll(() => host.log.join(), { timeout: 15_000 }).toContain("535");
    const said = host.log.join();
    expect(said).not.toContain("wrong-password");
    expect(said).not.toContain(Buffer.from("\0nas\0wrong-password").toString("base64"));
  }, 20_000);

  it("sends no password where STARTTLS is wanted and the server can't", async () => {
    const [host, server] = [await bench(), await smtpSink(login)];
    open.push(server);
    await host.write("mail", login.password);
    const mail = { to: ["a@example.org"], server: "127.0.0.1", port: server.port, user: "nas" } as const;
    await host.start({ mail: { ...mail, password: { file: "mail" } } });
    host.record(...incident);
    await expect.poll(() => host.log.join(), { timeout: 15_000 }).toMatch(/ETLS|STARTTLS/);
    expect(server.mails).toEqual([]);
  }, 20_000);
});

describe("ntfy", () => {
  it("publishes on the topic, with the gravity of the event", async () => {
    const [host, web] = [await bench(), await webSink()];
    open.push(web);
    await host.write("topic", `${web.url}/base/my-house\n`);
    await host.write("token", "tk_secret");
    await host.start({ ntfy: { url: { file: "topic" }, token: { file: "token" } } });
    const evidence = "9.9.9.9 and the gateway lost through both";
    host.record({ what: "outage-begins", cause: "path-dead", since: 0, extent: "group", evidence });
    await web.got(1);
    const received = web.received[0]!;
    expect(received.path).toBe("/base/");
    expect(received.headers.authorization).toBe("Bearer tk_secret");
    expect(JSON.parse(received.body)).toMatchObject({
      topic: "my-house",
      title: "nas: cut off: every path is dead",
      priority: 5,
    });
  }, 20_000);

  it("tells a week in the dark in one message, the end of it first", async () => {
    const [host, web] = [await bench(), await webSink()];
    open.push(web);
    await host.start({ ntfy: { url: `${web.url}/house` } });
    host.record({ what: "outage-begins", cause: "path-dead", since: 0, extent: "group", evidence: "all silent" });
    for (let index = 0; index < 2_000; index++) host.record(...incident);
    host.record({ what: "outage-ends", lastedMs: 86_400_000, cause: "path-dead" });
    await web.got(1);
    const body = JSON.parse(web.received[0]?.body ?? "{}") as { title: string; message: string };
    expect(body.title).toBe("nas: the outage is over after 1 d (and 4001 more events)");
    expect(Buffer.byteLength(body.message)).toBeLessThan(4_096);
    expect(body.message).toContain("left out here; holdfast events has them all");
  }, 20_000);
});
