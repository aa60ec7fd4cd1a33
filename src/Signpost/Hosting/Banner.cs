namespace Signpost.Hosting;

/// <summary>The few lines that a newcomer reads after the first start.</summary>
internal static class Banner
{
    public static void Print(
        TextWriter output,
        string address,
        string dataDirectory,
        bool isNew,
        string engine,
        string geoData,
        string? setupPath
    )
    {
        output.WriteLine();
        output.WriteLine($"  Signpost {typeof(Banner).Assembly.GetName().Version?.ToString(3)}");
        output.WriteLine($"  Address    {address}");
        output.WriteLine($"  Data       {dataDirectory}{(isNew ? " (just created)" : "")}");
        output.WriteLine($"  Database   {engine}");
        output.WriteLine($"  Geo data   {geoData}");
        output.WriteLine($"  API        {address}/docs");
        if (setupPath is not null)
        {
            output.WriteLine();
            output.WriteLine("  Make the first admin account here (the address works once):");
            output.WriteLine($"  {address}{setupPath}");
        }
        output.WriteLine();
        output.Flush();
    }
}
