/** The table of bonding options (being filled: see facts/options.json). */
export const bondOptions = {
  mode: { kind: "choice" }, miimon: { kind: "int" },
} as const;
export type OptionName = keyof typeof bondOptions;
export type BondOptions = Readonly<Record<string, unknown>>;
