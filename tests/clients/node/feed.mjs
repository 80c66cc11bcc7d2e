// Reads a JSON Feed as a feed reader does and prints what it understood: node feed.mjs URL
import {detectJsonFeed, parseJsonFeed} from "feedsmith";

const response = await fetch(process.argv[2]);
const text = await response.text();
if (!detectJsonFeed(JSON.parse(text))) {
  throw new Error("not taken for a JSON Feed");
}
const [type] = (response.headers.get("Content-Type") ?? "").split(";");
console.log(JSON.stringify({type, feed: parseJsonFeed(text)}));
