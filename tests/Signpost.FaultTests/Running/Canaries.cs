using System.Text;

namespace Signpost.FaultTests.Running;

/// <summary>Secrets that a test planted, and the places where it searches for them.</summary>
internal sealed class Canaries
{
    private readonly List<(string Name, string Text, string Allowed)> _secrets = [];
    private readonly List<(string Place, string Text)> _places = [];

    /// <summary>A new secret of 32 letters and digits.</summary>
    public string Plant(string name) => Plant(name, $"Canary{Guid.NewGuid():N}"[..32]);

    /// <param name="allowed">The beginning of the names of places where the secret may stand.</param>
    public string Plant(string name, string secret, string allowed = "-")
    {
        Assert.True(secret.Length >= 10, $"{name} is too short to search for: {secret}");
        _secrets.Add((name, secret, allowed));
        return secret;
    }

    public void Search(string place, string text) => _places.Add((place, text));

    public async Task SearchFileAsync(string place, string path)
    {
        // The server has the database open.
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var text = new StreamReader(file, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        Search(place, await text.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Each secret that stands somewhere, in clear or in a form that anybody can read back.</summary>
    public IReadOnlyList<string> Found() =>
        [
            .. from place in _places
            from secret in _secrets
            where !place.Place.StartsWith(secret.Allowed, StringComparison.Ordinal)
            from form in FormsOf(secret.Text).Distinct(StringComparer.Ordinal)
            where place.Text.Contains(form, StringComparison.OrdinalIgnoreCase)
            select $"{secret.Name} stands in {place.Place}: {Around(place.Text, form)}",
        ];

    private static string[] FormsOf(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return
        [
            secret,
            Uri.EscapeDataString(secret),
            Convert.ToHexString(bytes),
            Convert.ToBase64String(bytes).TrimEnd('='),
            Encoding.Latin1.GetString(Encoding.Unicode.GetBytes(secret)),
        ];
    }

    private static string Around(string text, string form)
    {
        var at = text.IndexOf(form, StringComparison.OrdinalIgnoreCase);
        var start = Math.Max(0, at - 100);
        return text[start..Math.Min(text.Length, at + form.Length + 50)].ReplaceLineEndings(" ");
    }
}
