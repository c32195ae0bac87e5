import { expect, test } from "vitest";
import { noAnswers } from "../../init/answers.ts";
import { draftOf } from "../../init/draft.ts";
import { twoCables } from "../../init/testing/hosts.ts";
import { emptyConfig } from "../../model/config.ts";
import type { Installed } from "../installed-here.ts";
import { nextSteps } from "./next-steps.ts";

/** The commands for a file in the directory one is in. */
function commands(installed: Installed): readonly string[] {
  const draft = draftOf(twoCables, emptyConfig, noAnswers);
  const text = nextSteps(draft, emptyConfig, { file: "holdfast.yaml", lab: "rehearsed", installed });
  return text.split("\n").flatMap((line) => (line.startsWith("    ") ? [line.trim()] : []));
}

test("what starts the agent is said in the words of the init that is there, installed or not yet", () => {
  const host = { hasRecover: true, program: "holdfast", asRoot: "sudo holdfast" } as const;
  const enable = "sudo systemctl enable --now holdfast-agent";
  expect(commands({ ...host, service: "systemd" })).toContain(enable);
  const install = "sudo make install";
  const fresh = commands({ ...host, service: "other", hasRecover: false, install });
  expect(fresh).toContain(install);
  expect(fresh).not.toContain(enable);
  expect(fresh.filter((line) => line.startsWith("sudo holdfast agent "))).toHaveLength(1);
});

test("root's commands call the program as this host's sudo finds it", () => {
  const asRoot = "sudo /usr/local/bin/holdfast";
  const said = commands({ service: "systemd", hasRecover: true, program: "holdfast", asRoot });
  expect(said).toEqual(expect.arrayContaining([`${asRoot} apply holdfast.yaml`, `${asRoot} status --watch`]));
  expect(said.join("\n")).not.toContain("sudo holdfast");
});
