// A program against the types that openapi-typescript makes of our contract: client.mjs URL
// The lines below @ts-expect-error must not compile: types that let them through are too loose.
import createClient from "openapi-fetch";
import type {components, paths} from "./api.js";

declare const process: {argv: string[]};

type Meeting = components["schemas"]["Meeting"];

const client = createClient<paths, "application/json" | "application/problem+json">({
  baseUrl: process.argv[2] ?? "http://localhost:8080",
  querySerializer: {array: {style: "form", explode: false}},
});

async function page(cursor?: string) {
  const {data, error} = await client.GET("/v1/meetings", {
    params: {
      query: {status: ["held", "planned"], sort: ["-date"], limit: 2, ...(cursor && {cursor})},
    },
  });
  if (!data) {
    throw new Error(error.detail);
  }
  return data;
}

async function meetings(): Promise<Meeting[]> {
  const found: Meeting[] = [];
  let next: string | null = "";
  while (next !== null) {
    const cursor = new URL(next, "http://any").searchParams.get("cursor");
    const read: Awaited<ReturnType<typeof page>> = await page(cursor ?? undefined);
    found.push(...read.data);
    next = read.page.next;
  }
  return found;
}

async function sums(): Promise<Map<string, number>> {
  const {data, error} = await client.GET("/v1/aid/totals", {
    params: {query: {kind: ["package"], group_by: ["donor", "year"]}},
  });
  if (!data) {
    throw new Error(error.detail);
  }
  return new Map(data.totals.map((sum) => [sum.currency, sum.amount]));
}

async function member(id: string): Promise<string | null> {
  const {data, error, response} = await client.GET("/v1/participants/{id}", {params: {path: {id}}});
  if (error) {
    return `${response.status}: ${error.detail}`;
  }
  return data.data.country;
}

async function mistake(): Promise<(string | null)[]> {
  const {error} = await client.GET("/v1/meetings", {
    // @ts-expect-error: no such parameter
    params: {query: {kinds: ["call"]}},
  });
  return error?.errors.map((one) => one.suggestion) ?? [];
}

export function refused(meeting: Meeting): unknown[] {
  return [
    // @ts-expect-error: no such field
    meeting.headcount,
    // @ts-expect-error: null where it is not known
    meeting.place.length,
    // @ts-expect-error: no such status
    meeting.status === "done",
    // @ts-expect-error: no such path
    client.GET("/v1/meeting"),
    // @ts-expect-error: no such status to ask for
    client.GET("/v1/meetings", {params: {query: {status: ["done"]}}}),
    // @ts-expect-error: the id is missing
    client.GET("/v1/meetings/{id}", {}),
  ];
}

const all = await meetings();
console.log(
  JSON.stringify({
    ids: all.map((meeting) => meeting.id),
    places: all.map((meeting) => meeting.place?.toUpperCase() ?? null),
    sums: Object.fromEntries(await sums()),
    member: await member("lloyd-austin"),
    missing: await member("nobody"),
    suggestions: await mistake(),
  }),
);
