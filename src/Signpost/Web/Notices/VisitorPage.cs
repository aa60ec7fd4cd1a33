namespace Signpost.Web.Notices;

/// <summary>The pages for visitors who are not redirected.</summary>
internal enum VisitorPage
{
    /// <summary>404: an unknown link, a disabled one, or one that has not started.</summary>
    NotFound,

    /// <summary>410: past its end or its limit.</summary>
    Expired,

    /// <summary>503 without a body: a browser fetches ahead. It comes back when its user opens the link.</summary>
    Prefetch,

    /// <summary>503: the server cannot take the visit now.</summary>
    Busy,

    /// <summary>405: a method that the link does not accept.</summary>
    MethodNotAllowed,

    /// <summary>421: an unknown host.</summary>
    Misdirected,

    /// <summary>429: too many attempts.</summary>
    TooManyTries,

    /// <summary>429: too many wrong passwords for a link.</summary>
    TooManyPasswordAttempts,

    /// <summary>429: too many unknown links were asked for from one network.</summary>
    TooManyUnknown,

    /// <summary>400: the form is not from our own page, or the page was open for too long.</summary>
    StaleForm,

    /// <summary>500: an error of the server.</summary>
    ServerError,
}
