/** Does something again and again until the signal, with a pause after each time. Rejects with the first that fails. */
export async function repeat(signal: AbortSignal, everyMs: number, once: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await once();
    await pause(everyMs, signal);
  }
}

/** So long, or until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
