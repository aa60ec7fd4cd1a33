using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Signpost.Storage;

/// <summary>
/// A number for an address, short enough for an index. Stored, so it must not change. Different addresses may have the same number: compare
/// them, too.
/// </summary>
internal static class AddressHash
{
    /// <summary>The name of this function in migrations.</summary>
    public const string Sql = "signpost_address_hash";

    public static long Of(string address) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(address)));
}
