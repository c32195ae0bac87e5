import { describe, expect, test } from "vitest";
import { parseHoldfast } from "./parse-holdfast.ts";

const bond = "bond: {ports: [eth0, wlan0], dhcp: true}\n";

function parsed(notify: string) {
  return parseHoldfast("h", `${bond}notify: ${notify}`);
}

describe("who is told", () => {
  test("every channel with everything it may say", () => {
    const text = `
  ntfy: {url: https://ntfy.sh/house, token: {file: secrets/ntfy}, severity: critical}
  webhook: {url: {file: secrets/hook-url}, secret: {file: secrets/hook}, ca: house.pem}
  mail: {to: a@example.org, from: nas@example.org, server: mx.example.org, port: 465, security: tls, user: nas, password: {file: secrets/mail}}
  mqtt: {url: mqtts://broker.lan:8884, user: nas, password: {file: secrets/mqtt}, ca: house.pem, prefix: home/nas, discovery: none, commands: [pin, drill]}
  command: {run: /usr/local/bin/told, timeout: 1m}`;
    const { config, diagnostics } = parsed(text);
    expect(diagnostics).toEqual([]);
    expect(config.sections?.notify).toEqual({
      ntfy: { url: "https://ntfy.sh/house", token: { file: "secrets/ntfy" }, severity: "critical" },
      webhook: { url: { file: "secrets/hook-url" }, secret: { file: "secrets/hook" }, ca: "house.pem" },
      mail: {
        to: ["a@example.org"],
        from: "nas@example.org",
        server: "mx.example.org",
        port: 465,
        security: "tls",
        user: "nas",
        password: { file: "secrets/mail" },
      },
      mqtt: {
        url: "mqtts://broker.lan:8884",
        user: "nas",
        password: { file: "secrets/mqtt" },
        ca: "house.pem",
        prefix: "home/nas",
        discovery: "none",
        commands: ["pin", "drill"],
      },
      command: { run: "/usr/local/bin/told", timeout: 60_000 },
    });
  });

  test.each([
    ["{ntfy: {url: ftp://ntfy.sh/x}}", "bad-value", "begin with https:// or http://"],
    ["{ntfy: {url: https://ntfy.sh/}}", "bad-value", "names no topic"],
    ["{ntfy: {url: https://ntfy.sh/a?auth=x}}", "bad-value", "after ?"],
    ["{webhook: {url: https://me:hidden@host/}}", "bad-value", "holds a name or password"],
    ["{webhook: {url: nonsense}}", "bad-value", "is none"],
    ["{webhook: {url: https://x/, secret: hunter2}}", "secret-in-clear", "notify.webhook.secret"],
    ["{webhook: {url: https://x/, retries: 3}}", "unknown-key", "retries"],
    ["{mail: {to: 'Me <me@x.example>', server: mx}}", "bad-value", "notify.mail.to"],
    ["{mail: {to: a@b.example}}", "missing-key", "server"],
    ["{mail: {to: a@b.example, server: 'mx:25'}}", "bad-value", "is neither"],
    ["{mail: {to: a@b.example, server: mx, user: me}}", "mail-login-incomplete", "user and no password"],
    [
      "{mail: {to: a@b.example, server: mx, user: me, password: {file: p}, security: none}}",
      "secret-unencrypted",
      "password",
    ],
    ["{webhook: {url: 'http://10.0.0.5/x', token: {file: t}}}", "secret-unencrypted", "token"],
    ["{command: {run: told.sh}}", "bad-value", "absolute path"],
    ["{command: {run: /x, timeout: 2h}}", "wrong-type", "a time"],
    ["{mqtt: {url: 'http://broker'}}", "bad-value", "begin with mqtt:// or mqtts://"],
    ["{mqtt: {url: 'mqtt://me:hidden@broker'}}", "bad-value", "holds a name or password"],
    ["{mqtt: {url: 'mqtt://broker/home'}}", "bad-value", "after the broker's name"],
    ["{mqtt: {url: 'mqtt://broker', prefix: 'home/#'}}", "bad-value", "holds + or #"],
    ["{mqtt: {url: 'mqtt://broker', prefix: /home}}", "bad-value", "begins or ends"],
    ["{mqtt: {url: 'mqtt://broker', commands: [reboot]}}", "wrong-type", "pin"],
    ["{mqtt: {url: 'mqtt://broker', host: broker}}", "unknown-key", "host"],
    ["{mqtt: {url: 'mqtts://broker', password: {file: p}}}", "mqtt-login-incomplete", "no user"],
    ["{mqtt: {url: 'mqtts://broker', user: me, password: hunter2}}", "secret-in-clear", "notify.mqtt.password"],
    ["{mqtt: {url: 'mqtt://10.0.0.5', user: me, password: {file: p}}}", "secret-unencrypted", "password"],
    ["{email: {to: a@b.example}}", "unknown-key", "email"],
  ])("%s is answered with %s", (text, code, words) => {
    const { diagnostics, config } = parsed(text);
    expect(diagnostics.map((one) => one.code)).toEqual([code]);
    expect(diagnostics[0]?.message).toContain(words);
    expect(JSON.stringify([diagnostics, config])).not.toMatch(/hidden|hunter2/);
  });

  test("a token may stay on this host in clear", () => {
    expect(parsed("{webhook: {url: 'http://127.0.0.1:8123/x', token: {file: t}}}").diagnostics).toEqual([]);
  });

  test.each(["127.0.0.1:9437", "127.9.9.9:1", '"[::1]:9437"'])("metrics may be served on %s", (endpoint) => {
    expect(parseHoldfast("h", `${bond}agent: {metrics: ${endpoint}}`).diagnostics).toEqual([]);
  });

  test.each(["0.0.0.0:9437", "192.168.1.5:9437", '"[::]:9437"', "127.0.0.1:0", "127.0.0.1:65536", "localhost:9437"])(
    "metrics may not be served on %s",
    (endpoint) => {
      const { diagnostics } = parseHoldfast("h", `${bond}agent: {metrics: ${endpoint}}`);
      expect(diagnostics.map((one) => one.code)).toEqual(["bad-value"]);
    },
  );
});
