// Draws a Vega-Lite specification, whose data it fetches, into an SVG file and prints how many
// marks of each type carry data: node charts.mjs SPECIFICATION SVG
import {readFile, writeFile} from "node:fs/promises";
import * as vega from "vega";
import {compile} from "vega-lite";

const [, , source, target] = process.argv;

function fail(...words) {
  throw new Error(words.join(" "));
}

const quiet = () => logger;
const logger = {level: quiet, error: fail, warn: fail, info: quiet, debug: quiet};

function count(scene, marks = {}) {
  for (const item of scene.items ?? []) {
    if (scene.role === "mark" && scene.marktype !== "group") {
      marks[scene.marktype] = (marks[scene.marktype] ?? 0) + 1;
    }
    for (const child of item.items ?? []) {
      count(child, marks);
    }
  }
  return marks;
}

const {spec} = compile(JSON.parse(await readFile(source, "utf8")), {logger});
const view = new vega.View(vega.parse(spec), {renderer: "none", logger});
await view.runAsync();
await writeFile(target, await view.toSVG());
console.log(JSON.stringify(count(view.scenegraph().root)));
