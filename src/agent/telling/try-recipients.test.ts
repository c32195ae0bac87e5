import { chmod, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { NotifySettings } from "../../model/notify.ts";
import { type Bench, openBench } from "./testing/telling-bench.ts";
import { type WebSink, webSink } from "./testing/web-sink.ts";
import { tryRecipients } from "./try-recipients.ts";

const open: { readonly close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function parts(): Promise<readonly [Bench, WebSink]> {
  const [host, web] = [await openBench(), await webSink()];
  open.push(host, web);
  return [host, web];
}

function tryOn(host: Bench, notify: NotifySettings) {
  const directory = host.directory;
  const deps = {
    host: "nas",
    version: "0",
    configDirectory: directory,
    hooks: join(directory, "hooks.d"),
    courier: "/nowhere",
  };
  return tryRecipients(notify, deps, 1_795_312_052_228, new AbortController().signal);
}

describe("a test message", () => {
  it("goes to everybody at once, and says what came of each without naming a secret", async () => {
    const [host, web] = await parts();
    web.answer = ({ path }) => ({ status: path === "/hidden" ? 403 : 200 });
    await mkdir(join(host.directory, "hooks.d"));
    const hook = await host.write("hooks.d/10-note", `#!/bin/sh\nenv > "${host.directory}/env"\n`);
    await chmod(hook, 0o755);
    await host.write("address", `${web.url}/hidden\n`);
    const tried = await tryOn(host, { ntfy: { url: `${web.url}/house` }, webhook: { url: { file: "address" } } });
    expect(tried.map(({ name, taken }) => [name, taken])).toEqual([
      ["ntfy", true],
      ["webhook", false],
      ["hook-10-note", true],
    ]);
    expect(tried[1]?.remark).toBe("answered 403");
    expect(JSON.stringify(tried)).not.toContain("hidden");
    const [message] = web.received.filter(({ path }) => path === "/hidden").map(({ body }) => JSON.parse(body));
    expect(message).toMatchObject({ host: "nas", title: "nas: a test message", events: [], count: 0 });
    expect(message.id).toMatch(/^nas\.test\.\w+$/);
    expect(await readFile(join(host.directory, "env"), "utf8")).toMatch(/^HOLDFAST_EVENT=$/m);
  });

  it("goes to nobody where nobody is named", async () => {
    const [host] = await parts();
    expect(await tryOn(host, {})).toEqual([]);
  });
});
