namespace Signpost.Files;

/// <summary>Adds what serves uploaded files.</summary>
internal static class FileServices
{
    public static void AddFiles(this IServiceCollection services) => services.AddSingleton<FileCatalog>();
}
