using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore.Migrations;
using Signpost.Core.Links;

namespace Signpost.Storage.Postgres.Migrations;

/// <summary>The triggers and functions of the first migration. They see whatever stores, moves or deletes a row, so no code can forget it.</summary>
internal static class InitialTriggers
{
    private const int SignsOfAscii = 0x80;

    // The selector of emoji has no letter to become, so translate() leaves it out.
    private const string LeftOut = "\uFE0F";

    public static void Create(MigrationBuilder builder)
    {
        CountUsage(builder);
        CountGroups(builder);
        CountTags(builder);
        IndexTexts(builder);
    }

    // What each account uses. Pictures that only former versions name do not count.
    private static void CountUsage(MigrationBuilder builder) =>
        builder.Sql(
            """
            CREATE FUNCTION signpost_count_links() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'INSERT' THEN
                    UPDATE accounts SET link_count = link_count - 1 WHERE id = OLD.account_id;
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    UPDATE accounts SET link_count = link_count + 1 WHERE id = NEW.account_id;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER links_counted AFTER INSERT OR DELETE OR UPDATE OF account_id ON links
            FOR EACH ROW EXECUTE FUNCTION signpost_count_links();

            CREATE FUNCTION signpost_count_files() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'INSERT' THEN
                    UPDATE accounts SET picture_bytes = picture_bytes - length(OLD.content)
                    WHERE id = OLD.account_id AND OLD.kept_until IS NULL;
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    UPDATE accounts SET picture_bytes = picture_bytes + length(NEW.content)
                    WHERE id = NEW.account_id AND NEW.kept_until IS NULL;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER files_counted AFTER INSERT OR DELETE OR UPDATE OF account_id, kept_until ON files
            FOR EACH ROW EXECUTE FUNCTION signpost_count_files();

            CREATE FUNCTION signpost_count_answers() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'INSERT' THEN
                    UPDATE accounts SET kept_bytes = kept_bytes - length(OLD.body) - length(OLD.path) WHERE id = OLD.account_id;
                END IF;
                IF TG_OP <> 'DELETE' THEN
                    UPDATE accounts SET kept_bytes = kept_bytes + length(NEW.body) + length(NEW.path) WHERE id = NEW.account_id;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER kept_answers_counted AFTER INSERT OR DELETE OR UPDATE OF account_id ON kept_answers
            FOR EACH ROW EXECUTE FUNCTION signpost_count_answers();
            """
        );

    // Only links in use count.
    private static void CountGroups(MigrationBuilder builder) =>
        builder.Sql(
            """
            CREATE FUNCTION signpost_group_links() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP <> 'DELETE' AND NEW.deleted_at IS NULL THEN
                    INSERT INTO link_groups (account_id, project_id, domain_id, is_enabled, links)
                    VALUES (NEW.account_id, coalesce(NEW.project_id, 0), NEW.domain_id, NEW.is_enabled, 1)
                    ON CONFLICT (account_id, project_id, domain_id, is_enabled) DO UPDATE SET links = link_groups.links + 1;
                END IF;
                IF TG_OP <> 'INSERT' AND OLD.deleted_at IS NULL THEN
                    UPDATE link_groups SET links = links - 1 WHERE account_id = OLD.account_id
                        AND project_id = coalesce(OLD.project_id, 0) AND domain_id = OLD.domain_id AND is_enabled = OLD.is_enabled;
                    DELETE FROM link_groups WHERE links = 0 AND account_id = OLD.account_id
                        AND project_id = coalesce(OLD.project_id, 0) AND domain_id = OLD.domain_id AND is_enabled = OLD.is_enabled;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER links_grouped AFTER INSERT OR DELETE OR UPDATE OF account_id, project_id, domain_id, is_enabled, deleted_at
            ON links FOR EACH ROW EXECUTE FUNCTION signpost_group_links();
            """
        );

    // Only links in use count. The row of a deleted link is gone when its tags are deleted, so those of the trash are counted before.
    private static void CountTags(MigrationBuilder builder) =>
        builder.Sql(
            """
            CREATE FUNCTION signpost_count_link_tags() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM links WHERE id = NEW.link_id AND deleted_at IS NULL) THEN
                    UPDATE tags SET links = links + 1 WHERE id = NEW.tag_id;
                END IF;
                IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM links WHERE id = OLD.link_id AND deleted_at IS NOT NULL) THEN
                    UPDATE tags SET links = links - 1 WHERE id = OLD.tag_id;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER link_tags_counted AFTER INSERT OR DELETE ON link_tags
            FOR EACH ROW EXECUTE FUNCTION signpost_count_link_tags();

            CREATE FUNCTION signpost_count_trash_tags() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE tags SET links = links + CASE WHEN TG_OP = 'DELETE' OR NEW.deleted_at IS NULL THEN 1 ELSE -1 END
                WHERE id IN (SELECT tag_id FROM link_tags WHERE link_id = OLD.id);
                RETURN OLD;
            END $$;
            CREATE TRIGGER tags_trashed AFTER UPDATE OF deleted_at ON links
            FOR EACH ROW WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL))
            EXECUTE FUNCTION signpost_count_trash_tags();
            CREATE TRIGGER tags_of_trash_deleted BEFORE DELETE ON links
            FOR EACH ROW WHEN (OLD.deleted_at IS NOT NULL) EXECUTE FUNCTION signpost_count_trash_tags();
            """
        );

