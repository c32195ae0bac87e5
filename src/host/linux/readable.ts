import koffi from "koffi";

/** libuv's own poll handle on a descriptor, with everything known to go wrong with it put right (docs/decisions/0006):
 *  the callback really gets a status first; nothing may be thrown in it; a handle nobody refers to is collected and falls
 *  silent; the handle must be closed before its descriptor; and a queue that ran over (EPOLLERR) ends it. */

interface PollHandle {
  start(options: { readonly readable: boolean }, callback: (status: number) => void): void;
  close(): void;
}

const poll = koffi.node.poll as unknown as (
  fd: number,
  options: { readonly readable: boolean },
  callback: (status: number) => void,
) => PollHandle;

/** Strong references: without them the handles are garbage. */
const open = new Set<PollHandle>();

/** Calls whenever there is something to read; `overrun`: the queue ran over, so something was lost. Returns what ends it,
 *  which must be called before the descriptor is closed. */
export function whenReadable(fd: number, onReadable: (state: "readable" | "overrun") => void): () => void {
  let isOpen = true;
  const guarded = (status: number): void => {
    if (!isOpen) return;
    try {
      onReadable(status < 0 ? "overrun" : "readable");
    } catch (error) {
      // Thrown here it would surface later, in code that has nothing to do with it.
      setImmediate(() => {
        throw error;
      });
    }
    // libuv has stopped the handle: without this the socket would be silent for ever.
    if (status < 0 && isOpen) handle.start({ readable: true }, guarded);
  };
  const handle = poll(fd, { readable: true }, guarded);
  open.add(handle);
  return () => {
    if (!isOpen) return;
    isOpen = false;
    open.delete(handle);
    handle.close();
  };
}
