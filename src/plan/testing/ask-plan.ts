import { expect } from "vitest";
import { parseHoldfast } from "../../config/parse-holdfast.ts";
import type { HostState } from "../../model/host-state.ts";
import type { BackendName, FileImage } from "../change.ts";
import { type Plan, planChange } from "../plan-change.ts";
import type { HostRoute } from "../running-host.ts";
import { quiet } from "./quiet-host.ts";

const encoder = new TextEncoder();

/** A host as it is, and what is wanted of it: `bond` unless said otherwise. */
export interface Given {
  readonly backend: BackendName;
  readonly files: Readonly<Record<string, string>>;
  readonly wanted?: string;
  readonly state?: Partial<HostState>;
  readonly mode?: number;
  readonly routes?: readonly HostRoute[];
}

/** Two ports and a static address. */
export const bond = `
bond:
  primary: eth0
  ports: [eth0, eth1]
  address: 192.0.2.5/24
  gateway: 192.0.2.1
`;

/** What planning comes to. */
export function asked({ backend, files, wanted = bond, state = {}, mode = 0o644, routes = [] }: Given) {
  const texts = new Map(Object.entries(files));
  const images = new Map(
    [...texts].map(([path, text]): [string, FileImage] => [
      path,
      { bytes: encoder.encode(text), mode, uid: 0, gid: 0 },
    ]),
  );
  const { config, diagnostics } = parseHoldfast("holdfast.yaml", wanted);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return planChange(
    config,
    { state: { ...quiet, ...state }, files: texts, images, facts: { maxBonds: 0 }, routes },
    backend,
  );
}

/** The plan; throws with the refusal where there is none. */
export function planned(given: Given): Plan {
  const result = asked(given);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}
