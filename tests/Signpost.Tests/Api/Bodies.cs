using System.Text;
using System.Text.Json;

namespace Signpost.Tests.Api;

/// <summary>The same fields in the three body types.</summary>
internal static class Bodies
{
    public static readonly TheoryData<string> Types = ["multipart", "form", "json"];

    /// <summary>A picture of one pixel.</summary>
    public static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4//8/AwAI/AL+p5qgoAAAAABJRU5ErkJggg=="
    );

    public static HttpContent Of(string type, params (string Name, string Value)[] fields) =>
        type switch
        {
            "multipart" => Multipart(fields),
            "form" => Form(fields),
            _ => Json(JsonSerializer.Serialize(fields.ToDictionary(field => field.Name, field => field.Value))),
        };

    public static HttpContent Form(params (string Name, string Value)[] fields) =>
        Raw(
            "application/x-www-form-urlencoded",
            string.Join('&', fields.Select(f => $"{Uri.EscapeDataString(f.Name)}={Uri.EscapeDataString(f.Value)}"))
        );

    public static MultipartFormDataContent Multipart(params (string Name, string Value)[] fields)
    {
        var body = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
        {
            var part = new ByteArrayContent(Encoding.UTF8.GetBytes(value));
            part.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"{name}\"");
            body.Add(part);
        }

        return body;
    }

    public static MultipartFormDataContent WithFile(
        this MultipartFormDataContent body,
        string name,
        byte[] content,
        string fileName = "a.png",
        string type = "image/png"
    )
    {
        var part = new ByteArrayContent(content);
        part.Headers.TryAddWithoutValidation(
            "Content-Disposition",
            $"form-data; name=\"{name}\"; filename=\"{fileName}\""
        );
        part.Headers.TryAddWithoutValidation("Content-Type", type);
        body.Add(part);
        return body;
    }

    public static HttpContent Json(string json) => Raw("application/json", json);

    public static HttpContent Raw(string type, string text) => Raw(type, Encoding.UTF8.GetBytes(text));

    public static HttpContent Raw(string? type, byte[] bytes)
    {
        var body = new ByteArrayContent(bytes);
        if (type is not null)
            body.Headers.TryAddWithoutValidation("Content-Type", type);
        return body;
    }
}
