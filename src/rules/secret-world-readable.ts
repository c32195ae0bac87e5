import type { Span } from "../diagnostic/diagnostic.ts";
import { secretRanges } from "../diagnostic/secrets.ts";
import type { Finding, Rule } from "./rule.ts";

const othersMayRead = 0o004;

/** A key in a file that every account of the host can read. Its value never appears, neither here nor in an excerpt. */
export const secretWorldReadable: Rule = {
  name: "secret-world-readable",
  severity: "warning",
  about: "Keys stand in files that only their owner can read",
  source: ["Debian installs /etc/network/interfaces with mode 0644", "wpa_supplicant(8)"],
  applies: "any",
  check: (subject) =>
    // A holdfast.yaml with a key in clear text is refused before it gets here, NetworkManager doesn't load a profile others can read.
    subject.dialect === "holdfast" || (subject.dialect === "networkmanager" && subject.fileModes === undefined)
      ? []
      : [...subject.files].flatMap(([file, text]): readonly Finding[] => {
          const mode = subject.fileModes?.get(file);
          if (mode !== undefined && (mode & othersMayRead) === 0) return [];
          const [first, ...rest] = secretRanges(text).map(
            ({ start, end }): Span => ({ file, start: keyStart(text, start), end }),
          );
          if (first === undefined) return [];
          return [
            {
              message: `a key or password stands in clear text in ${file}, ${whoReads(mode)}`,
              hint: hintFor(file, subject.dialect),
              at: first,
              also: rest.map((at) => ({ at, note: "and here" })),
            },
          ];
        }),
};

function whoReads(mode: number | undefined): string {
  return mode === undefined
    ? "whose permissions are not known here; as installed (0644) every user of the host can read it"
    : `which every user of the host can read (mode ${(mode & 0o7777).toString(8).padStart(4, "0")})`;
}

function hintFor(file: string, dialect: string): string {
  return dialect === "ifupdown"
    ? `Run chmod 600 ${file}, or keep the key in a 0600 wpa_supplicant.conf and name that with wpa-conf.`
    : `Run chmod 600 ${file}.`;
}

/** From the first word of the line, so that the reader sees the option and not the mask alone. */
function keyStart(text: string, valueStart: number): number {
  const lineStart = text.lastIndexOf("\n", valueStart - 1) + 1;
  const indent = text.slice(lineStart, valueStart).search(/\S/);
  return indent === -1 ? valueStart : lineStart + indent;
}
