import { expect, test } from "vitest";
import { renderAccounted, withSourceDefaults } from "./account.ts";
import type { Dialect } from "./dialect.ts";
import { ifupdown } from "./ifupdown/ifupdown.ts";
import { ifupdownNg } from "./ifupdown-ng/ifupdown-ng.ts";
import { ifupdown2 } from "./ifupdown2/ifupdown2.ts";
import { iproute2 } from "./iproute2/iproute2.ts";
import { dialects } from "./registry.ts";

const path = "/etc/network/interfaces";
const stanza =
  "auto br0\niface br0 inet static\n address 10.0.0.5/24\n bridge-ports eth0 usb0\n bridge-stp off\n bridge-fd 0\n";

function converted(source: Dialect, more: string, target: Dialect) {
  const { config } = source.parse(new Map([[path, stanza + more]]));
  const { files, losses } = renderAccounted(target, withSourceDefaults(config, source, target));
  return { text: [...files.values()].join("\n"), losses };
}

const family = [ifupdown, ifupdown2, ifupdownNg];

test.each(
  family.flatMap((one) =>
    family.filter((other) => other !== one).map((other) => [one.name, other.name, one, other] as const),
  ),
)("%s to %s: how long ifup waits for a bridge's ports goes along", (_, __, source, target) => {
  const { text, losses } = converted(source, " bridge-waitport 30 usb0\n bridge-maxwait 5\n", target);
  expect(text).toMatch(/bridge[-_]waitport 30 usb0\n/);
  expect(text).toMatch(/bridge[-_]maxwait 5\n/);
  expect(losses.filter(({ message }) => /wait/.test(message))).toEqual([]);
});

test("it is lost where a script needs its links at once, and by nobody who takes them as they come", () => {
  const waiting = (target: Dialect) =>
    converted(ifupdown, " bridge-waitport 30 usb0\n", target).losses.filter(({ message }) => /wait/.test(message));
  expect(waiting(iproute2)).toHaveLength(1);
  for (const target of dialects.filter((one) => one !== iproute2)) expect(waiting(target)).toEqual([]);
});
