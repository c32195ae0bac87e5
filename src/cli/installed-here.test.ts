import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { hostTree } from "../host/linux/observe/tree.ts";
import { servicesOf } from "./installed-here.ts";

let root = "";
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function services(...paths: readonly string[]) {
  root = mkdtempSync(join(tmpdir(), "holdfast-services-"));
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), "");
  }
  return await servicesOf(hostTree(root), "/nowhere");
}

const script = "/etc/init.d/holdfast-recover";
const agent = "/usr/local/lib/systemd/system/holdfast-agent.service";
const wanted = "/etc/systemd/system/sysinit.target.wants/holdfast-recover.service";

test("who takes a change back at boot: a script of init's, and where systemd runs only its unit", async () => {
  expect(await services(script)).toEqual({ service: "other", hasRecover: true });
  expect(await services(script, "/run/systemd/system/x")).toMatchObject({ service: "absent", hasRecover: false });
  expect(await services(agent, script, "/run/systemd/system/x")).toEqual({ service: "systemd", hasRecover: false });
  expect(await services(agent, wanted, "/run/systemd/system/x")).toEqual({ service: "systemd", hasRecover: true });
});
