import fc from "fast-check";
import { expect, test } from "vitest";
import { withServers } from "./resolver.ts";

const before = "search home.arpa\nnameserver 192.168.1.1\nnameserver 9.9.9.9\noptions timeout:1\n";

test("other servers come first, everything else stays, and what stood there is kept beside them", () => {
  expect(withServers(before, ["10.0.0.1"])).toBe(
    "nameserver 10.0.0.1\n#holdfast-kept nameserver 192.168.1.1\n#holdfast-kept nameserver 9.9.9.9\nsearch home.arpa\noptions timeout:1\n",
  );
});

test("without servers of ours, those from before are back, after however many changes", () => {
  const servers = fc.array(fc.ipV4(), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.array(servers, { maxLength: 4 }), (changes) => {
      const changed = changes.reduce(withServers, before);
      expect(withServers(changed, []).split("\n").toSorted()).toEqual(before.split("\n").toSorted());
    }),
  );
});

test("the same servers once more change nothing", () => {
  const changed = withServers(before, ["10.0.0.1"]);
  expect(withServers(changed, ["10.0.0.1"])).toBe(changed);
});
