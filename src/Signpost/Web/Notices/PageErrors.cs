using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Web.Notices;

/// <summary>Turns errors and unknown addresses into pages without details.</summary>
internal static class PageErrors
{
    /// <summary>Turns exceptions of handlers into a page. The API has a layer of its own inside.</summary>
    public static void UsePageErrors(this WebApplication app)
    {
        var pages = app.Services.GetRequiredService<VisitorPages>();
        var faults = app.Services.GetRequiredService<FaultLog>();
        app.Use(
            (http, next) =>
            {
                var answered = Start(http, next);
                return answered.IsCompletedSuccessfully ? answered : CatchAsync(answered, http, pages, faults);
            }
        );
    }

    /// <summary>Responds to requests without a route and without a link.</summary>
    public static void UseNotFound(this WebApplication app)
    {
        var pages = app.Services.GetRequiredService<VisitorPages>();
        // It is named, so that it comes before the next step.
        ((IApplicationBuilder)app).UseEndpoints(_ => { });
        app.Run(http =>
        {
            if (!http.Request.Path.StartsWithSegments("/api"))
                return pages.WriteAsync(http, VisitorPage.NotFound).AsTask();
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    // A redirect runs without awaiting anything, so its exception arrives here at once.
    private static Task Start(HttpContext http, RequestDelegate next)
    {
        try
        {
            return next(http);
        }
        catch (Exception error)
        {
            return Task.FromException(error);
        }
    }

    private static async Task CatchAsync(Task answered, HttpContext http, VisitorPages pages, FaultLog faults)
    {
        try
        {
            await answered;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone.
        }
        catch (BadHttpRequestException error) when (!http.Response.HasStarted)
        {
            http.Response.StatusCode = error.StatusCode;
        }
        catch (TooBusyException) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await pages.WriteAsync(http, VisitorPage.Busy);
        }
        catch (BadHttpRequestException)
        {
            http.Abort();
        }
        catch (Exception error)
        {
            faults.Add("A request", http, error);
            if (http.Response.HasStarted)
            {
                // The client must not take a part for the whole.
                http.Abort();
                return;
            }

            http.Response.Clear();
            http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
            await pages.WriteAsync(http, Database.IsAway(error) ? VisitorPage.Busy : VisitorPage.ServerError);
        }
    }
}
