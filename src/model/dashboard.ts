/** How the dashboard is served, as declared; absent means "not said". Without this section it isn't served at all. */
export interface DashboardSettings {
  /** Address and port: "127.0.0.1:9438", "[::]:9438". */
  readonly listen?: string;
  /** Names, besides the host's own, by which browsers may ask. */
  readonly names?: readonly string[];
  readonly tls?: DashboardTls;
  /** The file of users and their passwords' digests: relative to /etc/holdfast, or absolute. */
  readonly passwords?: string;
  /** A proxy on this host ends TLS: cookies are for https alone, and what it says of the asker's address is believed. */
  readonly proxied?: boolean;
}

/** PEM files, relative to /etc/holdfast or absolute. */
export interface DashboardTls {
  readonly certificate?: string;
  readonly key?: string;
}

/** Where it listens when nothing else is said. */
export const dashboardListen = "127.0.0.1:9438";

/** The address and the port of "ADDRESS:PORT"; undefined: it is none. */
export function endpointOf(text: string): { readonly address: string; readonly port: number } | undefined {
  const match = /^(?:(\d{1,3}(?:\.\d{1,3}){3})|\[([0-9A-Fa-f:.]{2,45})\]):(\d{1,5})$/.exec(text);
  const address = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return address === undefined || port < 1 || port > 65_535 ? undefined : { address, port };
}

/** Only this host reaches it. */
export function isLoopback(address: string): boolean {
  return address === "::1" || /^127(\.\d{1,3}){3}$/.test(address);
}
