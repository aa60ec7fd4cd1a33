// Writes the licences of everything that is shipped: licences.txt and licences.gz in the folder named by the first argument.
// The second argument is project.assets.json; the others are the folders of the .NET runtime's packages, if it is shipped, too.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { npmPackages, nugetPackage, nugetPackages } from "./Packages.mjs";

const [folder, assetsFile, ...runtime] = process.argv.slice(2);
const text = (file) => readFileSync(file, "utf8").replace(/^\uFEFF/, "").replaceAll("\r\n", "\n").trim();

// Many packages from NuGet name their licence and do not hold its text.
const spdx = (id) => JSON.parse(text(`node_modules/spdx-license-list/licenses/${id}.json`)).licenseText.replace(/^Copyright.*\n\n/m, "");
const standard = {
  "BSD-2-Clause": spdx("BSD-2-Clause"),
  MIT: text("../../LICENSE").replace(/^Copyright.*\n\n/m, ""),
  PostgreSQL: spdx("PostgreSQL"),
  "Apache-2.0": text("node_modules/swagger-ui-dist/LICENSE"),
};

const byName = (a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1);
const packages = [
  ...[...nugetPackages(assetsFile).filter(({ hasFiles }) => hasFiles), ...runtime.map(nugetPackage)].sort(byName).map((one) => ({ ...one, from: "NuGet" })),
  ...npmPackages()
    .filter(({ shipped }) => shipped)
    .sort(byName)
    .map((one) => ({ ...one, from: "npm" })),
];

function describe({ name, version, from, license, copyright, folder }) {
  const files = readdirSync(folder).filter((file) => /licen[cs]e|notice|copying/i.test(file));
  const own = files.sort().map((file) => ({ file, text: text(join(folder, file)) }));
  const known = (license ?? "").split(/ AND | OR /).every((id) => standard[id]);
  if (own.length === 0 && !known) throw new Error(`${name} ${version} from ${from} has no licence that is known here: ${license}`);
  return { title: `${name} ${version} (${from})`, license: license ?? "see below", copyright, own };
}

const line = "-".repeat(80);
const parts = packages.map(describe);
const whole = `Signpost: the licences of what it is made of

Signpost itself has the MIT licence. The packages below are part of the program, or of the files that lie beside it.
The names of countries come from the Unicode CLDR (Unicode License v3, https://www.unicode.org/license.txt).

${parts.map(({ title, license }) => `${title}: ${license}`).join("\n")}

${parts
  .map(({ title, license, copyright, own }) =>
    [
      `${line}\n${title}\n${license}`,
      ...(copyright ? [copyright] : []),
      ...own.map((one) => `[${one.file}]\n\n${one.text}`),
      ...(own.length === 0 ? [`The text of ${license} is at the end.`] : []),
    ].join("\n\n")
  )
  .join("\n\n")}

${Object.entries(standard)
  .map(([id, content]) => `${line}\nThe text of ${id}\n\n${content}`)
  .join("\n\n")}
`;
writeFileSync(join(folder, "licences.txt"), whole);
writeFileSync(join(folder, "licences.gz"), gzipSync(whole, { level: 9 }));
