/** All that the page knows of the server: types, and no code. */
export type * from "../src/api/dashboard.ts";
