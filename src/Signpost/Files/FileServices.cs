namespace Signpost.Files;

/// <summary>Adds the services for uploaded files.</summary>
internal static class FileServices
{
    public static void AddFiles(this IServiceCollection services)
    {
        services.AddSingleton<FileCatalog>();
        services.AddHostedService<FormerPictures>();
    }
}
