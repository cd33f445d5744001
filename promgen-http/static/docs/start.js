// Shows the document of this server in Swagger UI.
SwaggerUIBundle({
  url: "/rest/v2/schema?format=json",
  dom_id: "#docs",
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [SwaggerUIBundle.plugins.DownloadUrl],
});
