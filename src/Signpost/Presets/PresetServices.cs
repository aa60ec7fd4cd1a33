using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Storage;

namespace Signpost.Presets;

/// <summary>Adds and maps presets: named values that an account keeps for its clients.</summary>
internal static class PresetServices
{
    private const string OnDelete = "Links and QR codes that were made with it do not change.";

    private static readonly Resource<ViewResponse, PresetChanges<ViewResponse>> Views = Of<ViewResponse>(
        "view",
        "Spring",
        """{"project_id":3,"order_by":"clicks"}"""
    );

    private static readonly Resource<UtmTemplateResponse, PresetChanges<UtmTemplateResponse>> UtmTemplates =
        Of<UtmTemplateResponse>("UTM template", "Newsletter", """{"utm_source":"newsletter","utm_medium":"email"}""");

    private static readonly Resource<QrPresetResponse, PresetChanges<QrPresetResponse>> QrPresets =
        Of<QrPresetResponse>("QR preset", "Poster", """{"size":1024,"foreground":"#0f766e"}""");

    public static void AddPresets(this IServiceCollection services)
    {
        Add(services, Views);
        Add(services, UtmTemplates);
        Add(services, QrPresets);
        services.AddSingleton<IAccountResources, ResourcesOfAccount<PresetRow>>();
    }

    public static void MapPresets(this IEndpointRouteBuilder api)
    {
        api.MapResource(Views);
        api.MapResource(UtmTemplates);
        api.MapResource(QrPresets);
    }

    private static void Add<TResponse>(
        IServiceCollection services,
        Resource<TResponse, PresetChanges<TResponse>> resource
    )
        where TResponse : PresetResponse, IPresetResponse<TResponse>
    {
        services.AddSingleton(resource);
        services.AddSingleton<IResourceEditor<PresetChanges<TResponse>>, PresetEditor<TResponse>>();
        services.AddSingleton<IResourceCatalog<TResponse>, PresetCatalog<TResponse>>();
    }

    private static Resource<TResponse, PresetChanges<TResponse>> Of<TResponse>(
        string name,
        string exampleName,
        string exampleValue
    )
        where TResponse : PresetResponse =>
        new(name, PresetFields.Read<TResponse>, () => PresetFields.Parameters(exampleName, exampleValue))
        {
            Filters = new("name"),
            OnDelete = OnDelete,
        };
}
