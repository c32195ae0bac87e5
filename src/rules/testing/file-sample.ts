import { parseHoldfast } from "../../config/parse-holdfast.ts";
import type { FileSet } from "../../diagnostic/diagnostic.ts";
import type { Language } from "../../dialects/dialect.ts";
import { languageNamed } from "../../dialects/registry.ts";
import { ifupdownSubject } from "../ifupdown-subject.ts";
import type { Subject } from "../rule.ts";

/** What samples are fenced with: the dialect, the folder of its files on the host, and what a text without a name is called there. */
const languages: Readonly<Record<string, readonly [dialect: string, folder: string, file: string]>> = {
  yaml: ["holdfast", "", "holdfast.yaml"],
  interfaces: ["ifupdown", "/etc/network", "interfaces"],
  ifupdown2: ["ifupdown2", "/etc/network", "interfaces"],
  "ifupdown-ng": ["ifupdown-ng", "/etc/network", "interfaces"],
  netplan: ["netplan", "/etc/netplan", "60-bond.yaml"],
  networkd: ["networkd", "/etc/systemd/network", "bond0.netdev"],
  keyfile: ["networkmanager", "/etc/NetworkManager/system-connections", "bond0.nmconnection"],
  nmstate: ["nmstate", "/etc/nmstate", "bond0.yaml"],
  ifcfg: ["ifcfg-rh", "/etc/sysconfig/network-scripts", "ifcfg-bond0"],
  wicked: ["wicked", "/etc/sysconfig/network", "ifcfg-bond0"],
  commands: ["iproute2", "/usr/local/sbin", "bond0.sh"],
};

/** The words that fence a sample of files. */
export const fileSampleLanguages: readonly string[] = Object.keys(languages);

/** The subject a sample of files stands for. */
export function readFileSample(language: string, text: string): Subject {
  const [dialect, folder, only] = languages[language] ?? ["holdfast", "", "holdfast.yaml"];
  if (dialect === "holdfast") return subjectIn(dialect, new Map([[only, text]]));
  return subjectIn(dialect, filesOf(text, folder, only));
}

/** Files in a language to judge. */
export function subjectIn(dialect: string, files: FileSet): Subject {
  if (dialect === "holdfast") {
    const [[name, text] = ["holdfast.yaml", ""]] = files;
    return { dialect, files, ...parseHoldfast(name, text) };
  }
  if (dialect === "ifupdown") return ifupdownSubject(files, { facts: { maxBonds: 0 } });
  return { dialect, files, ...(languageNamed(dialect) as Language).parse(files) };
}

const nameLine = /^# (\/?[\w./@-]+\.(?:netdev|network|link|nmconnection|yaml|conf|cfg)|ifcfg-\S+)$\n/m;

/** Each file begins with a comment that is its name, or its whole path; without one it is a single file. */
function filesOf(text: string, folder: string, only: string): FileSet {
  const [first = "", ...named] = text.split(nameLine);
  const files = new Map(first === "" ? [] : [[`${folder}/${only}`, first]]);
  for (let index = 0; index < named.length; index += 2) {
    const name = named[index] ?? "";
    files.set(name.startsWith("/") ? name : `${folder}/${name}`, named[index + 1] ?? "");
  }
  return files;
}
