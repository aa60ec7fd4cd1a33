// Shows the API from its own description. The requests made here go to the address this page came from, whatever public
// address the description names, because the page is allowed to talk to nobody else.
const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();

// A form would otherwise open with an invented value in every field, and sending it would set them all.
const forms = ["multipart/form-data", "application/x-www-form-urlencoded"];
const emptied = (spec) => {
  const resolve = (schema) => (schema.$ref ? spec.components.schemas[schema.$ref.split("/").pop()] : schema);
  for (const path of Object.values(spec.paths ?? {}))
    for (const operation of Object.values(path))
      for (const form of forms) {
        const schema = operation.requestBody?.content?.[form]?.schema;
        for (const property of Object.values((schema && resolve(schema)?.properties) ?? {}))
          if (!("default" in property || "examples" in property)) property.example ??= property.type === "array" ? [] : "";
      }
  return spec;
};

// And it would send every empty field, which clears what it names: only where the box is ticked.
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
