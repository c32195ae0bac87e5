import type { GraphNode } from "./graph.ts";

/** Line drawings of 32 × 24, ours, as the insides of a <g> with a stroke and no fill. "f" is for parts that are filled. */
const icons: Readonly<Record<GraphNode["kind"], string>> = {
  host:
    '<rect x="5" y="1" width="22" height="9.5" rx="2"/><rect x="5" y="13.5" width="22" height="9.5" rx="2"/>' +
    '<path d="M18 5.8h5M18 18.3h5"/><circle class="f" cx="9.5" cy="5.8" r="1.3"/><circle class="f" cx="9.5" cy="18.3" r="1.3"/>',
  router:
    '<rect x="3" y="13" width="26" height="9" rx="2.5"/><path d="M8 13V5M24 13V5"/><circle class="f" cx="8" cy="3.6" r="1.4"/>' +
    '<circle class="f" cx="24" cy="3.6" r="1.4"/><path d="M12.5 17.5h8M18 15.2l2.6 2.3-2.6 2.3"/><circle class="f" cx="7.6" cy="17.5" r="1.2"/>',
  switch:
    '<rect x="1.5" y="6" width="29" height="12" rx="2.5"/>' +
    '<path d="M5.5 14v-4h4v4zM12 14v-4h4v4zM18.5 14v-4h4v4z"/><circle class="f" cx="26.5" cy="12" r="1.3"/>',
  powerline:
    '<rect x="7" y="2" width="18" height="18" rx="3"/><path d="M11 20v3M21 20v3"/>' +
    '<path d="M10.5 11c1.4-4 2.8-4 4.1 0s2.7 4 4.1 0 1.7-3.5 2.8-1.5"/>',
  "access-point":
    '<path d="M9 20h14M16 20v-6"/><circle class="f" cx="16" cy="11.5" r="1.9"/><path d="M11.8 15.2a5.6 5.6 0 0 1 0-7.4M20.2 7.8a5.6 5.6 0 0 1 0 7.4' +
    'M8 18a9.8 9.8 0 0 1 0-13M24 5a9.8 9.8 0 0 1 0 13"/>',
  "usb-hub":
    '<path d="M16 22V3M12.8 6 16 2l3.2 4M16 17l6-4V9.5M16 19.5l-6-4V12"/><rect class="f" x="20.3" y="6.5" width="3.4" height="3.4"/>' +
    '<circle class="f" cx="10" cy="10.5" r="1.9"/>',
  "media-converter":
    '<rect x="6" y="5" width="20" height="14" rx="2.5"/><path d="M1 12h5M26 12h5M10.5 10h11l-2.5-2.3M21.5 14.3h-11l2.5 2.3"/>',
  modem:
    '<rect x="4" y="12" width="24" height="9" rx="2.5"/><circle class="f" cx="8.5" cy="16.5" r="1.2"/><circle class="f" cx="12.5" cy="16.5" r="1.2"/>' +
    '<path d="M16 12V9M11.5 7.5a6.2 6.2 0 0 1 9 0M8.5 4.5a10.4 10.4 0 0 1 15 0M20 16.5h4.5"/>',
  client: '<rect x="7" y="3" width="18" height="12" rx="1.8"/><path d="M3.5 20.5h25l-2.5-3.5h-20z"/>',
  server:
    '<rect x="9" y="1.5" width="14" height="21" rx="2"/><path d="M12.5 6h7M12.5 10h7"/><circle class="f" cx="16" cy="17.5" r="1.5"/>',
  internet: '<path d="M9.5 20.5a5.9 5.9 0 0 1-.8-11.7 8 8 0 0 1 15.3 1.3 5.3 5.3 0 0 1-.7 10.4z"/>',
};

/** The drawing for a kind of thing. */
export function iconOf(kind: GraphNode["kind"]): string {
  return icons[kind];
}
