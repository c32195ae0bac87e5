import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { networkd } from "../../src/dialects/networkd/networkd.ts";
import { emptyConfig, type Interface } from "../../src/model/config.ts";

/* What the real udev makes of the .link files we write: which it takes for a link, and what it would call it. In a namespace with links
 * of its own, and a /sys and /etc/systemd/network of its own; nothing outside is asked or changed. */

const none = { method: "none", addresses: [] } as const;
const bare = { start: "boot", ipv4: none, ipv6: none, hooks: [], extra: [] } as const;

const ports: readonly Interface[] = [
  { ...bare, name: "lan0", match: { mac: "02:00:00:00:00:0a" } },
  { ...bare, name: "lte0", match: { mac: "02:00:00:00:00:0b", driver: "veth" } },
];

/** Runs a script there; undefined where this machine doesn't allow it or has no udev. */
function inNamespace(folder: string, script: string): string | undefined {
  const around = `mount -t sysfs sysfs /sys && mount --bind ${folder} /etc/systemd/network && ip link add nic0 address 02:00:00:00:00:0a type veth peer name nic1 address 02:00:00:00:00:0b && echo ready
${script}`;
  const words = ["--mount", "--net", "--propagation", "private", "sh", "-c", around];
  const { stdout, status } = spawnSync("unshare", words, { encoding: "utf8", timeout: 60_000 });
  return status === 0 && stdout.startsWith("ready\n") ? stdout : undefined;
}

/** What udev says of a link: the file that it takes, the name it gives, and whatever it complains of. */
const ask = (link: string): string =>
  `udevadm test-builtin net_setup_link /sys/class/net/${link} 2>&1 | sed -n "s/^/${link} /; /ID_NET_LINK_FILE\\|ID_NET_NAME\\|[Uu]nknown\\|[Ii]nvalid\\|ignoring a/p"`;

function askedWith(files: ReadonlyMap<string, string>): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-link-"));
  try {
    for (const [path, text] of files) if (path.endsWith(".link")) writeFileSync(join(folder, basename(path)), text);
    return inNamespace(folder, `${ask("nic0")}\n${ask("nic1")}\ntrue`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const isPossible = askedWith(new Map())?.includes("ID_NET_LINK_FILE") === true;

describe.skipIf(!isPossible)(
  `.link files beside the real udev${isPossible ? "" : ": no udevadm here, or no right to a namespace"}`,
  () => {
    test("each port gets its name by its address, and by what else is said of it", () => {
      const { files } = networkd.render({ ...emptyConfig, interfaces: ports });
      const links = [...files].filter(([path]) => path.endsWith(".link"));
      expect(links.map(([, text]) => text.includes("PermanentMACAddress="))).toEqual([true, true]);
      // A virtual link has no permanent address: there the address in force stands for it.
      const asInForce = links.map(([path, text]): [string, string] => [path, text.replace("Permanent", "")]);
      const said = askedWith(new Map(asInForce));
      for (const [link, name] of [
        ["nic0", "lan0"],
        ["nic1", "lte0"],
      ] as const) {
        expect(said).toMatch(new RegExp(`${link} ID_NET_LINK_FILE=/etc/systemd/network/\\S*${name}\\S*\\.link`));
        expect(said).toContain(`${link} ID_NET_NAME=${name}`);
      }
      expect(said).not.toMatch(/unknown|invalid|ignoring a/i);
    });

    test("as written, no word of them is unknown, and none takes a link of another address", () => {
      const said = askedWith(networkd.render({ ...emptyConfig, interfaces: ports }).files);
      expect(said).toContain("nic0 ID_NET_NAME=nic0");
      expect(said).not.toMatch(/unknown|invalid|ignoring a/i);
    });
  },
);
