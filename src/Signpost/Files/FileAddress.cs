using System.Security.Cryptography;

namespace Signpost.Files;

/// <summary>The address of uploaded files.</summary>
internal static class FileAddress
{
    public const string Prefix = "/files/";
    private const int NameBytes = 20;

    /// <summary>A name that nobody can guess; the name from the client is never used.</summary>
    public static string NewName(ImageFile image) =>
        $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes))}.{image.Extension}";

    /// <summary>A name for a copy of a stored file.</summary>
    public static string NameOfCopy(string name) =>
        $"{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NameBytes))}{System.IO.Path.GetExtension(name)}";

    /// <summary>The absolute address of a stored file.</summary>
    public static string? Of(string publicUrl, string? name) => name is null ? null : $"{publicUrl}{Prefix}{name}";
}
