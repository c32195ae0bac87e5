import type { Span } from "../../diagnostic/diagnostic.ts";
import type { OptionName } from "../../model/options.ts";

/** A bonding option as a stanza says it. */
export interface SaidOption {
  /** The kernel's name; absent where the kernel has no such option. */
  readonly option?: OptionName;
  /** The key as written, e.g. "bond_mode". */
  readonly key: string;
  /** The value as written, repeated lines joined by a line feed. */
  readonly value: string;
  /** The option line, key and value. */
  readonly at: Span;
}

/** Why a bond is not there after boot. */
export type NoBondCause =
  /** Its own stanza names it as bond-master, so ifenslave takes it for a port and never makes it. */
  | "self-master"
  /** `inet static` without an address: ifup gives up before any hook runs. */
  | "missing-address"
  /** Neither bond-slaves nor bond-mode in its stanza: ifenslave does not see a bond in it. */
  | "not-recognised"
  /** bond-slaves or bond-mode stand in a later stanza of that name only, which ifup never comes to: the first one fails for want of
   *  the interface. */
  | "set-in-later-stanza"
  /** Its stanza has a bond-master that names another interface, so it is treated as a port. */
  | "is-a-port"
  /** bridge_ports in the same stanza makes a bridge of that name first. */
  | "is-a-bridge"
  /** no-scripts names it: the hooks of /etc/network/if-*.d, ifenslave among them, do not run. */
  | "no-scripts";

/** One thing that happens, or fails to, when ifup and ifenslave 2.13 work through the stanzas. `at` is the line to point to.
 *  Rules decide what is worth saying; the facts only say what is. */
export type StoryFact =
  /** `bond-master X` in X's own stanza. left-at-defaults: the module had made it, so it exists, in the kernel's default mode. */
  | {
      readonly fact: "self-master";
      readonly bond: string;
      readonly at: Span;
      readonly outcome: "no-bond" | "left-at-defaults";
    }
  /** The text speaks of a bond that does not exist after boot. `at` is the line that causes it. */
  | {
      readonly fact: "no-bond";
      readonly bond: string;
      readonly at: Span;
      readonly cause: NoBondCause;
      readonly stanza: Span;
    }
  /** It exists only because loading the module made it (max_bonds above 0); none of its stanza's options reached it. */
  | {
      readonly fact: "bond-from-module";
      readonly bond: string;
      readonly at: Span;
      readonly ignored: readonly SaidOption[];
    }
  /** A bond option in the stanza of a port, where ifenslave does not read it. bondSays: what the bond's own stanza has for it. */
  | {
      readonly fact: "option-ignored-on-port";
      readonly port: string;
      readonly bond: string;
      readonly said: SaidOption;
      readonly at: Span;
      readonly bondSays: "same" | "different" | "nothing";
    }
  /** bond-primary in the bond's stanza ran before a port named by it had joined. recoveredBy: the port whose stanza set it later. */
  | {
      readonly fact: "primary-skipped";
      readonly bond: string;
      readonly primary: readonly string[];
      readonly at: Span;
      readonly reason: "no-ports-yet" | "not-a-port";
      readonly recoveredBy?: string;
    }
  /** A bond-* key ifenslave does not read. `said.option` is there when the kernel knows it; `suggestion` when it looks like a slip. */
  | {
      readonly fact: "unknown-bond-option";
      readonly iface: string;
      readonly said: SaidOption;
      readonly at: Span;
      readonly suggestion?: string;
    }
  /** The kernel refuses the write; ifup prints an I/O error and carries on with exit status 0. */
  | {
      readonly fact: "option-refused";
      readonly bond: string;
      readonly said: SaidOption;
      readonly at: Span;
      readonly reason: "bad-value" | "wrong-mode" | "needs-miimon" | "has-ports";
    }
  /** Written by ifenslave, and undone or without effect: both monitors said (miimon is written last and wins). */
  | {
      readonly fact: "monitor-overridden";
      readonly bond: string;
      readonly said: SaidOption;
      readonly at: Span;
      readonly by: SaidOption;
    }
  /** bond-active-slave before ports have joined; bond-queue-id, which is written to a file that does not exist. */
  | {
      readonly fact: "option-never-works";
      readonly bond: string;
      readonly said: SaidOption;
      readonly at: Span;
      readonly reason: "before-ports" | "no-such-file";
    }
  /** The same option with the same value in the bond's stanza and in others: what `at` says takes effect, `also` changes nothing. */
  | {
      readonly fact: "options-repeated";
      readonly bond: string;
      readonly option: OptionName;
      readonly at: Span;
      readonly also: readonly Span[];
    }
  /** ifenslave runs once per stanza; the second run sets the ports down and does not bring them up. portsDown: those left down. */
  | {
      readonly fact: "bond-options-in-two-families";
      readonly bond: string;
      readonly at: Span;
      readonly first: Span;
      readonly portsDown: readonly string[];
    }
  /** A static stanza without address: ifup refuses the interface before any hook. */
  | { readonly fact: "missing-address"; readonly iface: string; readonly at: Span; readonly family: "inet" | "inet6" }
  /** bond-master names an interface that has no stanza: ifup of the port fails. */
  | { readonly fact: "port-without-master-stanza"; readonly port: string; readonly master: string; readonly at: Span }
  /** bond-master names something that is not there as a bond when the port comes up, so it stays outside. */
  | { readonly fact: "master-is-no-bond"; readonly port: string; readonly master: string; readonly at: Span }
  /** Named in bond-slaves, but it cannot join. */
  | {
      readonly fact: "port-not-joined";
      readonly port: string;
      readonly bond: string;
      readonly at: Span;
      readonly reason: "in-other-bond" | "is-itself";
    }
  /** bond-slaves beside bond-master in one stanza: bond-slaves is not looked at. */
  | { readonly fact: "slaves-ignored"; readonly iface: string; readonly at: Span; readonly master: Span }
  /** `bond-slaves all`: only names with "eth" in them are taken. */
  | { readonly fact: "slaves-all"; readonly bond: string; readonly at: Span }
  /** Commas between targets: only the first is installed. */
  | {
      readonly fact: "targets-with-commas";
      readonly bond: string;
      readonly at: Span;
      readonly installed: readonly string[];
    }
  /** Nothing brings the interface up at boot or when it appears. */
  | { readonly fact: "never-started"; readonly iface: string; readonly at: Span; readonly bond?: string }
  /** No `auto`: it joins its bond only when the device appears (udev), not by `ifup -a`. */
  | { readonly fact: "port-joins-when-plugged"; readonly port: string; readonly bond: string; readonly at: Span }
  /** `ifdown BOND; ifup BOND` brings the bond back without these ports: only bond-master attaches them. */
  | {
      readonly fact: "ports-lost-on-restart";
      readonly bond: string;
      readonly at: Span;
      readonly ports: readonly string[];
    }
  /** The port's stanza comes first and brings the bond up in passing. */
  | { readonly fact: "bond-brought-up-by-port"; readonly bond: string; readonly port: string; readonly at: Span };

/** What happened, in the order it happened. */
export type Story = readonly StoryFact[];
