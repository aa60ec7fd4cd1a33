// Shows the API from its OpenAPI document. Requests go to the address of this page, not to the public
// address in the document, because the page's policy allows no other address.
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();

// The viewer fills every field of a form with an example, and a sent form would set all of them. So the fields start empty,
// and a JSON body starts as {}.
const forms = ["multipart/form-data", "application/x-www-form-urlencoded"];
const emptied = (spec) => {
  const resolve = (schema) => (schema?.$ref ? spec.components.schemas[schema.$ref.split("/").pop()] : schema);
  const operations = Object.values(spec.paths ?? {}).flatMap((path) => Object.values(path));
  for (const content of operations.map((operation) => operation.requestBody?.content ?? {})) {
    if (content["application/json"]) content["application/json"].example ??= {};
    for (const property of forms.flatMap((form) => Object.values(resolve(content[form]?.schema)?.properties ?? {}))) {
      property.example = property.type === "array" ? [] : "";
      delete property.examples;
      delete property.default;
      // The viewer has no inputs for these and warns about each.
      for (const part of [property, property.items ?? {}]) if (part.format !== "binary") delete part.format;
    }
  }
  return spec;
};

// The viewer also sends every empty field, which would clear it. This sends only the fields whose box is ticked.
const sparing = ({ React }) => ({
  wrapComponents: {
    ParameterIncludeEmpty: (Original) => (props) =>
      React.createElement(Original, { ...props, isIncludedOptions: { ...props.isIncludedOptions, defaultValue: false } }),
  },
});

const place = document.getElementById("api");
fetch("/openapi/v1.json")
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`status ${answer.status}`))))
  .then((spec) =>
    SwaggerUIBundle({
      spec: { ...emptied(spec), servers: [{ url: location.origin }] },
      domNode: place,
      deepLinking: true,
      docExpansion: "list",
      defaultModelsExpandDepth: -1,
      displayRequestDuration: true,
      tryItOutEnabled: true,
      persistAuthorization: false,
      validatorUrl: null,
      presets: [SwaggerUIBundle.presets.apis],
      plugins: [sparing],
      layout: "BaseLayout",
    })
  )
  .catch((error) => {
    place.textContent = `${place.dataset.failed} (${error.message})`;
  });
