namespace Signpost.Files;

/// <summary>Adds what serves uploaded files.</summary>
internal static class FilesSetup
{
    public static void AddFiles(this IServiceCollection services) => services.AddSingleton<FileCatalog>();
}
