using Signpost.Accounts.Keys;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;

namespace Signpost.Accounts.Api;

/// <summary>The parameters that <see cref="UserRequests"/> reads, for the OpenAPI document.</summary>
internal static class UserParameters
{
    /// <summary>Fields that people may change in their own account.</summary>
    public static IEnumerable<Parameter> Own() =>
        [
            new("name", Describe.Limited(AccountRules.LongestName), "What you are called."),
            new(
                "timezone",
                Describe.Text(),
                "The zone of your dates by its IANA name, as in Europe/Berlin; UTC unless set."
            ),
            new("language", Describe.OneOf([.. AccountRules.Languages]), "The language of your pages; en unless set."),
        ];

    /// <summary>Fields that admins may set in any account.</summary>
    public static IEnumerable<Parameter> Any() =>
        [
            new("email", Describe.Limited(AccountRules.LongestEmail), "Names the account; unique.")
            {
                IsRequired = true,
                Example = "ada@example.org",
            },
            new("password", Describe.Text(), "At least 8 characters, at most 1,024 bytes; not a common one, not the e-mail address. Kept as sent.")
            {
                IsRequired = true,
                Example = "correct horse battery",
            },
            .. Own(),
            new("role", Describe.OneOf("user", "admin"), "user unless set."),
            new("two_factor_is_enabled", Describe.Flag(), "0 turns it off. Only its owner turns it on."),
            new("is_disabled", Describe.Flag(), "1: nobody can sign in, and its keys open nothing."),
        ];

    /// <summary>Says what becomes of the links of an account that is deleted.</summary>
    public static IEnumerable<Parameter> Delete() =>
        [
            new(
                "links",
                Describe.OneOf("delete", "transfer"),
                "Delete the account's links, or transfer them to another account."
            ),
            new("to", Describe.Whole(1), "The account that gets them."),
        ];

    /// <summary>A key that is wanted.</summary>
    public static IEnumerable<Parameter> Key() =>
        [
            new("name", Describe.Limited(NewKey.LongestName), "What it is for; API key unless set.")
            {
                Example = "Shop",
            },
            new(
                "scopes",
                Describe.ListOf(Describe.OneOf([.. ScopeNames.All])),
                "What the key may do; none sent: all that the calling key may do."
            ),
            new("expires", Describe.Text(), "A date from which on the key opens nothing; none: never."),
        ];
}
