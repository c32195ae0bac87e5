import { expect, test } from "vitest";
import { opensAWay } from "./way-out.ts";

test("what waited to be told is tried again when the Internet behind the router is back, not when it is lost", () => {
  const where = { port: "eth0", router: "192.168.1.1", targets: ["9.9.9.9"], evidence: "" };
  expect(opensAWay({ ...where, what: "beyond-back", lastedMs: 60_000 })).toBe(true);
  expect(opensAWay({ ...where, what: "beyond-lost", since: 0 })).toBe(false);
});
