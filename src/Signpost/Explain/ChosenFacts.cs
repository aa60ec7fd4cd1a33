using System.Collections.Frozen;
using Signpost.Api.Bodies;
using Signpost.Core.Redirecting;
using Signpost.Core.Visitors;
using Signpost.Links.Targeting;

namespace Signpost.Explain;

/// <summary>Facts of a made-up visitor, spelled as statistics spell them; null: what address and headers tell.</summary>
internal sealed record ChosenFacts(
    string? CountryCode,
    string? CityName,
    DeviceType? Device,
    string? SystemName,
    string? BrowserName
)
{
    public static FrozenDictionary<string, DeviceType> Devices { get; } =
        new[] { DeviceType.Desktop, DeviceType.Mobile, DeviceType.Tablet }.ToFrozenDictionary(device =>
            AgentNames.Device(device)!
        );

    /// <summary>Reads the fields; problems go to the reader.</summary>
    public static ChosenFacts Read(FieldReader read)
    {
        var device = read.OneOf("device_type", [.. Devices.Keys]).Value;
        return new(
            Key(read, "country_code"),
            read.Text("city_name", Place.LongestCity).Value,
            device is null ? null : Devices[device],
            Key(read, "os_name"),
            Key(read, "browser_name")
        );
    }

    public Visit ApplyTo(in Visit visit)
    {
        var place = visit.Place;
        // A city of another country is not the visitor's.
        if (CountryCode is { } country && country != place.CountryCode)
            place = new(Countries.ContinentOf(country), country, null);
        if (CityName is { } city)
            place = place with { CityName = city };
        return visit with { Place = place, Agent = Agent(visit.Agent) };
    }

    private UserAgent? Agent(UserAgent? read)
    {
        if (Device is null && SystemName is null && BrowserName is null)
            return read;
        var agent = read ?? UserAgent.Unknown;
        if (SystemName is { } system && system != agent.SystemName)
            agent = agent with { SystemName = system, SystemVersion = null };
        if (BrowserName is { } browser && browser != agent.BrowserName)
            agent = agent with { BrowserName = browser, BrowserVersion = null };
        return agent with { Device = Device ?? agent.Device };
    }

    // The same spellings as the keys of targeting rules.
    private static string? Key(FieldReader read, string name)
    {
        var type = TargetingType.All.Single(one => one.Name == name);
        return
            read.Read(
                name,
                TextRules.Line,
                text => type.Canonical(text) is null ? $"must be {type.Expected}" : null
            ).Value
                is { } sent
            ? type.Canonical(sent)
            : null;
    }
}
