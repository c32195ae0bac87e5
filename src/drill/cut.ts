/** What a drill does to a port, and what undoes it: programs to run, that can be shown before and repeated by a shell. */

import { shellWord } from "../plan/shell-quote.ts";

export type CutKind = "carrier" | "silent" | "uplink";

export interface Command {
  readonly argv: readonly [string, ...string[]];
  /** Fed to it. */
  readonly stdin?: string;
}

export interface Cut {
  /** "carrier-em1", "silent-em1", "uplink-lte" */
  readonly id: string;
  readonly kind: CutKind;
  readonly port: string;
  /** For people. */
  readonly fault: string;
  /** Before the moment of the cut; changes nothing for packets. */
  readonly prepare: readonly Command[];
  readonly inject: readonly Command[];
  /** Repeatable: harmless where nothing is to be undone. */
  readonly restore: readonly Command[];
}

/** By which means packets are made to vanish on a port. `clsact`: whose queue that is, theirs stays. */
export type DropTool = { readonly tool: "tc"; readonly clsact: "ours" | "theirs"; readonly pref: number } | NftDrop;
interface NftDrop {
  readonly tool: "nft";
}

/** The name of our table; nobody else's would be called so. */
export const dropTable = "holdfast_drill";
/** The kernel's name of a filter's place: 1 to 65535, the smallest is asked first. */
export const highestPref = 1;

/** The port is set down, as `ip link set PORT down` does. */
export function carrierCut(port: string): Cut {
  return {
    id: `carrier-${port}`,
    kind: "carrier",
    port,
    fault: `${port} is set down: no carrier`,
    prepare: [],
    inject: [{ argv: ["ip", "link", "set", "dev", port, "down"] }],
    restore: [{ argv: ["ip", "link", "set", "dev", port, "up"] }],
  };
}

/** Every packet in and out of the port vanishes; the carrier stays. */
export function silentCut(port: string, tool: DropTool): Cut {
  return {
    id: `silent-${port}`,
    kind: "silent",
    port,
    fault: `nothing passes ${port}; its carrier stays`,
    ...dropping(port, tool, []),
  };
}

/** What lies beyond the router of an uplink vanishes: its own LAN goes on answering. `near`: the LAN's prefixes. */
export function uplinkCut(uplink: string, port: string, near: readonly string[], tool: DropTool): Cut {
  return {
    id: `uplink-${uplink}`,
    kind: "uplink",
    port,
    fault: `nothing beyond the router of ${uplink} answers`,
    ...dropping(port, tool, near),
  };
}

type Dropping = Pick<Cut, "prepare" | "inject" | "restore">;

function dropping(port: string, tool: DropTool, near: readonly string[]): Dropping {
  return tool.tool === "tc" ? droppingByTc(port, tool, near) : droppingByNft(port, near);
}

function droppingByTc(port: string, tool: DropTool & { tool: "tc" }, near: readonly string[]): Dropping {
  const { pref } = tool;
  const spared = near.length === 0 ? [] : [["arp", "matchall"], ...near.map((prefix) => sparedByTc(prefix))];
  const lines = (["egress", "ingress"] as const).flatMap((side) => {
    const passes = spared.map(([protocol = "", match = ""], index) => {
      const matched = match.replace("NEAR", side === "egress" ? "dst_ip" : "src_ip");
      return `filter add dev ${port} ${side} pref ${pref + index} protocol ${protocol} ${matched} action ok`;
    });
    return [...passes, `filter add dev ${port} ${side} pref ${pref + spared.length} protocol all matchall action drop`];
  });
  const own = { argv: ["tc", "qdisc", "add", "dev", port, "clsact"] } as const;
  // With our own queue its end is the end of all filters; in somebody else's each of ours goes by its place.
  const ends: readonly Command[] =
    tool.clsact === "ours"
      ? [{ argv: ["tc", "qdisc", "del", "dev", port, "clsact"] }]
      : (["egress", "ingress"] as const).flatMap((side) =>
          Array.from({ length: spared.length + 1 }, (_, index): Command => {
            return { argv: ["tc", "filter", "del", "dev", port, side, "pref", String(pref + index)] };
          }),
        );
  return {
    prepare: tool.clsact === "ours" ? [own] : [],
    inject: [{ argv: ["tc", "-batch", "-"], stdin: `${lines.join("\n")}\n` }],
    restore: ends,
  };
}

function sparedByTc(prefix: string): readonly [string, string] {
  return prefix.includes(":") ? ["ipv6", `flower NEAR ${prefix}`] : ["ip", `flower NEAR ${prefix}`];
}

function droppingByNft(port: string, near: readonly string[]): Dropping {
  const chain = (name: string, hook: string, side: "daddr" | "saddr"): string => {
    const spared = near.map((prefix) => `${prefix.includes(":") ? "ip6" : "ip"} ${side} ${prefix} accept;`);
    const pass = near.length === 0 ? "" : `ether type arp accept; ${spared.join(" ")}`;
    return `chain ${name} { type filter hook ${hook} device "${port}" priority -400; policy accept; ${pass} drop; }`;
  };
  const table = `table netdev ${dropTable} {\n${chain("in", "ingress", "saddr")}\n${chain("out", "egress", "daddr")}\n}\n`;
  return {
    prepare: [],
    inject: [{ argv: ["nft", "-f", "-"], stdin: table }],
    restore: [{ argv: ["nft", "delete", "table", "netdev", dropTable] }],
  };
}

/** The commands that undo a cut, as lines of a shell that goes on when one has nothing to do. */
export function shellLines(commands: readonly Command[]): string {
  return commands.map(({ argv }) => `${argv.map(shellWord).join(" ")} 2>/dev/null\n`).join("");
}
