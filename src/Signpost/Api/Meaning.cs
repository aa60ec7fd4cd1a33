using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Signpost.Api;

/// <summary>
/// The meaning of a request: the same for a form and for JSON, for <c>yes</c> and <c>1</c>. Only
/// its digest is stored, under a secret of the caller, because it may hold a password.
/// </summary>
internal sealed class Meaning
{
    private readonly StringBuilder _text = new();

    public void Add(string name, string? value)
    {
        _text.Append(name).Append('=');
        if (value is not null)
            _text.Append(CultureInfo.InvariantCulture, $"{value.Length}:").Append(value);
        _text.Append('\n');
    }

    public byte[] Digest(string secret) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(_text.ToString()));
}
