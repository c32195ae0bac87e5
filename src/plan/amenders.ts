import type { Amend } from "../dialects/amend.ts";
import { amendInterfaces } from "../dialects/ifupdown/amend.ts";
import { amendDefinitions } from "../dialects/netplan/amend.ts";
import { amendUnits } from "../dialects/networkd/amend.ts";
import { amendProfiles } from "../dialects/networkmanager/amend.ts";

/** How files of each language take up a change, by the language's name; a language that isn't here can't be planned for. */
export const amenders: Readonly<Record<string, Amend>> = {
  ifupdown: amendInterfaces,
  ifupdown2: amendInterfaces,
  netplan: amendDefinitions,
  networkd: amendUnits,
  networkmanager: amendProfiles,
};
