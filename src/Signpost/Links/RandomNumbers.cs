using System.Security.Cryptography;

namespace Signpost.Links;

/// <summary>Random numbers that nobody can guess. Many bytes at once are drawn, because each call of the system's source takes long.</summary>
internal sealed class RandomNumbers
{
    private const int Values = byte.MaxValue + 1;

    private readonly byte[] _bytes = new byte[512];
    private int _used = int.MaxValue;

    /// <summary>A number from 0 to one below <paramref name="limit"/>, each as likely as the others.</summary>
    /// <param name="limit">1 to 256.</param>
    public int Below(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Values);
        // The last values would make the first numbers more likely.
        var fair = Values - Values % limit;
        int drawn;
        do drawn = Next();
        while (drawn >= fair);
        return drawn % limit;
    }

    private byte Next()
    {
        if (_used >= _bytes.Length)
        {
            RandomNumberGenerator.Fill(_bytes);
            _used = 0;
        }

        return _bytes[_used++];
    }
}
