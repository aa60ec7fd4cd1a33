using System.Collections.Frozen;
using Signpost.Core.Statistics;

namespace Signpost.Statistics.Questions;

/// <summary>How a response groups clicks: by time, in one of three ways, or by a dimension.</summary>
internal abstract record StatisticsType
{
    /// <summary>The name of tags, as a type and as a filter.</summary>
    public const string Tag = "tag";

    public static readonly StatisticsType Default = new Overview();

    private static readonly FrozenDictionary<string, StatisticsType> ByName = new StatisticsType[]
    {
        Default,
        new Hour(),
        new WeekdayHour(),
        new Tags(),
    }
        .Concat(DimensionNames.All.Select(dimension => new Values(dimension)))
        .ToFrozenDictionary(type => type.Name, StringComparer.Ordinal);

    private StatisticsType() { }

    public abstract string Name { get; }

    /// <summary>The names of all types.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [Default.Name, "hour", "weekday_hour", .. DimensionNames.All.Select(dimension => dimension.Name), Tag];

    public static StatisticsType Named(string name) => ByName[name];

    /// <summary>By hours, days or months, depending on the range.</summary>
    public sealed record Overview : StatisticsType
    {
        public override string Name => "overview";
    }

    /// <summary>By the hour of the day.</summary>
    public sealed record Hour : StatisticsType
    {
        public override string Name => "hour";
    }

    /// <summary>By the hour of the week.</summary>
    public sealed record WeekdayHour : StatisticsType
    {
        public override string Name => "weekday_hour";
    }

    /// <summary>By the tags that links have now.</summary>
    public sealed record Tags : StatisticsType
    {
        public override string Name => Tag;
    }

    /// <summary>By the values of a dimension.</summary>
    public sealed record Values(Dimension Dimension) : StatisticsType
    {
        public override string Name => Dimension.Name;
    }
}
