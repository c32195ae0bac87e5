import type { Gateway } from "./snapshot.ts";

/** Whose family ip(8) is to take a route for. It goes by the first router it reads where it isn't told, so an IPv4 route by an IPv6 router
 *  would become an IPv6 route. */
export function familyWords(family: Gateway["family"], routers: readonly string[]): readonly string[] {
  if (family === "ipv6") return ["-6"];
  return routers.some(isSix) ? ["-4"] : [];
}

/** How ip(8) is told of a router; none for "", a network on the link itself. */
export function routerWords(family: Gateway["family"], router: string): readonly string[] {
  if (router === "") return [];
  return family === "ipv4" && isSix(router) ? ["via", "inet6", router] : ["via", router];
}

function isSix(router: string): boolean {
  return router.includes(":");
}
