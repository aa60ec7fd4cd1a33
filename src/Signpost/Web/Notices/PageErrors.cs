using Signpost.Hosting;
using Signpost.Storage;

namespace Signpost.Web.Notices;

/// <summary>What somebody sees where nothing else answers: a page, and no detail of what went wrong.</summary>
internal static class PageErrors
{
    /// <summary>Turns what handlers throw into a page. The API has a layer of its own inside.</summary>
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

    /// <summary>Answers what no route and no link took.</summary>
    public static void UseNotFound(this WebApplication app)
    {
        var pages = app.Services.GetRequiredService<VisitorPages>();
        // Named, so that it comes before what runs next.
        ((IApplicationBuilder)app).UseEndpoints(_ => { });
        app.Run(http =>
        {
            if (!http.Request.Path.StartsWithSegments("/api"))
                return pages.WriteAsync(http, VisitorPage.NotFound).AsTask();
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    // A redirect runs without awaiting anything: what it throws arrives here at once.
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
            // Nobody waits for an answer any more.
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
            faults.Add("A request", error);
            if (http.Response.HasStarted)
            {
                // The client must not take a part for the whole.
                http.Abort();
                return;
            }

            http.Response.Clear();
            await pages.WriteAsync(http, Database.IsAway(error) ? VisitorPage.Busy : VisitorPage.ServerError);
        }
    }
}
