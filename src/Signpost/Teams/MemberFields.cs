using Signpost.Accounts;
using Signpost.Api;
using Signpost.Api.Bodies;
using Signpost.Api.Callers;
using Signpost.Api.Documentation;
using Signpost.Api.Edits;
using Signpost.Storage;

namespace Signpost.Teams;

/// <summary>The changes that a request makes to a member or an invitation.</summary>
internal sealed record MemberChanges : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }
    public Optional<long?> TeamId { get; init; }
    public Optional<string?> Email { get; init; }

    /// <summary>The lowest role that includes everything that was sent.</summary>
    public Optional<Role> Role { get; init; }
}

/// <summary>The response of a person to an invitation.</summary>
internal sealed record InvitationReply : IChanges
{
    public required IReadOnlyList<FieldError> Errors { get; init; }
    public required List<Warning> Warnings { get; init; }
    public required Meaning Meaning { get; init; }

    /// <summary>1: accept. 0: decline.</summary>
    public Optional<bool> Status { get; init; }
}

/// <summary>Reads the parameters of operations on members.</summary>
internal static class MemberFields
{
    public static MemberChanges Read(FieldReader read, bool isNew)
    {
        var (team, email) = (default(Optional<long?>), default(Optional<string?>));
        if (isNew)
        {
            team = read.Number("team_id", _ => null);
            read.Require("team_id", team, team.Value is not null);
            email = read.Read(
                "user_email",
                TextRules.Line,
                text => AccountRules.Email(text) is null ? null : "must be an e-mail address"
            );
            read.Require("user_email", email, email.Value is not null);
        }

        var role = ReadRole(read);
        if (!role.IsPresent && read.IsFilled("role"))
            read.Warn("role changes nothing. Send access[], which takes roles, too.", "role");
        read.WarnOfUnknown(isNew ? typeof(InvitedResponse) : typeof(MemberResponse));
        return new()
        {
            TeamId = team,
            Email = email,
            Role = role,
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };
    }

    public static InvitationReply ReadReply(FieldReader read)
    {
        var status = read.Boolean("status");
        read.Require("status", status, status.IsPresent);
        read.WarnOfUnknown(typeof(MembershipResponse));
        return new()
        {
            Status = status,
            Errors = read.Errors,
            Warnings = read.Warnings,
            Meaning = read.Meaning,
        };
    }

    private static Optional<Role> ReadRole(FieldReader read)
    {
        var sent = read.List("access");
        if (FieldReader.IsEmpty(sent.Value))
        {
            read.Meaning.Add("access", null);
            return default;
        }

        var role = Storage.Role.Viewer;
        foreach (var item in sent.Value!.Where(item => !item.IsWrong))
        foreach (var word in (item.Text ?? "").Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
            if (Access.RoleOf(word) is not { } needed)
                read.Add(
                    $"access must be a role ({string.Join(", ", Access.RoleNames)}) or a right such as read.all or create.links.",
                    item.As
                );
            else if (needed > role)
                role = needed;
        read.Meaning.Add("access", role.Name());
        return new(sent.As, role);
    }

    /// <summary>The parameters of an invitation.</summary>
    public static IEnumerable<Parameter> Invite() =>
        [
            new("team_id", Describe.Whole(1), "The team. You must be an owner or admin there.")
            {
                IsRequired = true,
                Example = 7,
            },
            new("user_email", Describe.Limited(AccountRules.LongestEmail), "The e-mail address of the person.")
            {
                IsRequired = true,
                Example = "grace@example.org",
            },
            .. Change(),
        ];

    /// <summary>The parameters of a change of a member.</summary>
    public static IEnumerable<Parameter> Change() =>
        [
            new(
                "access",
                Describe.ListOf(Describe.OneOf([.. Access.Words])),
                "Roles or single rights; the lowest role that includes all of them counts. Default: viewer. Only owners make owners."
            ),
        ];

    /// <summary>The parameters of the response to an invitation.</summary>
    public static IEnumerable<Parameter> Reply() =>
        [
            new("status", Describe.OneOf(0, 1), "1: accept the invitation. 0: decline it.")
            {
                IsRequired = true,
                Example = 1,
            },
        ];
}
