using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Core.Links;

namespace Signpost.Links;

/// <summary>Reads <c>location_urls</c>: one address per line, or a JSON array of addresses.</summary>
internal static class BulkLines
{
    public const int Most = 1000;
    private const string Name = "location_urls";

    public static Optional<IReadOnlyList<BulkLine>?> Read(FieldReader read, AppSchemes? schemes)
    {
        var sent = read.List(Name, TextRules.Lines);
        var lines = new List<BulkLine>();
        var (number, filled) = (0, 0);
        var before = read.Errors.Count;
        foreach (var item in sent.Value ?? [])
        {
            foreach (var line in (item.Text ?? "").ReplaceLineEndings("\n").Split('\n'))
            {
                number++;
                var text = AddressText.Trim(line);
                if (text.Length == 0)
                    continue;
                // Wrong lines count too: there is an error for each.
                if (++filled > Most)
                {
                    read.Add($"{Name} may hold at most {Most:N0} addresses.", item.As);
                    return default;
                }

                if (TargetUrl.TryParse(text, out var url, out var problem, schemes))
                    lines.Add(new(number, url));
                else
                    read.Add($"Line {number}: {problem}", item.As);
            }
        }

        foreach (var line in lines)
            read.Meaning.Add(Name, line.Location.Text);
        if (read.Errors.Count == before)
            read.Require(Name, sent, lines.Count > 0);
        return new(sent.As, lines);
    }
}
