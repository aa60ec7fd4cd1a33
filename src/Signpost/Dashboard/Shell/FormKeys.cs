using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Signpost.Api;
using Signpost.Api.Callers;
using Signpost.Api.Edits;
using Signpost.Api.Resources;
using Signpost.Web.Forms;

namespace Signpost.Dashboard.Shell;

/// <summary>
/// A form that creates something has a key of its own (<see cref="PostForm.Creates"/>). If it is sent again with the same content, by a double
/// click or a reload, nothing is created again: the person gets what the first sending made.
/// </summary>
internal sealed class FormKeys(Idempotency idempotency)
{
    public const string Field = "form_key";

    private const int LongestKey = 64;

    /// <summary>Fields that are not content. Each page has its own token.</summary>
    private static readonly string[] LeftOut = [Field, AntiforgeryToken.Field, ChosenAccount.Field];

    public static string New() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Creates one thing, and returns its id.</summary>
    public async Task<EditResult<ResourceId>> CreateAsync<T>(
        HttpContext http,
        Func<AfterEdit<T>?, Task<EditResult<T>>> create,
        Func<T, long> idOf
    )
    {
        EditResult<T>? result = null;
        var kept = await RunAsync(
            http,
            async keep => result = await create(keep?.After<T>(made => Response($"{idOf(made)}")))
        );
        return kept is not null ? new ResourceId(long.Parse(kept, CultureInfo.InvariantCulture))
            : result is EditResult<T>.Refused(var why) ? why
            : new ResourceId(idOf(((EditResult<T>.Done)result!).Value));
    }

    /// <inheritdoc cref="CreateAsync{T}"/>
    public Task<EditResult<ResourceId>> CreateAsync(
        HttpContext http,
        Func<AfterEdit<ResourceId>?, Task<EditResult<ResourceId>>> create
    ) => CreateAsync(http, create, made => made.Id);

    /// <summary>Runs once what this form asks for.</summary>
    /// <param name="act">Returns the text to keep; null: nothing was created.</param>
    /// <returns>The text that the first sending kept; null: <paramref name="act"/> has run now.</returns>
    public Task<string?> RunAsync(HttpContext http, Func<Task<string?>> act) =>
        RunAsync(
            http,
            async keep =>
            {
                if (await act() is { } text && keep is not null)
                    await idempotency.StoreAsync(keep, Response(text));
            }
        );

    private async Task<string?> RunAsync(HttpContext http, Func<KeepResponse?, Task> act)
    {
        var key = $"{http.Request.Form[Field]}";
        if (key.Length is 0 or > LongestKey)
        {
            await act(null);
            return null;
        }

        var meaning = await MeaningAsync(http);
        var kept = await idempotency.RunFormAsync(http.Request, key, http.Caller(), meaning, act, http.RequestAborted);
        return kept is null ? null : Encoding.UTF8.GetString(kept);
    }

    private static ApiResult Response(string text) => new(StatusCodes.Status201Created, Encoding.UTF8.GetBytes(text));

    private static async Task<Meaning> MeaningAsync(HttpContext http)
    {
        Meaning meaning = new();
        foreach (var (name, values) in http.Request.Form.OrderBy(field => field.Key, StringComparer.Ordinal))
            if (!LeftOut.Contains(name))
                foreach (var value in values)
                    meaning.Add(name, value);
        foreach (var file in http.Request.Form.Files)
        {
            await using var content = file.OpenReadStream();
            meaning.Add(file.Name, Convert.ToHexString(await SHA256.HashDataAsync(content, http.RequestAborted)));
        }

        return meaning;
    }
}
