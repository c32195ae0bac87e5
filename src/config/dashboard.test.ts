import { describe, expect, test } from "vitest";
import { parseHoldfast } from "./parse-holdfast.ts";

const parsed = (dashboard: string) =>
  parseHoldfast("h", `bond: {ports: [eth0, wlan0], dhcp: true}\ndashboard: ${dashboard}`);

describe("the dashboard's section", () => {
  test("everything it may say", () => {
    const { config, diagnostics } = parsed(
      "{listen: '[::]:9438', names: nas.home.arpa, tls: {certificate: a.crt, key: a.key}, passwords: /p, proxied: false}",
    );
    expect(diagnostics).toEqual([]);
    expect(config.sections?.dashboard).toEqual({
      listen: "[::]:9438",
      names: ["nas.home.arpa"],
      tls: { certificate: "a.crt", key: "a.key" },
      passwords: "/p",
      proxied: false,
    });
  });

  test.each(["{}", "{listen: 127.0.0.1:80}", "{listen: '[::1]:9438', proxied: true}"])(
    "%s stays on this host",
    (text) => {
      expect(parsed(text).diagnostics).toEqual([]);
      expect(parsed(text).config.sections?.dashboard).toBeDefined();
    },
  );

  test.each([
    ["{listen: 0.0.0.0:9438}", "Add tls"],
    ["{listen: 192.168.1.105:9438}", "Add tls"],
    ["{listen: '[::]:9438'}", "Add tls"],
    ["{listen: 192.168.1.105:9438, proxied: true}", "only the proxy"],
  ])("%s is refused: passwords would travel in clear", (text, hint) => {
    const [problem] = parsed(text).diagnostics;
    expect(problem).toMatchObject({ code: "dashboard-in-clear", severity: "error" });
    expect(problem?.hint).toContain(hint);
    expect(problem?.at).toBeDefined();
  });

  test.each([
    ["{listen: nas:9438}", "bad-value"],
    ["{listen: 127.0.0.1}", "bad-value"],
    ["{listen: 127.0.0.1:70000}", "bad-value"],
    ["{names: ['a b']}", "bad-value"],
    ["{tls: {certificate: a.crt}}", "missing-key"],
    ["{password: hunter2hunter2}", "unknown-key"],
  ])("%s is a mistake: %s", (text, code) => {
    const { diagnostics } = parsed(text);
    expect(diagnostics.map((one) => one.code)).toContain(code);
    expect(JSON.stringify(diagnostics)).not.toContain("hunter2");
  });
});
