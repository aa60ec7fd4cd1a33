using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Signpost.Storage;

namespace Signpost.Domains;

/// <summary>The result of a check of a domain's record.</summary>
internal enum ProofState
{
    /// <summary>The record is there.</summary>
    Found,

    /// <summary>The DNS answered, and the record is not there.</summary>
    Absent,

    /// <summary>The DNS did not answer: nothing is known.</summary>
    Unknown,
}

/// <summary>
/// Proves control of a name: only its owner can put our random text into the DNS. Each claim has a new text, so a forgotten
/// record proves nothing for the next claim.
/// </summary>
internal sealed class DomainProof(TxtRecords records)
{
    private const string Label = "_signpost.";
    private const string Mark = "signpost=";
    private const int TokenBytes = 24;

    public static string DrawToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    /// <summary>The name of the TXT record.</summary>
    public static string NameOf(DomainRow row) => Label + row.Host;

    /// <summary>The value of the TXT record.</summary>
    public static string ValueOf(DomainRow row) => Mark + row.Token;

    public async Task<ProofState> CheckAsync(DomainRow row, CancellationToken cancel)
    {
        // With a dot at the end, so that the resolver does not try the machine's search list.
        var answer = await records.ReadAsync($"{NameOf(row)}.", cancel);
        if (answer is not TxtAnswer.Known(var texts))
            return ProofState.Unknown;
        return texts.Any(text => Is(text, ValueOf(row))) ? ProofState.Found : ProofState.Absent;
    }

    private static bool Is(string text, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text.Trim()), Encoding.UTF8.GetBytes(expected));
}
