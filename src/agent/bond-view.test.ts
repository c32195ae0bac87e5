import { expect, test } from "vitest";
import type { LinkState } from "../wire/link.ts";
import { changesBetween, nothingSeen, viewOf } from "./bond-view.ts";

const plain = {
  isUp: true,
  hasCarrier: true,
  operState: "up",
  mac: "02:00:00:00:00:0a",
  permanentMac: "",
  mtuBytes: 1500,
  master: 0,
  kind: "",
} as const;

const options = {
  mode: 1,
  activePort: 2,
  primary: 2,
  miimon: 100,
  arpInterval: 0,
  failOverMac: 0,
  primaryReselect: 0,
  updelay: 0,
  downdelay: 0,
  numPeerNotif: 3,
  allSlavesActive: 0,
  arpIpTargets: [],
} as const;

const bond: LinkState = { ...plain, index: 1, name: "bond0", kind: "bond", bond: options };
const eth0: LinkState = { ...plain, index: 2, name: "eth0", master: 1 };
const eth1: LinkState = { ...plain, index: 3, name: "eth1", master: 1 };

function view(...links: readonly LinkState[]) {
  return viewOf(new Map(links.map((link) => [link.index, link])), "bond0", "bond0");
}

const watched = ["eth0", "eth1"];
const whole = view(bond, eth0, eth1);

test("carriers are told before the move they led to", () => {
  const after = view({ ...bond, bond: { ...options, activePort: 3 } }, { ...eth0, hasCarrier: false }, eth1);
  expect(changesBetween(whole, after, watched)).toEqual([
    { type: "carrier", port: "eth0", up: false },
    { type: "kernel-active", port: "eth1" },
  ]);
});

test("a port set down has no carrier, whatever the cable", () => {
  const after = view(bond, { ...eth0, isUp: false }, eth1);
  expect(changesBetween(whole, after, watched)).toEqual([{ type: "carrier", port: "eth0", up: false }]);
});

test("an unplugged adapter leaves, and comes back with its carrier under another index", () => {
  const without = view(bond, eth0);
  expect(changesBetween(whole, without, watched)).toEqual([{ type: "port-gone", port: "eth1" }]);
  expect(changesBetween(without, view(bond, eth0, { ...eth1, index: 9 }), watched)).toEqual([
    { type: "port-back", port: "eth1" },
    { type: "carrier", port: "eth1", up: true },
  ]);
});

test("a bond that is taken away takes all its ports with it", () => {
  const gone = changesBetween(whole, nothingSeen, watched);
  expect(gone.map(({ type }) => type)).toEqual(["port-gone", "port-gone", "kernel-active"]);
});

test("somebody's hand on the bond is drift; ports nobody watches are none of our business", () => {
  const after = view({ ...bond, bond: { ...options, miimon: 0, primary: 0 } }, eth0, eth1, {
    ...eth1,
    index: 4,
    name: "eth2",
  });
  expect(changesBetween(whole, after, watched)).toEqual([
    { type: "drift", option: "primary", value: "" },
    { type: "drift", option: "miimon", value: "0" },
  ]);
});
