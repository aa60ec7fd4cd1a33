// Turns files of npm packages into files that are built into the server, in the folder named by the first argument.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { list as robots } from "isbot";
import { parse as parseYaml } from "yaml";
import { drawWorld } from "./World.mjs";

const [folder] = process.argv.slice(2);
const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)));
const write = (name, content) => writeFileSync(join(folder, name), content);

mkdirSync(folder, { recursive: true });

// AgentReader: one pattern a line. isbot lists robots, crawler-user-agents those of them that draw link previews.
const crawlers = JSON.parse(read("node_modules/crawler-user-agents/crawler-user-agents.json"));
const previews = crawlers.filter(({ tags }) => tags.includes("social-preview")).map(({ pattern }) => pattern);
for (const [name, patterns] of Object.entries({ robots, previews })) {
  if (patterns.length === 0) throw new Error(`The list of ${name} came out empty.`);
  write(`${name}.txt`, patterns.join("\n") + "\n");
}

// AgentParser: one expression a line, the browsers' (b) and then the systems' (s): kind, expression, and texts that replace
// its groups, family first; between tabs.
const { user_agent_parsers, os_parsers } = parseYaml(read("node_modules/uap-core/regexes.yaml").toString());
const line = (kind, prefix, family) => (one) =>
  [kind, one.regex, one[family], ...[1, 2, 3, 4].map((n) => one[`${prefix}v${n}_replacement`])].map(field).join("\t");
const field = (value) => {
  const text = String(value ?? "");
  if (/[\t\r\n]/.test(text)) throw new Error(`An expression of uap-core does not fit on a line: ${text}`);
  return text;
};
const expressions = [
  ...user_agent_parsers.map(line("b", "", "family_replacement")),
  ...os_parsers.map(line("s", "os_", "os_replacement")),
];
if (expressions.length < 500) throw new Error("The expressions of uap-core came out short.");
write("agents.txt", expressions.join("\n") + "\n");

// ShippedCountries: networks and their countries.
copyFileSync(
  "node_modules/@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb",
  join(folder, "countries.mmdb")
);

// CommonPasswords: one a line, the commonest first. Shorter ones are refused anyway.
const passwords = JSON.parse(read("node_modules/@zxcvbn-ts/language-common/src/passwords.json"));
const common = passwords.filter((password) => password.length >= 8).slice(0, 10_000);
if (common.length < 10_000 || !common.includes("password")) throw new Error("The list of passwords came out short.");
write("common-passwords.txt", common.join("\n") + "\n");

// The page at /docs: compressed here, so that the server need not do it.
const docs = {
  "swagger-ui.js": "node_modules/swagger-ui-dist/swagger-ui-bundle.js",
  "swagger-ui.css": "node_modules/swagger-ui-dist/swagger-ui.css",
  "docs.js": "Api/Documentation/docs.js",
  "docs.css": "Api/Documentation/docs.css",
};
for (const [name, source] of Object.entries(docs)) write(`${name}.gz`, gzipSync(read(source), { level: 9 }));

// Names: the names of each country in the languages of the pages, as Node.js has them from CLDR.
const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
const codes = letters.flatMap((first) => letters.map((second) => first + second));
const tags = readdirSync("Web/Languages/Texts").map((file) => file.replace(/\.json$/, ""));
const names = tags.map((tag) => {
  const regions = new Intl.DisplayNames([tag], { type: "region", fallback: "none" });
  return [tag, Object.fromEntries(codes.map((code) => [code, regions.of(code)]).filter(([, name]) => name))];
});
if (names.some(([, countries]) => !countries.FR)) throw new Error("This Node.js does not know what countries are called.");
write("country-names.json", JSON.stringify(Object.fromEntries(names)));

// Names: languages of visitors by their codes, and continents by those of the targeting rules.
const regional = "de-AT de-CH en-AU en-CA en-GB en-IN en-US es-ES es-MX fil fr-BE fr-CA fr-CH fr-FR nl-BE pt-BR pt-PT zh-CN zh-HK zh-TW".split(" ");
const spoken = [...codes.map((code) => code.toLowerCase()), ...regional].filter((code) => Intl.getCanonicalLocales(code)[0] === code);
const continents = { AF: "002", AN: "AQ", AS: "142", EU: "150", NA: "003", OC: "009", SA: "005" };
const more = tags.map((tag) => {
  const languages = new Intl.DisplayNames([tag], { type: "language", fallback: "none" });
  const regions = new Intl.DisplayNames([tag], { type: "region" });
  return [tag, {
    languages: Object.fromEntries(spoken.map((code) => [code, languages.of(code)]).filter(([, name]) => name)),
    continents: Object.fromEntries(Object.entries(continents).map(([code, region]) => [code, regions.of(region)])),
  }];
});
if (more.some(([, { languages }]) => !languages.de)) throw new Error("This Node.js does not know what languages are called.");
write("language-names.json", JSON.stringify(Object.fromEntries(more)));

// Icon: the drawings of the icons that pages show.
const drawing = (name) =>
  /<svg[^>]*>([\s\S]*)<\/svg>/.exec(read(`node_modules/lucide-static/icons/${name}.svg`).toString())[1].replace(/\s+/g, " ").replace(/> </g, "><").trim();
const icons = read("Web/Components/icons.txt").toString().trim().split("\n");
write("icons.json", JSON.stringify(Object.fromEntries(icons.map((name) => [name, drawing(name)]))));

// WorldMap: the countries as drawings.
const atlas = JSON.parse(read("node_modules/world-atlas/countries-110m.json"));
write("world.json", JSON.stringify(drawWorld(atlas)));

// RelativeTimes: "3 days ago" and "in 3 days" in the languages of the pages, a list for each unit that begins with 1.
const units = { minute: 59, hour: 23, day: 30, month: 11, year: 100 };
const relative = tags.map((tag) => {
  const format = new Intl.RelativeTimeFormat(tag, { numeric: "auto" });
  const list = (unit, sign) => Array.from({ length: units[unit] }, (_, index) => format.format(sign * (index + 1), unit));
  const lists = Object.keys(units).flatMap((unit) => [[`-${unit}`, list(unit, -1)], [`+${unit}`, list(unit, 1)]]);
  return [tag, Object.fromEntries([["now", [format.format(0, "second")]], ...lists])];
});
write("relative-times.json", JSON.stringify(Object.fromEntries(relative)));
