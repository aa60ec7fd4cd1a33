using System.Security.Cryptography;

namespace Signpost.Api.Bodies;

/// <summary>A sent file, or a text in its place: the address of the stored file from a response.</summary>
internal sealed record SentFile(ReadOnlyMemory<byte> Content, string? Address);

/// <content>Files.</content>
internal sealed partial class FieldReader
{
    /// <summary>
    /// A file of at most <paramref name="most"/> bytes. An empty text clears it. Any other text must be its current
    /// address, from a client that sends back a response.
    /// </summary>
    public Optional<SentFile?> File(string name, int most, Func<ReadOnlyMemory<byte>, string?> problem)
    {
        if (Sent(name) is not [{ Suffix: null, Value: FieldValue.Upload upload }])
            return Scalar(name, TextRules.Line) switch
            {
                null => default,
                { Text: null or "" or Cleared } cleared => Is<SentFile?>(name, cleared.As, null, null),
                var address => Is<SentFile?>(
                    name,
                    address.Value.As,
                    new(default, address.Value.Text),
                    address.Value.Text
                ),
            };

        if (upload.Length > most)
            return Wrong<SentFile?>(
                name,
                name,
                most < 1 << 20 ? $"must be at most {most >> 10} KiB" : $"must be at most {most >> 20} MiB"
            );
        if (upload.Length == 0)
            return Wrong<SentFile?>(name, name, "is an empty file");
        return problem(upload.Content) is { } wrong
            ? Wrong<SentFile?>(name, name, wrong)
            : Is<SentFile?>(
                name,
                name,
                new(upload.Content, null),
                Convert.ToHexString(SHA256.HashData(upload.Content.Span))
            );
    }
}
