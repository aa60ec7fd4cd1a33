namespace Signpost.Hosting;

/// <summary>So much work of a kind waits already that the caller is refused; it may try again in a moment.</summary>
internal sealed class TooBusyException() : Exception("The server has too much to do. Try again in a moment.");
