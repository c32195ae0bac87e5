import type { HostState } from "../../model/host-state.ts";

/** A host of which nothing was seen. */
export const quiet: HostState = {
  kernel: "",
  commandLine: "",
  links: [],
  bonds: [],
  managers: [],
  trace: [],
  radios: [],
  supplicants: [],
  units: [],
  rootType: "",
  namespaces: [],
  texts: new Map(),
  unseen: [],
};
