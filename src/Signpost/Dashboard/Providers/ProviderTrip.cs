using System.Globalization;
using Microsoft.AspNetCore.Authentication;

namespace Signpost.Dashboard.Providers;

/// <summary>The aim of a person's way to the provider.</summary>
internal enum ProviderAim
{
    SignIn,
    Connect,
    Confirm,
}

/// <summary>The aim of a way to the provider and back. It travels encrypted in the state of the request.</summary>
/// <param name="SessionId">The session that began it; 0: none.</param>
/// <param name="Since">The time when it began.</param>
internal sealed record ProviderTrip(ProviderAim Aim, long SessionId, DateTimeOffset Since)
{
    private const string Key = "trip";

    public void WriteTo(AuthenticationProperties properties) =>
        properties.Items[Key] = string.Create(
            CultureInfo.InvariantCulture,
            $"{Aim} {SessionId} {Since.ToUnixTimeMilliseconds()}"
        );

    /// <summary>Reads the aim of a state that came back and was ours; null: there is none.</summary>
    public static ProviderTrip? Of(AuthenticationProperties? properties) =>
        properties?.Items.TryGetValue(Key, out var text) is true && text?.Split(' ') is [var aim, var id, var since]
            ? new(
                Enum.Parse<ProviderAim>(aim),
                long.Parse(id, CultureInfo.InvariantCulture),
                DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(since, CultureInfo.InvariantCulture))
            )
            : null;
}
