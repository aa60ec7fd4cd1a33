namespace Signpost.Changes;

/// <summary>
/// Deletes, or gives to another account, everything in one feature that a deleted account owns. It works in short
/// transactions of its own and publishes changed links. After an interruption it is called again.
/// </summary>
internal interface IAccountResources
{
    Task<bool> AnyAsync(long accountId, CancellationToken cancel);

    Task DeleteAsync(long accountId, CancellationToken cancel);

    Task TransferAsync(long fromAccountId, long toAccountId, CancellationToken cancel);
}
