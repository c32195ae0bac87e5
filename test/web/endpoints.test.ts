import { expect, test } from "vitest";
import { endpoints } from "../../src/api/dashboard-endpoints.ts";
import { readQuery } from "../../src/api/server/read-query.ts";
import { places } from "../../web/places.ts";

test("the page asks for nothing that the server doesn't know", () => {
  const unknown = Object.values(places).filter((place) => {
    const { pathname, searchParams } = new URL(place, "http://host");
    const endpoint = Object.values(endpoints).find(({ path, method }) => path === pathname && method === "GET");
    return endpoint === undefined || !readQuery(endpoint, searchParams).ok;
  });
  expect(unknown).toEqual([]);
});
