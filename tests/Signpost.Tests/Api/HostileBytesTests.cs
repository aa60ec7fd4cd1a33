using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Files;
using Signpost.Links;
using Signpost.Tests.Files;

namespace Signpost.Tests.Api;

/// <summary>Any bytes get a response, never an unexpected exception.</summary>
public sealed class HostileBytesTests
{
    private static readonly byte[][] Samples =
    [
        Bodies.Png,
        Pictures.Gif,
        Pictures.Jpeg,
        Pictures.WebPLossy,
        Pictures.WebPLossless,
        Pictures.Ico(Bodies.Png),
    ];

    [Fact]
    public void A_picture_cut_anywhere_is_no_picture_and_breaks_nothing()
    {
        foreach (var sample in Samples.Where(sample => sample != Pictures.Jpeg))
            for (var length = 0; length < sample.Length; length++)
                Assert.NotNull(ImageFile.Recognise(sample.AsSpan(0, length), out _));
    }

    [Fact]
    public void A_picture_with_any_byte_changed_breaks_nothing()
    {
        var recognised = 0;
        foreach (var sample in Samples)
            for (var at = 0; at < sample.Length; at++)
                foreach (var value in (byte[])[0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF])
                {
                    byte[] changed = [.. sample];
                    changed[at] = value;
                    if (ImageFile.Recognise(changed, out var image) is not null)
                        continue;
                    Assert.InRange(image!.Width, 1, ImageFile.LongestSide);
                    recognised++;
                }

        Assert.InRange(recognised, 10 * Samples.Length, int.MaxValue);
    }

    [Fact]
    public void Any_bytes_are_a_form() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                ArbMap.Default.ArbFor<byte[]>(),
                bytes => LinkFields.Read(FormBody.Parse(bytes), TimeZoneInfo.Utc, true) is not null
            )
        );

    [Fact]
    public void Any_text_of_any_field_is_judged()
    {
        string[] names =
        [
            "location_url",
            "url",
            "start_date",
            "password",
            "clicks_limit",
            "pixels_ids[]",
            "location_urls",
            "targeting_country_code_key[0]",
            "targeting_country_code_value[0]",
            "targeting_rotation_key",
            "targeting_browser_language",
            "cloaking_favicon",
            "is_bulk",
        ];
        var cases = ArbMap.Default.ArbFor<(NonNull<string> Text, int Name)>();

        Check.QuickThrowOnFailure(
            Prop.ForAll(
                cases,
                one =>
                {
                    var fields = new Fields();
                    fields.Add(names[(int)((uint)one.Name % names.Length)], new FieldValue.Text(one.Text.Get));
                    return LinkFields.Read(fields, TimeZoneInfo.Utc, true) is not null;
                }
            )
        );
    }

    [Fact]
    public void Any_bytes_are_JSON_or_an_error() =>
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                ArbMap.Default.ArbFor<string>(),
                text =>
                {
                    try
                    {
                        return JsonBody.Parse(Encoding.UTF8.GetBytes($"{{\"url\":{text}}}")) is not null;
                    }
                    catch (BodyException error)
                    {
                        return error.Status == 400;
                    }
                }
            )
        );

    [Fact]
    public void Any_text_is_a_date_or_not()
    {
        string[] starts =
        [
            "",
            "2030-01-01",
            "0001-01-01 00:00",
            "9999-12-31 23:59:59",
            "2030-01-01T00:00:00",
            "2030-03-31 02:",
        ];
        var cases = ArbMap.Default.ArbFor<(string Tail, int Start)>();

        Check.QuickThrowOnFailure(
            Prop.ForAll(
                cases,
                one =>
                {
                    var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
                    var text = starts[(int)((uint)one.Start % starts.Length)] + one.Tail;
                    return !LocalTime.TryParse(text, zone, out var instant)
                        || LocalTime.Format(instant, zone).Length == 19;
                }
            )
        );
    }
}
