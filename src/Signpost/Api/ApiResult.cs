using System.Globalization;
using Signpost.Api.Edits;

namespace Signpost.Api;

/// <summary>A response of the API, already in bytes.</summary>
internal sealed class ApiResult(int status, byte[] body) : IResult
{
    public int Status => status;

    public byte[] Body => body;

    /// <summary>Seconds after which to try again.</summary>
    public int? RetryAfter { get; init; }

    public static ApiResult Ok<T>(T value) => new(StatusCodes.Status200OK, ApiJson.Write(value));

    public static ApiResult NoContent { get; } = new(StatusCodes.Status204NoContent, []);

    /// <summary>The same for a missing thing and for a thing of another account.</summary>
    public static ApiResult NotFound => Error(StatusCodes.Status404NotFound, "This does not exist.");

    public static ApiResult Error(int status, string title, string? field = null) =>
        Errors(status, [new(title, field)]);

    public static ApiResult Errors(int status, IReadOnlyList<FieldError> errors) =>
        new(status, ApiJson.Write(ErrorResponse.Of(status, errors)));

    public static ApiResult Refused(Refusal why) =>
        why switch
        {
            Refusal.Missing => NotFound,
            Refusal.Forbidden => ApiEdge.ForStatus(StatusCodes.Status403Forbidden),
            Refusal.Invalid(var errors) => Errors(StatusCodes.Status400BadRequest, errors),
            Refusal.Conflict(var errors) => Errors(StatusCodes.Status409Conflict, errors),
            Refusal.Outdated => Error(StatusCodes.Status409Conflict, "This has changed meanwhile."),
            Refusal.TooMany(var wait) => new(429, ApiEdge.ForStatus(StatusCodes.Status429TooManyRequests).Body)
            {
                RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)),
            },
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = status;
        if (RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (body.Length == 0)
            return;

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}
