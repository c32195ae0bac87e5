/** Where an agent lives on a host: what the command line looks for, and where the agent puts it. */
export const agentPlaces = {
  /** Events on the disk. */
  events: "/var/lib/holdfast/events",
  /** Events on their way there: a directory in memory. */
  spool: "/run/holdfast",
  /** HTTP over a Unix socket: GET /status, GET /events. */
  socket: "/run/holdfast/agent.sock",
} as const;
