// The baseline for Signpost: Kestrel with its default settings and one middleware that looks up a dictionary. It does the
// least that any .NET link server does: no journal, no decision, no headers except the one that redirects.
// Usage: Baseline FILE, with a line "alias<tab>address" for each link.

var targets = File.ReadLines(args[0])
    .Select(line => line.Split('\t'))
    .ToDictionary(line => line[0], line => line[1], StringComparer.Ordinal);

var builder = WebApplication.CreateSlimBuilder(args[1..]);
builder.Logging.ClearProviders();
var app = builder.Build();
app.Run(http =>
{
    if (http.Request.Path.Value is { Length: > 1 } path && targets.TryGetValue(path[1..], out var target))
    {
        http.Response.StatusCode = StatusCodes.Status302Found;
        http.Response.Headers.Location = target;
    }
    else
        http.Response.StatusCode = StatusCodes.Status404NotFound;

    return Task.CompletedTask;
});
app.Run();
