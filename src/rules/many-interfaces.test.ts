import { expect, test } from "vitest";
import { check } from "./check.ts";
import { subjectIn } from "./testing/file-sample.ts";

const path = "/etc/network/interfaces";

/** So many bonds of two ports each, of which nothing else is said. */
function bonds(count: number) {
  const stanza = (index: number) =>
    `auto bond${index}\niface bond${index} inet dhcp\n    bond-slaves eth${index} ethx${index}\n    bond-mode active-backup\n`;
  return subjectIn("ifupdown", new Map([[path, Array.from({ length: count }, (_, index) => stanza(index)).join("")]]));
}

/** How often a rule looks at a port of a bond's list. */
function looks(count: number): number {
  const subject = bonds(count);
  let seen = 0;
  const counted = subject.config.bonds.map((bond) => ({
    ...bond,
    ports: new Proxy(bond.ports, {
      get: (ports, key, receiver) => {
        if (typeof key === "string" && /^\d+$/.test(key)) seen++;
        return Reflect.get(ports, key, receiver);
      },
    }),
  }));
  check({ ...subject, config: { ...subject.config, bonds: counted } });
  return seen;
}

test("twice as many bonds are about twice the work", () => {
  expect(looks(80)).toBeLessThan(3 * looks(40));
});

test("a file of 600 bonds is judged", { timeout: 60_000 }, () => {
  // Looked up one by one it was a minute and more; by name it is a fraction of a second.
  const found = check(bonds(600));
  expect(found.filter(({ code }) => code === "no-link-monitor")).toHaveLength(600);
});
