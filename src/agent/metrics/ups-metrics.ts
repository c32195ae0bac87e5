import type { Ups } from "../../watch/ups.ts";
import type { Family } from "./exposition.ts";

/** How a UPS is; nothing where none is declared that can be asked. */
export function aboutUps(ups: Ups | undefined): readonly Family[] {
  const { reading } = ups ?? {};
  const family = (name: string, help: string, value: number | undefined): Family => ({
    name,
    help,
    type: "gauge",
    samples: ups === undefined || value === undefined ? [] : [{ labels: { ups: ups.name }, value }],
  });
  const known = (value: boolean | undefined): number | undefined => (reading === undefined ? undefined : Number(value));
  return [
    family("holdfast_ups_answers", "1 while the UPS says how it is.", Number(reading !== undefined)),
    family("holdfast_ups_on_battery", "1 while the mains are gone.", known(ups?.isOnBattery)),
    family("holdfast_ups_battery_low", "1 while the UPS says that its battery is nearly empty.", known(ups?.isLow)),
    family(
      "holdfast_ups_charge_ratio",
      "Charge of the battery, 0 to 1.",
      reading?.chargePercent === undefined ? undefined : reading.chargePercent / 100,
    ),
    family(
      "holdfast_ups_runtime_seconds",
      "How long the battery would last, by its own estimate.",
      reading?.runtimeMs === undefined ? undefined : reading.runtimeMs / 1_000,
    ),
  ];
}
