using Signpost.Accounts.Keys;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;

namespace Signpost.Accounts.Api;

/// <summary>The parameters that <see cref="UserRequests"/> reads, for the OpenAPI document.</summary>
internal static class UserParameters
{
    /// <summary>The fields that people may change in their own account.</summary>
    public static IEnumerable<Parameter> Own() =>
        [
            new("name", Describe.Limited(AccountRules.LongestName), "Your name."),
            new(
                "timezone",
                Describe.Text(),
                "The time zone of your dates, an IANA name such as Europe/Berlin. Default: UTC."
            ),
            new("language", Describe.OneOf([.. AccountRules.Languages]), "The language of your pages. Default: en."),
        ];

    /// <summary>The fields that admins may set in any account.</summary>
    public static IEnumerable<Parameter> Any() =>
        [
            new(
                "email",
                Describe.Limited(AccountRules.LongestEmail),
                "The e-mail address to sign in with. It is unique."
            )
            {
                IsRequired = true,
                Example = "ada@example.org",
            },
            new(
                "password",
                Describe.Text(),
                "At least 8 characters, at most 1,024 bytes; not a common one, not the e-mail address. Kept as sent."
            )
            {
                IsRequired = true,
                Example = "correct horse battery",
            },
            .. Own(),
            new("role", Describe.OneOf("user", "admin"), "Default: user."),
            new("two_factor_is_enabled", Describe.Flag(), "0 turns it off. Only the account's owner can turn it on."),
            new("is_disabled", Describe.Flag(), "1: nobody can sign in to the account, and its keys do not work."),
        ];

    /// <summary>The choice between deletion and transfer of the links of a deleted account.</summary>
    public static IEnumerable<Parameter> Delete() =>
        [
            new(
                "links",
                Describe.OneOf("delete", "transfer"),
                "Delete the account's links, or transfer them to another account."
            ),
            new("to", Describe.Whole(1), "The account that receives the links."),
        ];

    public static IEnumerable<Parameter> Logs() =>
        [
            .. Describe.Paging(),
            new("team_id", Describe.Whole(0), "The activity in this team of yours. 0: in your own account."),
        ];

    /// <summary>The choice for the keys that a revoked key made for other accounts.</summary>
    public static IEnumerable<Parameter> Revoke() =>
        [
            new(
                "with_others",
                Describe.Flag(),
                "1 revokes the keys that it made for other accounts, too. It needs the scope admin."
            ),
        ];

    /// <summary>The values of a new key.</summary>
    public static IEnumerable<Parameter> Key() =>
        [
            new("name", Describe.Limited(NewKey.LongestName), "The purpose of the key. Default: API key.")
            {
                Example = "Shop",
            },
            new(
                "scopes",
                Describe.ListOf(Describe.OneOf([.. ScopeNames.All])),
                "The scopes of the key. Default: all scopes of the calling key. In a team the role limits them."
            ),
            new(
                "expires",
                Describe.Text(),
                "The date on which the key expires. Default: never. If the calling key is of the same person and expires earlier, the new key expires with it."
            ),
        ];

    /// <summary>The values of a new key of one's own.</summary>
    public static IEnumerable<Parameter> OwnKey() =>
        [
            .. Key(),
            new(
                "team_id",
                Describe.Whole(0),
                "The team for which the key acts. You must be a member. Default: the account of the calling key."
            ),
        ];

    /// <summary>The filter of the list of keys.</summary>
    public static IEnumerable<Parameter> Keys() =>
        [
            .. Describe.Paging(),
            new(
                "team_id",
                Describe.Whole(0),
                "The keys of this team: your own, for owners and admins all. Default: the account of the calling key."
            ),
        ];
}
