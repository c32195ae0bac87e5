import type { ComponentChildren } from "preact";
import type { TopologyNode } from "../documents.ts";

/** Line drawings of 32 × 24: strokes without fill; "f" is filled. */
const drawings: Readonly<Record<TopologyNode["kind"] | "host", ComponentChildren>> = {
  host: (
    <>
      <path d="M7 1h18q2 0 2 2v5.5q0 2-2 2H7q-2 0-2-2V3q0-2 2-2zM7 13.5h18q2 0 2 2V21q0 2-2 2H7q-2 0-2-2v-5.5q0-2 2-2zM18 5.8h5M18 18.3h5" />
      <path class="f" d="M8.2 5.8h2.6M8.2 18.3h2.6" />
    </>
  ),
  router: (
    <path d="M5.5 13h21q2.5 0 2.5 2.5v4q0 2.5-2.5 2.5h-21Q3 22 3 19.5v-4Q3 13 5.5 13zM8 13V3M24 13V3M12.5 17.5h8M18 15.2l2.6 2.3-2.6 2.3M7 17.5h1" />
  ),
  switch: (
    <path d="M4 6h24q2.5 0 2.5 2.5v7Q30.5 18 28 18H4q-2.5 0-2.5-2.5v-7Q1.5 6 4 6zM5.5 14v-4h4v4zM12 14v-4h4v4zM18.5 14v-4h4v4zM26 12h1" />
  ),
  powerline: (
    <path d="M10 2h12q3 0 3 3v12q0 3-3 3H10q-3 0-3-3V5q0-3 3-3zM11 20v3M21 20v3M10.5 11c1.4-4 2.8-4 4.1 0s2.7 4 4.1 0 1.7-3.5 2.8-1.5" />
  ),
  "access-point": (
    <path d="M9 21h14M16 21v-9M15.5 11.5h1M11.8 15.2a5.6 5.6 0 0 1 0-7.4M20.2 7.8a5.6 5.6 0 0 1 0 7.4M8 18a9.8 9.8 0 0 1 0-13M24 5a9.8 9.8 0 0 1 0 13" />
  ),
  "usb-hub": <path d="M16 22V3M12.8 6 16 2l3.2 4M16 17l6-4V9.5M16 19.5l-6-4V12M20.5 6.5h3v3h-3zM10 10.4v.2" />,
  "media-converter": (
    <path d="M8.5 5h15q2.5 0 2.5 2.5v9q0 2.5-2.5 2.5h-15Q6 19 6 16.5v-9Q6 5 8.5 5zM1 12h5M26 12h5M10.5 10h11l-2.5-2.3M21.5 14.3h-11l2.5 2.3" />
  ),
  modem: (
    <path d="M6.5 12h19q2.5 0 2.5 2.5v4q0 2.5-2.5 2.5h-19Q4 21 4 18.5v-4Q4 12 6.5 12zM8 16.5h1M12 16.5h1M16 12V9M11.5 7.5a6.2 6.2 0 0 1 9 0M8.5 4.5a10.4 10.4 0 0 1 15 0M20 16.5h4.5" />
  ),
  client: <path d="M8.8 3h14.4Q25 3 25 4.8V15H7V4.8Q7 3 8.8 3zM3.5 20.5h25l-2.5-3.5h-20z" />,
  server: <path d="M11 1.5h10q2 0 2 2v17q0 2-2 2H11q-2 0-2-2v-17q0-2 2-2zM12.5 6h7M12.5 10h7M15.5 17.5h1" />,
  internet: <path d="M9.5 20.5a5.9 5.9 0 0 1-.8-11.7 8 8 0 0 1 15.3 1.3 5.3 5.3 0 0 1-.7 10.4z" />,
};

/** The drawing of a kind of device, beside its name: nothing for those who can't see it. */
export function Icon({ kind }: { readonly kind: TopologyNode["kind"] | "host" }) {
  return (
    <svg class="icon" viewBox="0 0 32 24" aria-hidden="true">
      {drawings[kind]}
    </svg>
  );
}

/** The mark of the program. */
export function Brand() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect class="ground" width="32" height="32" rx="7" />
      <path class="way second" d="M8 11h7q4 0 4 5t5 5" />
      <path class="way" d="M8 21h6q5 0 5-5t5-5" />
    </svg>
  );
}
