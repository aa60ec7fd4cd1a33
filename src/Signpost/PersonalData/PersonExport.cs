using System.Text.Json;
using Signpost.Api;
using Signpost.Hosting;

namespace Signpost.PersonalData;

/// <summary>Sends the data of a person as a file. It is written while it is read, and no faster than the client.</summary>
internal sealed class PersonExport(PersonDataResponse data, string fileName) : IResult
{
    // People read it, too.
    private static readonly JsonSerializerOptions Readable = new(ApiJson.Options) { WriteIndented = true };

    public static void SetHeaders(HttpResponse response, string fileName)
    {
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await SocketThread.Leave();
        SetHeaders(httpContext.Response, fileName);
        await JsonSerializer.SerializeAsync(
            httpContext.Response.BodyWriter,
            new Envelope<PersonDataResponse>(data),
            Readable,
            httpContext.RequestAborted
        );
    }
}
