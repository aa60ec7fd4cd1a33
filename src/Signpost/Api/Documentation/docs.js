// Shows the API from its own description. The requests made here go to the address this page came from, whatever public
// address the description names, because the page is allowed to talk to nobody else.
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();

// The viewer fills every field of a form with an example, and sending the form would set them all: so they start empty,
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
      // It knows no inputs for these and warns about each.
      for (const part of [property, property.items ?? {}]) if (part.format !== "binary") delete part.format;
    }
  }
  return spec;
};

// It also sends every empty field, which clears what it names. Here only those whose box is ticked.
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
    place.textContent = `The description of the API could not be loaded (${error.message}). Reload the page to try again.`;
  });
