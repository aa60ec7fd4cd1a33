// Writes the two lists that RobotList reads, one pattern a line, into the folder named by the first argument:
// robots.txt (what isbot knows a robot by) and previews.txt (the robots that crawler-user-agents tags as drawing previews).
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { list as robots } from "isbot";

const [folder] = process.argv.slice(2);
const crawlers = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("crawler-user-agents"), "utf8"));
const previews = crawlers.filter(({ tags }) => tags.includes("social-preview")).map(({ pattern }) => pattern);

if (robots.length === 0 || previews.length === 0) throw new Error("A list of robots came out empty.");

for (const [name, patterns] of Object.entries({ robots, previews }))
  writeFileSync(join(folder, `${name}.txt`), patterns.join("\n") + "\n");
