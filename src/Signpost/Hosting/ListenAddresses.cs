namespace Signpost.Hosting;

/// <summary>Checks where to listen, before anything is opened: Kestrel would say it late and not in one line.</summary>
internal static class ListenAddresses
{
    /// <exception cref="StartException">One address is none.</exception>
    public static void Check(IConfiguration configuration)
    {
        var addresses = configuration[WebHostDefaults.ServerUrlsKey] ?? "";
        foreach (var address in addresses.Split(';', StringSplitOptions.RemoveEmptyEntries))
            if (!IsAddress(address.Trim()))
                throw new StartException(
                    $"--urls or ASPNETCORE_URLS={address} is wrong. Allowed: http:// or https:// with a host and a port from "
                        + "0 to 65535, without path, several with semicolons, as in http://localhost:8080;http://[::1]:8080."
                );
    }

    private static bool IsAddress(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            return address.Scheme.ToLowerInvariant() is "http" or "https"
                && address.PathBase is ""
                && (address.IsUnixPipe || address.IsNamedPipe || address.Port is >= 0 and <= ushort.MaxValue);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
