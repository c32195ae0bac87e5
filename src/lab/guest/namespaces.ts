import {
  AF_NETLINK,
  CLONE_NEWNET,
  close,
  must,
  O_CLOEXEC,
  O_RDONLY,
  open,
  SOCK_CLOEXEC,
  SOCK_RAW,
  setns,
  socket,
  unshare,
} from "../../host/linux/libc.ts";

/** A node's network namespace, kept open by descriptor; the runner's own thread steps in and out. */
export interface Namespace {
  readonly node: string;
  readonly fd: number;
  /** An rtnetlink socket that lives in it. */
  readonly netlink: number;
}

/** The namespace the runner was started in: node "host". */
export function ownNamespace(node: string): Namespace {
  return namespaceHere(node);
}

/** A new namespace. The thread is back in `home` when it returns. */
export function newNamespace(node: string, home: Namespace): Namespace {
  must(unshare(CLONE_NEWNET), `a network namespace for ${node}`);
  try {
    return namespaceHere(node);
  } finally {
    enter(home);
  }
}

/** Runs something synchronous inside a namespace: sockets, processes and /proc/sys belong to it meanwhile. */
export function inside<T>(namespace: Namespace, home: Namespace, action: () => T): T {
  if (namespace === home) return action();
  enter(namespace);
  try {
    return action();
  } finally {
    enter(home);
  }
}

export function closeNamespace(namespace: Namespace): void {
  close(namespace.netlink);
  close(namespace.fd);
}

function namespaceHere(node: string): Namespace {
  // thread-self: /proc/self/ns is the first thread's, which need not be the caller.
  const fd = must(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC, 0), `the namespace of ${node}`);
  const netlink = must(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0), `a netlink socket in ${node}`);
  return { node, fd, netlink };
}

function enter(namespace: Namespace): void {
  must(setns(namespace.fd, CLONE_NEWNET), `entering ${namespace.node}`);
}
