using Signpost.Core.Redirecting.Pixels;

namespace Signpost.Core.Tests.Redirecting.Pixels;

public sealed class PixelTests
{
    public static TheoryData<string> Vendors => [.. PixelVendors.All.Select(vendor => vendor.Name)];

    [Theory]
    [MemberData(nameof(Vendors))]
    public void Every_vendor_is_told_at_its_own_hosts_over_https_and_by_the_pixel_s_id(string name)
    {
        Assert.True(Pixel.TryCreate(name, "Ab-12_3", out var pixel));
        var vendor = pixel.Vendor;
        var images = vendor.Images.Select(image => image.For(pixel.Id, "https://go.example/a?b=\"c", "7")).ToArray();

        Assert.True(images.Length > 0 || vendor.Script is not null);
        foreach (var (image, template) in images.Zip(vendor.Images))
        {
            Assert.StartsWith(template.Origin + "/", image, StringComparison.Ordinal);
            Assert.StartsWith("https://", image, StringComparison.Ordinal);
            Assert.Contains("Ab-12_3", image, StringComparison.Ordinal);
            Assert.DoesNotContain("{", image, StringComparison.Ordinal);
            Assert.DoesNotContain("\"", image, StringComparison.Ordinal);
        }
        if (vendor.Script is null)
            return;
        Assert.Contains("Ab-12_3", vendor.Script.For(pixel.Id), StringComparison.Ordinal);
        Assert.All(vendor.Script.Hosts, host => Assert.StartsWith("https://", host, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("facebook", "")]
    [InlineData("facebook", "1&x=2")]
    [InlineData("tiktok", "');alert(1)//")]
    [InlineData("tiktok", "{id}")]
    [InlineData("quora", "../x")]
    [InlineData("quora", "é")]
    [InlineData("quora", "1\n")]
    [InlineData("myspace", "123")]
    [InlineData("facebook", "12345678901234567890123456789012345678901234567890123456789012345")]
    public void An_id_that_could_be_anything_else_is_none(string vendor, string id) =>
        Assert.False(Pixel.TryCreate(vendor, id, out _));
}
