import { expect, test } from "vitest";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import { start } from "../watch/start.ts";
import type { State } from "../watch/state.ts";
import { step } from "../watch/step.ts";
import type { LinkAddress } from "../wire/address.ts";
import { unprobedTargets, wayOut } from "./look-beyond.ts";
import { agentPlan } from "./plan.ts";

const house = `bond:
  ports: [eth0, eth1]
  primary: eth0
  address: 192.168.1.105/24
  gateway: 192.168.1.1
targets: [gateway, 9.9.9.9, 1.1.1.1]
`;

function planOf(yaml: string) {
  const plan = agentPlan(parseHoldfast("holdfast.yaml", yaml).config);
  if (!plan.ok) throw new Error(plan.error.message);
  return plan.value;
}

/** The real brain, a router that answers 1 ms after each probe until it dies. */
function live(lastsMs: number, routerDiesAt = Number.POSITIVE_INFINITY): State {
  const { watch } = planOf(house);
  let state = start(watch, { seed: 1, at: 0, active: "eth0", withCarrier: ["eth0", "eth1"] });
  const feed = (event: Parameters<typeof step>[1]): void => {
    const [after, effects] = step(state, event);
    state = after;
    for (const effect of effects) {
      if (effect.do !== "probe" || event.at >= routerDiesAt) continue;
      feed({ type: "answer", at: event.at + 1, port: effect.port, target: effect.target, id: effect.id });
    }
  };
  feed({ type: "kernel-active", at: 0, port: "eth0" });
  for (let at = 10; at < lastsMs; at += 10) feed({ type: "tick", at });
  return state;
}

test("looks beyond the router through the active port while the router answers, and only then", () => {
  expect(wayOut(live(60_000), 60_000)).toEqual({ port: "eth0", router: "192.168.1.1" });
  expect(wayOut(live(60_500, 60_000), 60_500)).toEqual({ port: "", router: "" });
  // What was known of it is too old, whatever came of it.
  expect(wayOut(live(60_000), 70_000)).toEqual({ port: "", router: "" });
});

test("looks at nothing that a port probes, that is a router, or that lives on a network of the host's", () => {
  const state = live(1_000);
  const address: LinkAddress = { index: 1, ip: "10.0.0.5", prefix: 8, scope: "global" } as LinkAddress;
  const { beyond } = planOf(house);
  expect(unprobedTargets(beyond, state, [])).toEqual(["9.9.9.9", "1.1.1.1"]);
  expect(unprobedTargets([...beyond, "10.1.2.3", "192.168.1.1", "2620:fe::9"], state, [address])).toEqual([
    "9.9.9.9",
    "1.1.1.1",
  ]);
  const ports = state.config.ports.map((port) => ({ ...port, far: ["9.9.9.9"] }));
  expect(unprobedTargets(beyond, { config: { ...state.config, ports } }, [])).toEqual(["1.1.1.1"]);
});

test("a host that has only IPv6 behind a single router looks at IPv6 targets, and at no others", () => {
  const six = house
    .replace("192.168.1.105/24", "fd01::5/64")
    .replace("gateway: 192.168.1.1", 'gateway: "fd01::1"')
    .replace("[gateway, 9.9.9.9, 1.1.1.1]", '[gateway, "2620:fe::9", "fd01::77", 9.9.9.9]');
  const { beyond, watch } = planOf(six);
  expect(watch.ports.map(({ router, far }) => [router, far])).toEqual([
    ["fd01::1", []],
    ["fd01::1", []],
  ]);
  const own = { index: 1, ip: "fd01::5", prefix: 64, scope: "global" } as LinkAddress;
  expect(unprobedTargets(beyond, { config: watch }, [own])).toEqual(["2620:fe::9"]);
});
