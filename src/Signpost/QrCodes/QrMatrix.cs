using System.Collections;
using QRCoder;
using QRCoder.Exceptions;

namespace Signpost.QrCodes;

/// <summary>The modules of a QR code, without a border.</summary>
internal sealed class QrMatrix
{
    // The border that the library adds.
    private const int Border = 4;

    /// <summary>The side of a finder pattern, in modules.</summary>
    public const int Finder = 7;

    /// <summary>The level that recovers most. A logo needs it.</summary>
    public const string Strongest = "H";

    // Measured with a decoder, for all sizes of codes: a square of this part of the side may be covered at level H.
    private const double LogoShare = 0.28;

    private readonly List<BitArray> _rows;

    private QrMatrix(List<BitArray> rows, bool hasLogo)
    {
        _rows = rows;
        Side = rows.Count - 2 * Border;
        // Both sides are odd, so that the logo covers whole modules in the middle.
        LogoSide = hasLogo ? ((int)(Side * LogoShare) - 1) | 1 : 0;
    }

    /// <summary>Modules along a side.</summary>
    public int Side { get; }

    /// <summary>Modules along a side of the place for the logo, in the middle; 0: there is none.</summary>
    public int LogoSide { get; }

    /// <summary>Null: the text is too long for this error correction.</summary>
    public static QrMatrix? TryMake(string text, QrLook look, bool hasLogo)
    {
        var level = Enum.Parse<QRCodeGenerator.ECCLevel>(hasLogo ? Strongest : look.ErrorCorrection);
        try
        {
            using var data = QRCodeGenerator.GenerateQrCode(text, level);
            return new(data.ModuleMatrix, hasLogo);
        }
        catch (DataTooLongException)
        {
            return null;
        }
    }

    /// <summary>Tells whether a module is drawn dark. Modules outside and under the logo are not.</summary>
    public bool IsDark(int x, int y) =>
        x >= 0 && y >= 0 && x < Side && y < Side && !IsUnderLogo(x, y) && _rows[y + Border][x + Border];

    /// <summary>Tells whether a module belongs to one of the three squares in the corners.</summary>
    public bool IsFinder(int x, int y) =>
        (x < Finder && (y < Finder || y >= Side - Finder)) || (y < Finder && x >= Side - Finder);

    private bool IsUnderLogo(int x, int y)
    {
        var (first, end) = ((Side - LogoSide) / 2, (Side + LogoSide) / 2);
        return x >= first && y >= first && x < end && y < end;
    }
}
