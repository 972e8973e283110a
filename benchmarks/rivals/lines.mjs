// Reads a file of JSON objects, one a line: a large catalogue is no single string.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

export async function* lines(path) {
  for await (const line of createInterface({ input: createReadStream(path) })) yield JSON.parse(line);
}
