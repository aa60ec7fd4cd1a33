using Signpost.Api.Resources;
using Signpost.Changes;
using Signpost.Changes.Jobs;
using Signpost.Storage;

namespace Signpost.QrCodes;

/// <summary>Adds and maps QR codes and their logos.</summary>
internal static class QrServices
{
    public static void AddQrCodes(this IServiceCollection services)
    {
        services.AddSingleton<QrPictures>();
        services.AddSingleton<QrTargets>();
        services.AddSingleton<QrCodeChecks>();
        services.AddSingleton<QrSketches>();
        services.AddSingleton<QrCodeCatalog>();
        services.AddSingleton<IResourceEditor<QrCodeChanges>, QrCodeEditor>();
        services.AddSingleton<IResourceCatalog<QrCodeResponse>>(all => all.GetRequiredService<QrCodeCatalog>());
        services.AddSingleton<IResourceEditor<QrLogoChanges>, QrLogoEditor>();
        services.AddSingleton<IResourceCatalog<QrLogoResponse>, QrLogoCatalog>();
        services.AddSingleton<IAccountResources, QrLogoFilesOfAccount>();
        services.AddSingleton<IAccountResources, ResourcesOfAccount<QrLogoRow>>();
        services.AddSingleton<IAccountResources, ResourcesOfAccount<QrCodeRow>>();
    }

    public static void MapQrCodes(this IEndpointRouteBuilder api)
    {
        api.MapLinkQrCode();
        api.MapResource(
            new Resource<QrCodeResponse, QrCodeChanges>("QR code", QrCodeFields.Read, QrCodeFields.Parameters)
            {
                Filters = new("name"),
                OnDelete = "Its picture is served no more. Its link stays.",
            }
        );
        api.MapResource(
            new Resource<QrLogoResponse, QrLogoChanges>("QR logo", QrLogoFields.Read, QrLogoFields.Parameters)
            {
                Filters = new("name"),
                Files = QrLogoFields.Files,
                OnDelete = "QR codes that use it stay, without it.",
            }
        );
    }
}

/// <summary>Gives the pictures of logos to another account. When an account is erased, all its pictures are.</summary>
internal sealed class QrLogoFilesOfAccount(Slices slices) : IAccountResources
{
    public Task<bool> AnyAsync(long accountId, CancellationToken cancel) => Task.FromResult(false);

    public Task DeleteAsync(long accountId, CancellationToken cancel) => Task.CompletedTask;

    public Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel) =>
        slices.RunAsync(
            slice =>
                slice.Run(
                    """
                    UPDATE files SET account_id = @to WHERE name IN (
                        SELECT name FROM files WHERE link_id = @logo AND account_id = @from LIMIT @size)
                    """,
                    ("@to", toAccountId),
                    ("@from", fromAccountId),
                    ("@logo", StoredFile.OfQrLogo),
                    ("@size", slice.Size)
                ),
            cancel
        );
}
