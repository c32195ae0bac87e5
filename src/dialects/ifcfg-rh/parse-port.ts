import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { booleanOf } from "../assigned-file.ts";
import type { IfcfgFile } from "./files.ts";

/** The bond a file's interface is a port of. NetworkManager asks for MASTER or MASTER_UUID alone; the initscripts for MASTER
 *  together with SLAVE=yes. What either takes for a port is one, unless the other reader is shut out. */
export function masterOf(
  file: IfcfgFile,
  uuids: ReadonlyMap<string, string>,
  diagnostics: Diagnostic[],
): string | undefined {
  const { said } = file;
  const master = said.get("MASTER");
  const uuid = said.get("MASTER_UUID");
  const byUuid =
    uuid === undefined ? undefined : (uuids.get(uuid.value) ?? (isInterfaceName(uuid.value) ? uuid.value : undefined));
  const name = master === undefined || master.value === "" ? byUuid : master.value;
  if (name === undefined) {
    if (uuid !== undefined && uuid.value !== "" && (master?.value ?? "") === "")
      diagnostics.push({
        code: "bad-value",
        severity: "error",
        message: `${file.device}: MASTER_UUID names a profile that none of these files is: the port joins nothing that is here`,
        hint: "Write MASTER=NAME, with the name of the bond.",
        at: uuid.valueAt,
      });
    return undefined;
  }
  const at = (master ?? uuid)?.valueAt;
  if (!isInterfaceName(name) || /^(yes|no|true|false)$/i.test(name)) {
    diagnostics.push({
      code: "bad-value",
      severity: "error",
      message: `${file.device}: MASTER is the name of the bond that this interface joins, and ${JSON.stringify(name)} is none`,
      hint: "In a port's file write MASTER=bond0; in the bond's own file leave it out and write BONDING_MASTER=yes.",
      ...(at === undefined ? {} : { at }),
    });
    return undefined;
  }
  return isPortForBoth(file, name, diagnostics) ? name : undefined;
}

function isPortForBoth(file: IfcfgFile, name: string, diagnostics: Diagnostic[]): boolean {
  const { said } = file;
  const slave = said.get("SLAVE");
  if (booleanOf(slave) === true && (said.get("MASTER")?.value ?? "") !== "") return true;
  const unmanaged = booleanOf(said.get("NM_CONTROLLED")) === false;
  const at = slave?.at ?? (said.get("MASTER") ?? said.get("MASTER_UUID"))?.at;
  diagnostics.push({
    code: unmanaged ? "ifcfg-rh-not-a-port" : "ifcfg-rh-readers-differ",
    severity: unmanaged ? "error" : "advice",
    message: unmanaged
      ? `${file.device} does not join ${name}: the initscripts want MASTER=${name} and SLAVE=yes`
      : `${file.device} joins ${name} under NetworkManager only: the initscripts want MASTER=${name} and SLAVE=yes`,
    hint: `Write MASTER=${name} and SLAVE=yes.`,
    ...(at === undefined ? {} : { at }),
  });
  return !unmanaged;
}
