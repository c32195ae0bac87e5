import type { FileSet } from "../../diagnostic/diagnostic.ts";
import type { Config, Interface } from "../../model/config.ts";
import type { Dialect } from "../dialect.ts";
import { spellingsOf } from "../spellings.ts";
import { parse } from "./meaning.ts";
import { render } from "./render.ts";
import { shownSpelling } from "./spelling.ts";
import { isInPlace, isUnitPath } from "./units.ts";

/** systemd-networkd, with the .link files of udev: /etc/systemd/network. */
export const networkd: Dialect = {
  name: "networkd",
  title: "systemd-networkd",
  spellings: spellingsOf(shownSpelling),
  parse,
  render,
  spellOutDefaults,
  detect,
};

/** networkd takes router advertisements itself wherever a link has an address of its own, also where the kernel would not. */
function spellOutDefaults(config: Config): Config {
  const below = new Set([
    ...config.bonds.flatMap(({ ports }) => ports),
    ...config.interfaces.flatMap(({ bridge }) => bridge?.ports ?? []),
  ]);
  const interfaces = config.interfaces.map((iface): Interface => {
    const { acceptRa, method } = iface.ipv6;
    const isSettled = acceptRa !== undefined || method === "auto" || method === "loopback" || method === "other";
    if (isSettled || below.has(iface.name) || hasNoLinkLocal(iface)) return iface;
    return { ...iface, ipv6: { ...iface.ipv6, acceptRa: true } };
  });
  return { ...config, interfaces };
}

/** Without a link-local IPv6 address there is nobody to advertise to. */
function hasNoLinkLocal({ extra }: Interface): boolean {
  return extra.some(
    ({ key, value, from }) =>
      from === "networkd" &&
      key === "network/Network.LinkLocalAddressing" &&
      /^(no|false|0|off|n|f|ipv4)$/i.test(value),
  );
}

/** Paths decide: nothing else has files of these names. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    if (!isUnitPath(path)) continue;
    if (isInPlace(path)) return 1;
    const isOne = /^[ \t]*\[(Match|NetDev|Network|Link)\]/m.test(text.slice(0, 20_000));
    best = Math.max(best, isOne ? 0.95 : 0.6);
  }
  return best;
}
