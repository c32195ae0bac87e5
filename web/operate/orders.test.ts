import { expect, test } from "vitest";
import { aPort, calm } from "../testing/house.ts";
import { askedOf } from "./orders.ts";

const will = (...args: Parameters<typeof askedOf>): string => askedOf(...args).will.join(" ");

test("a pin says that the agent doesn't help any more, and warns of a port that can't be relied on", () => {
  const said = will({ order: "pin", port: "wlan0" }, calm, undefined);
  expect(said).toContain("Traffic moves from em1 to wlan0 at once.");
  expect(said).toContain("even when nothing answers through it any more");
  const with_ = (more: Parameters<typeof aPort>[1]) => ({
    ...calm,
    ports: [aPort("em1", { active: true }), aPort("wlan0", more)],
  });
  const dead = with_({ usable: false, note: "192.168.1.254 doesn't answer" });
  expect(will({ order: "pin", port: "wlan0" }, dead, undefined)).toContain("You may cut yourself off.");
  const pulled = with_({ usable: false, carrier: false });
  expect(will({ order: "pin", port: "wlan0" }, pulled, undefined)).toContain("traffic stays where it is");
});

test("draining says where traffic goes and that nothing stands by then", () => {
  const said = will({ order: "drain", port: "em1" }, calm, undefined);
  expect(said).toContain("Traffic moves to wlan0 at once.");
  expect(said).toContain("there is no redundancy meanwhile");
  const alone = { ...calm, ports: [aPort("em1", { active: true })] };
  expect(will({ order: "drain", port: "em1" }, alone, undefined)).toContain("em1 keeps the traffic");
});

test("a drill says that real links are cut, and how long it took last time", () => {
  const cut = { id: "carrier-em1", verdict: "held", outageMs: 84, backMs: 0, uncertaintyMs: 5 } as const;
  const drills = {
    drills: [{ at: 0, verdict: "held", agent: true, cuts: [cut] }],
    latest: null,
    start: { state: "ready", command: "", hint: "" },
  } as const;
  expect(will({ order: "drill" }, calm, drills)).toContain("Last time the longest outage was 84 ms.");
  expect(will({ order: "drill" }, calm, undefined)).toContain("nobody can say how long");
});
