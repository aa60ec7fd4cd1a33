using System.Data.Common;

namespace Signpost.Storage;

/// <summary>The database must not or cannot be used now; the message says why.</summary>
internal sealed class DatabaseAwayException(string message) : DbException(message);
