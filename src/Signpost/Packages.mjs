// Finds the packages of the server: which ones it ships, and under which licences. Used by Licences.mjs and deploy/bill-of-materials.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const own = fileURLToPath(new URL(".", import.meta.url));
const json = (file) => JSON.parse(readFileSync(file, "utf8"));
// One reads a file at build time; the other would run at installation, which is off.
const onlyBuild = ["yaml", "spdx-license-list", "@scarf/scarf"];

/** All packages from npm: `name`, `version`, `integrity`, `license`, `folder`; `shipped` if their files are built into the server. */
export const npmPackages = () =>
  Object.entries(json(join(own, "package-lock.json")).packages)
    .filter(([path]) => path !== "")
    .map(([path, { version, license, integrity }]) => {
      const name = path.split("node_modules/").pop();
      return { name, version, license, integrity, folder: join(own, path), shipped: !onlyBuild.includes(name) };
    });

/** The packages from NuGet that the server is made of, by what the restore wrote into project.assets.json; `hasFiles` if it ships some of theirs. */
export function nugetPackages(assetsFile) {
  const assets = json(assetsFile);
  const [framework] = Object.values(assets.project.frameworks);
  const target = Object.values(assets.targets)[0];
  const names = new Map(Object.keys(target).map((key) => [key.split("/")[0].toLowerCase(), key]));
  const found = new Set();
  const visit = (name) => {
    const key = names.get(name.toLowerCase());
    if (!key || found.has(key)) return;
    found.add(key);
    for (const next of Object.keys(target[key].dependencies ?? {})) visit(next);
  };
  // A package whose PrivateAssets are all is not shipped.
  for (const [name, { suppressParent }] of Object.entries(framework.dependencies)) if (suppressParent !== "All") visit(name);

  const hasFiles = ({ runtime, native, runtimeTargets }) =>
    Object.keys({ ...runtime, ...native, ...runtimeTargets }).some((file) => !file.endsWith("_._"));
  return [...found]
    .filter((key) => target[key].type === "package")
    .map((key) => {
      const folder = Object.keys(assets.packageFolders)
        .map((root) => join(root, assets.libraries[key].path))
        .find(existsSync);
      if (!folder) throw new Error(`The files of ${key} are missing. Run dotnet restore.`);
      return { ...nugetPackage(folder), hasFiles: hasFiles(target[key]) };
    });
}

/** The package from NuGet that lies in this folder: `name`, `version`, `license`, `copyright`, `folder`. */
export function nugetPackage(folder) {
  const spec = readFileSync(join(folder, readdirSync(folder).find((file) => file.endsWith(".nuspec"))), "utf8");
  const value = (name) => new RegExp(`<${name}\\b[^>]*>([^<]*)<`).exec(spec)?.[1].trim();
  return {
    name: value("id"),
    version: value("version"),
    license: /<license type="expression">([^<]*)</.exec(spec)?.[1],
    copyright: value("copyright") ?? value("authors"),
    folder,
  };
}
