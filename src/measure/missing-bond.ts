import type { Measured } from "./measure.ts";
import { tellingLine } from "./telling-line.ts";
import type { JudgeContext } from "./verdict.ts";

/** Why a host that was meant to have a bond and came up without one, or without ports in it, holds no promise; undefined where its
 *  bond is there, or none was meant. */
export function reasonForMissingBond(measured: Measured, { meant = [], up }: JudgeContext): string | undefined {
  const [name] = meant;
  if (name === undefined || up.bonds.some(({ ports }) => ports.length > 0)) return undefined;
  const came =
    up.bonds.length === 0 ? `${name} never came up` : `${up.bonds[0]?.name ?? name} came up without any port`;
  const isDead = measured.flows.every(({ hadNoBaseline }) => hadNoBaseline);
  const dead = isDead ? ", and nothing got through even before the fault" : "";
  const line = tellingLine(up.output ?? "");
  const manager = up.manager ?? "the network manager";
  const said = line === "" ? `${manager} printed nothing about it` : `${manager} printed “${line}”`;
  return `${came}, so nothing can take over${dead}: ${said}.`;
}
