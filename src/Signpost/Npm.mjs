// Turns what was installed from npm into the files that are built into the server, in the folder named by the first argument.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { list as robots } from "isbot";

const [folder] = process.argv.slice(2);
const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)));
const write = (name, content) => writeFileSync(join(folder, name), content);

mkdirSync(folder, { recursive: true });

// RobotList: one pattern a line. isbot knows the robots, crawler-user-agents which of them draw link previews.
const crawlers = JSON.parse(read("node_modules/crawler-user-agents/crawler-user-agents.json"));
const previews = crawlers.filter(({ tags }) => tags.includes("social-preview")).map(({ pattern }) => pattern);
for (const [name, patterns] of Object.entries({ robots, previews })) {
  if (patterns.length === 0) throw new Error(`The list of ${name} came out empty.`);
  write(`${name}.txt`, patterns.join("\n") + "\n");
}

// ShippedCountries: networks and their countries.
copyFileSync(
  "node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb",
  join(folder, "countries.mmdb")
);

// The page at /docs: packed here once, so that nobody packs at run time.
const docs = {
  "swagger-ui.js": "node_modules/swagger-ui-dist/swagger-ui-bundle.js",
  "swagger-ui.css": "node_modules/swagger-ui-dist/swagger-ui.css",
  "docs.js": "Pages/docs.js",
  "docs.css": "Pages/docs.css",
};
for (const [name, source] of Object.entries(docs)) write(`${name}.gz`, gzipSync(read(source), { level: 9 }));

// The licences of all that.
const licences = [
  "@ip-location-db/geo-whois-asn-country-mmdb/NRO_LICENSE",
  "crawler-user-agents/LICENSE",
  "isbot/LICENSE",
  "swagger-ui-dist/LICENSE",
  "swagger-ui-dist/NOTICE",
  "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt",
];
write(
  "third-party-notices.txt",
  licences.map((path) => `${path}\n${"=".repeat(path.length)}\n\n${read(`node_modules/${path}`)}`).join("\n\n")
);
