import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { EventStore, StoreOptions } from "../events.ts";
import { openEvents } from "../events.ts";

/** A journal's directory and a spool's, gone when the test is over. */
export function freshPlaces(): { readonly journal: string; readonly spool: string } {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return { journal: join(folder, "events"), spool: folder };
}

/** An open store, or the test fails. Closed when the test is over. */
export async function openStore(directory: string, options: StoreOptions = {}): Promise<EventStore> {
  const opened = await openEvents(directory, { reserveBytes: 0, ...options });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  let isClosed = false;
  const close = async () => {
    if (!isClosed) await store.close();
    isClosed = true;
  };
  onTestFinished(close);
  return { ...store, close };
}
