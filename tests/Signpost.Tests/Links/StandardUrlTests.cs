using System.Diagnostics;
using System.Text.Json;
using Signpost.Core.Links;
using Signpost.Testing;

namespace Signpost.Tests.Links;

/// <summary>Compares our canonical addresses with those of <c>whatwg-url</c>, the reference program of the URL standard.</summary>
public sealed class StandardUrlTests
{
    private const int Made = 20_000;

    // Reads a JSON array of texts; writes for each what a browser makes of it, or null.
    private const string Script = """
        const { URL } = require("whatwg-url");
        let text = "";
        process.stdin.on("data", part => text += part).on("end", () => console.log(JSON.stringify(
          JSON.parse(text).map(one => { try { return new URL(one).href; } catch { return null; } }))));
        """;

    private static readonly string[] Starts =
    [
        .. "http:// https:// HTTPS:// ftp:// mailto: tel: tg:// tg:/ tg: obsidian:// steam:// magnet:? matrix: bitcoin: sms:".Split(
            ' '
        ),
        .. "https://example.com https://example.com/ https://example.com? https://example.com/# http://a:80 ftp://b:21/".Split(
            ' '
        ),
    ];

    private static readonly string[] Pieces =
    [
        .. "a Z 7 - . _ ~ ! $ & ' ( ) * + , ; = : / \\ ? # [ ] ^ ` { } | < > \" % %2 %zz %u0041 %41 %2F %2e %2E%2e .. ../ ./ //".Split(
            ' '
        ),
        .. "example.com EXAMPLE.Com b\u00FCcher stra\u00DFe \u4F8B\u3048 \u3002 xn--bcher-kva 127.0.0.1 0x7f.1 1.2.3 256 [::1] [1:0:0:2::] :80 :443 :8080 :".Split(
            ' '
        ),
        .. "\u00E9 \u0434 \u4E2D \U0001F600 \u2764\uFE0F \u202E \u00A0x ?q= &b= #top it's a|b {id} [0] x%20y a+b @ user".Split(
            ' '
        ),
        " ",
    ];

    private static readonly string[] Known =
    [
        "https://example.com/it's|a[b]^{c}?it's|a[b]^{c}#it's|a[b]^{c}#d",
        "https://example.com/100%?a=%u0041&b=%zz",
        "https://example.com./",
        "https://fa\u00DF.example/Stra\u00DFe?\u00FC#\u00FC",
        "http://0177.0.0.1/",
        "http://2130706433/",
        "http://[2001:DB8:0:0:1::1]/",
        "http://[::ffff:1.2.3.4]/",
        "https://example.com/a/%2e%2E/./b/..",
        "https://example.com//a//../b",
        "mailto:a b@example.org?subject=it's \"x\" <y>",
        "mailto:a b ?x",
        "sms:+1;body=\u00E9 ",
        "tg:/.//a",
        "tg://a",
        "tg://?x",
        "tg:/a/../../b/.",
        "obsidian://open?vault=it's me&file=a^b`c#d`e",
        "steam://openurl/https://example.com/%zz",
    ];

    [Fact]
    public async Task An_address_is_canonical_as_browsers_make_it()
    {
        var chance = new Random(20261127);
        string[] texts = [.. Known, .. Enumerable.Range(0, Made).Select(_ => Make(chance))];
        var standard = await AskAsync(texts);

        var (compared, wrong) = (0, new List<string>());
        foreach (var (text, expected) in texts.Zip(standard))
        {
            if (!TargetUrl.TryParse(text, out var url, out _))
                continue;
            compared++;
            if (url.Text != expected)
                wrong.Add($"{text} became {url.Text} and should be {expected}");
        }

        Assert.Equal(texts.Length, standard.Length);
        Assert.InRange(compared, Made / 8, texts.Length);
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Each_known_address_is_taken()
    {
        var standard = await AskAsync(Known);

        Assert.Equal(standard, Known.Select(text => TargetUrl.TryParse(text, out var url, out _) ? url.Text : null));
    }

    private static string Make(Random chance) =>
        Starts[chance.Next(Starts.Length)]
        + string.Concat(Enumerable.Range(0, chance.Next(1, 8)).Select(_ => Pieces[chance.Next(Pieces.Length)]));

    private static async Task<string?[]> AskAsync(string[] texts)
    {
        var start = new ProcessStartInfo("node", ["-e", Script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = Project(),
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(texts.Select(AddressText.Trim)));
        node.StandardInput.Close();
        var answer = await node.StandardOutput.ReadToEndAsync().OrFail("The answer of node");
        return JsonSerializer.Deserialize<string?[]>(answer)!;
    }

    // Where npm installed its packages.
    private static string Project()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(directory.FullName, "tests", "Signpost.Tests", "node_modules")))
            directory = directory.Parent ?? throw new InvalidOperationException("There is no node_modules.");
        return Path.Combine(directory.FullName, "tests", "Signpost.Tests");
    }
}