    // The grams of LinkTexts, made in SQL. Letters change to the case in which they are compared one by one, as in our code; PostgreSQL's
    // own lower() depends on the system.
    private static void IndexTexts(MigrationBuilder builder)
    {
        var (upper, lower) = Pairs(sign => Rune.ToLowerInvariant(sign));
        var (unfolded, folded) = Pairs(sign =>
            LinkTexts.FoldAlias($"{sign}").EnumerateRunes().Append(sign).First()
        );
        var ascii = Enumerable.Range(1, SignsOfAscii - 1).Select(code => new Rune(code)).ToList();
        var signs = ascii.FindAll(sign => LinkTexts.Word(sign) != sign);
        var words = string.Concat(signs.Select(LinkTexts.Word));
        builder.Sql(
            $$"""
            CREATE TABLE link_texts (rowid bigint PRIMARY KEY, grams tsvector NOT NULL);
            CREATE INDEX link_texts_grams ON link_texts USING gin (grams) WITH (gin_pending_list_limit = 512);

            CREATE FUNCTION signpost_folded(text, is_alias boolean) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
                SELECT CASE
                    WHEN octet_length($1) = length($1) THEN lower($1 COLLATE "C")
                    WHEN is_alias THEN normalize(translate(normalize($1), {{Quoted(unfolded + LeftOut)}}, {{Quoted(folded)}}))
                    ELSE translate(normalize($1), {{Quoted(upper)}}, {{Quoted(lower)}}) END
            $$;

            CREATE FUNCTION signpost_link_grams(account bigint, alias text, url text, sent text, title text, note text)
            RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$
                SELECT array_to_tsvector(array_append(array_agg(kind || gram), 'a' || account))
                FROM (VALUES ('{{LinkTexts.Alias}}', signpost_folded(alias, true)), ('{{LinkTexts.Destination}}', signpost_folded(url, false)),
                        ('{{LinkTexts.Destination}}', signpost_folded(sent, false)), ('{{LinkTexts.Title}}', signpost_folded(title, false)),
                        ('{{LinkTexts.Note}}', signpost_folded(note, false))) AS texts (kind, folded)
                CROSS JOIN LATERAL (
                    SELECT sign AS one, sign || lead(sign) OVER rest AS two, sign || lead(sign) OVER rest || lead(sign, 2) OVER rest AS three
                    FROM string_to_table(translate(folded, {{Quoted(string.Concat(signs))}}, {{Quoted(words)}}), NULL)
                        WITH ORDINALITY AS signs (sign, place)
                    WINDOW rest AS (ORDER BY place)) AS series
                CROSS JOIN LATERAL (VALUES (one), (two), (three)) AS grams (gram)
                WHERE gram IS NOT NULL
            $$;

            CREATE FUNCTION signpost_index_link() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' THEN
                    DELETE FROM link_texts WHERE rowid = OLD.id;
                ELSE
                    INSERT INTO link_texts (rowid, grams) VALUES (NEW.id,
                        signpost_link_grams(NEW.account_id, NEW.alias_key, NEW.location_url, NEW.location_sent, NEW.title, NEW.note))
                    ON CONFLICT (rowid) DO UPDATE SET grams = excluded.grams;
                END IF;
                RETURN NULL;
            END $$;
            CREATE TRIGGER links_indexed AFTER INSERT OR DELETE ON links
            FOR EACH ROW EXECUTE FUNCTION signpost_index_link();
            CREATE TRIGGER links_reindexed AFTER UPDATE OF account_id, alias_key, location_url, location_sent, title, note ON links
            FOR EACH ROW WHEN ((OLD.account_id, OLD.alias_key, OLD.location_url, OLD.location_sent, OLD.title, OLD.note)
                IS DISTINCT FROM (NEW.account_id, NEW.alias_key, NEW.location_url, NEW.location_sent, NEW.title, NEW.note))
            EXECUTE FUNCTION signpost_index_link();
            """
        );
    }

    // All signs beyond ASCII that change, and what they become.
    private static (string From, string To) Pairs(Func<Rune, Rune> change)
    {
        var (from, to) = (new StringBuilder(), new StringBuilder());
        foreach (var sign in Enumerable.Range(0, 0x110000).Where(Rune.IsValid).Select(code => new Rune(code)))
            if ((sign.Value >= 'A' && sign.Value <= 'Z' || !sign.IsAscii) && IsAssigned(sign) && change(sign) is var other && other != sign)
            {
                from.Append(sign);
                to.Append(other);
            }

        return ($"{from}", $"{to}");
    }

    // Signs that have a composed form never stand alone in a normalized text.
    private static bool IsAssigned(Rune sign) =>
        Rune.GetUnicodeCategory(sign) is not (UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse)
        && $"{sign}" is var text
        && text.IsNormalized();

    private static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
