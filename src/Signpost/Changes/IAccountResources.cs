namespace Signpost.Changes;

/// <summary>
/// What an account owns in one feature, for when the account goes. Each feature does its part in short transactions of
/// its own and tells whoever keeps compiled links; it is called again after an interruption.
/// </summary>
internal interface IAccountResources
{
    Task<bool> AnyAsync(long accountId, CancellationToken cancel);

    Task DeleteAsync(long accountId, CancellationToken cancel);

    Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel);
}
