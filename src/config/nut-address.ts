import type { NutAddress } from "../model/config.ts";

/** upsd's own port. Source: RFC 9271, section 7. */
const NUT_PORT = 3493;

/** Understands what upsc is told: "apc", "apc@host", "apc@host:port", "apc@[::1]:port". Undefined: it is no such thing. */
export function parseNutAddress(text: string): NutAddress | undefined {
  const read = /^([A-Za-z0-9._-]{1,64})(?:@(?:\[([0-9a-fA-F:.]{2,45})\]|([A-Za-z0-9.-]{1,253}))(?::(\d{1,5}))?)?$/.exec(
    text,
  );
  const [, ups, bracketed, plain, digits] = read ?? [];
  const port = digits === undefined ? NUT_PORT : Number(digits);
  if (ups === undefined || port < 1 || port > 65_535) return undefined;
  return { ups, host: bracketed ?? plain ?? "localhost", port };
}

/** The same, written as shortly as it can be. */
export function formatNutAddress({ ups, host, port }: NutAddress): string {
  const digits = port === NUT_PORT ? "" : `:${port}`;
  return `${ups}@${host.includes(":") ? `[${host}]` : host}${digits}`;
}
