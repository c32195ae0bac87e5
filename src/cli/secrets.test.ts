import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { renderHtml } from "../report/html.ts";
import { inputCase } from "../report/testing/inputs.ts";
import { missedCase } from "../report/testing/rehearsals.ts";
import { commands } from "./commands/registry.ts";
import { runProgram } from "./program.ts";
import { readRehearsal } from "./rehearse/read-rehearsal.ts";
import { memoryCli } from "./testing/memory-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

/* As people choose them and as generators make them: long enough that no word of ours is one by chance. */
const inLine = fc
  .stringMatching(/^[A-Za-z0-9!$&()*+,;=~._#"'[\]{}<>|:\\/ -]{6,30}$/)
  .map((text) => `q${text.replace(/ +/g, " ")}7`);
const inUrl = fc.stringMatching(/^[A-Za-z0-9!$&()*+,;=~._-]{6,30}$/).map((text) => `q${text}7`);

const optionLines = ["wpa-psk", "wpa-pskk", "wpa_psk", "wireless-key", "password", "pasword", "my-secret", "api-token"]
  .concat(["#wpa-psk", "bond-password", "up wpa_cli set_network 0 psk", "up tell --token"])
  .map((key) => [key, inLine] as const);
const urlLine = ["up curl -s http://user:", inUrl] as const;

function interfaces(key: string, secret: string): string {
  const line = key === urlLine[0] ? `${key}${secret}@host.example/path` : `${key} ${secret}`;
  return `auto bond0
iface bond0 inet static
    address 192.0.2.5/24
    bond-slaves eth0 wlan0
    bond-mode active-backup
    bond-colour blue
    ${line}

auto wlan0
iface wlan0 inet manual
    wpa-ssid Home
    ${line}
`;
}

async function printed(...words: string[]): Promise<string> {
  const cli = memoryCli({ cwd: folder });
  await runProgram(cli, commands, words);
  const { stdout, stderr } = cli.printed();
  // As a reader of the JSON would see its texts too.
  return `${stdout}${stderr}${stdout.replaceAll('\\"', '"').replaceAll("\\\\", "\\")}`;
}

async function everyOutput(path: string): Promise<string> {
  const outputs = [
    await printed("check", path, "--format", "text"),
    await printed("check", path, "--json"),
    await printed("check", path, "--format", "sarif"),
    await printed("import", path),
    await printed("import", path, "--json"),
    await printed("convert", path, "--to", "ifupdown"),
    await printed("convert", path, "--to", "ifupdown", "--json"),
  ];
  const reading = await readRehearsal({ path, cwd: folder });
  if ("input" in reading) {
    const { config, files, findings } = reading.input;
    outputs.push(renderHtml({ ...inputCase(missedCase), config, files, findings: findings.diagnostics }));
  }
  return outputs.join("\n");
}

describe("a secret never leaves by any output", () => {
  test.each([...optionLines, urlLine])("%s", async (key, secrets) => {
    await fc.assert(
      fc.asyncProperty(secrets, async (secret) => {
        writeFileSync(join(folder, "interfaces"), interfaces(key, secret));
        const escaped = secret
          .replaceAll("&", "&amp;")
          .replaceAll("<", "&lt;")
          .replaceAll('"', "&quot;")
          .replaceAll("'", "&#39;");
        const all = await everyOutput("interfaces");
        expect(all).not.toContain(secret);
        expect(all).not.toContain(escaped);
      }),
      { numRuns: 4 },
    );
  });

  test.each(["psk", "password", "token"])("%s in a holdfast.yaml", async (key) => {
    await fc.assert(
      fc.asyncProperty(inLine, inUrl, async (secret, inside) => {
        const wifi = `{name: wlan0, wifi: {ssid: Home, ${key}: ${JSON.stringify(secret)}}}`;
        const notify = `notify: {ntfy: {url: "https://user:${inside}@host.example/t", token: ${JSON.stringify(secret)}}}`;
        const text = `bond:\n  ports: [eth0, ${wifi}]\n  dhcp: true\n${notify}\n`;
        writeFileSync(join(folder, "holdfast.yaml"), text);
        const all = await everyOutput("holdfast.yaml");
        expect(all).not.toContain(secret);
        expect(all).not.toContain(inside);
      }),
      { numRuns: 4 },
    );
  });
});

test("what was asked for is shown, and what is hidden is said", async () => {
  writeFileSync(join(folder, "interfaces"), interfaces("wpa-psk", "correcthorse"));
  const masked = await printed("convert", "interfaces", "--to", "ifupdown");
  expect(masked).toContain("wpa-psk ********");
  expect(masked).toContain("--show-secrets");
  const shown = await printed("convert", "interfaces", "--to", "ifupdown", "--show-secrets");
  expect(shown).toContain("wpa-psk correcthorse");
});
