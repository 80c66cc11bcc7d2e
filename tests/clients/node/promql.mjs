// Prints for each PromQL expression the metrics that it selects, and where it cannot be read:
// node promql.mjs '["up == 0", …]'
import {parser} from "@prometheus-io/lezer-promql";

function read(expression) {
  const metrics = new Set();
  const errors = [];
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError) {
        errors.push(node.from);
      } else if (node.name === "VectorSelector" && node.node.firstChild?.name === "Identifier") {
        metrics.add(expression.slice(node.node.firstChild.from, node.node.firstChild.to));
      }
    },
  });
  return {metrics: [...metrics], errors};
}

console.log(JSON.stringify(JSON.parse(process.argv[2]).map(read)));
