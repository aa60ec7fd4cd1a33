namespace Signpost.Web.Notices;

/// <summary>The pages that say a link leads nowhere, or not now.</summary>
internal enum VisitorPage
{
    /// <summary>404: no such link, or one that is switched off or has not begun.</summary>
    NotFound,

    /// <summary>410: past its end or its limit.</summary>
    Expired,

    /// <summary>503 without a body: a browser fetching ahead, which shall come back when its user really does.</summary>
    Prefetch,

    /// <summary>503: the visit could not be taken just now.</summary>
    Busy,

    /// <summary>405: a method that a link does not answer.</summary>
    MethodNotAllowed,

    /// <summary>421: a host that is not ours.</summary>
    Misdirected,

    /// <summary>429: too many tries.</summary>
    TooManyTries,

    /// <summary>429: too many wrong passwords for a link.</summary>
    TooManyPasswordAttempts,

    /// <summary>400: a form that is not from our own page, or from one that was open for too long.</summary>
    StaleForm,

    /// <summary>500: our mistake.</summary>
    ServerError,
}
