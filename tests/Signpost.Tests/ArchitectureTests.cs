using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mono.Cecil;

namespace Signpost.Tests;

/// <summary>The rules of ARCHITECTURE.md, read from the compiled code (method bodies included) and from the files.</summary>
public sealed partial class ArchitectureTests
{
    internal static readonly string Root = FindRoot();

    private static readonly string[] Everywhere = ["Storage", "Hosting", "Changes"];

    /// <summary>A table in ARCHITECTURE.md says the same, so whoever adds an edge writes it there too.</summary>
    private static readonly Dictionary<string, string[]> Edges = ReadEdges();

    [Fact]
    public void Core_knows_nothing_but_the_base_library()
    {
        using var core = Read("Signpost.Core");

        Assert.All(
            core.AssemblyReferences,
            reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal)
        );
        Assert.Empty(Offenders(core, "Signpost.Core", name => name is "System.IO" or "System.Net.Http"));
    }

    [Fact]
    public void A_feature_knows_another_only_along_an_edge_that_the_architecture_lists()
    {
        using var server = Read("Signpost");
        var features = FeaturesOf(server);

        var found =
            from type in server.GetTypes()
            where type.FullName != "Signpost.Program"
            let owner = FeatureOf(type)
            where owner is not null
            from used in Uses(type)
            let to = FeatureOf(used)
            where to is not null && to != owner && features.Contains(to) && !Everywhere.Contains(to)
            where !Edges.GetValueOrDefault(owner, []).Contains(to)
            select $"{owner} -> {to}: {type.FullName}";

        Assert.Empty(found.Distinct().Order());
    }

    [Fact]
    public void Features_make_no_cycle_also_not_through_what_all_may_know()
    {
        using var server = Read("Signpost");

        Assert.Empty(Cycles(EdgesOf(server, FeatureOf)));
    }

    [Fact]
    public void The_folders_of_a_feature_make_no_cycle()
    {
        using var server = Read("Signpost");

        var within = EdgesOf(server, FolderOf).Where(edge => edge.From.Split('.')[0] == edge.To.Split('.')[0]);

        Assert.Empty(Cycles(within));
    }

    [Theory]
    [InlineData("Storage")]
    [InlineData("Changes", "Storage")]
    [InlineData("Hosting", "Storage")]
    public void What_all_may_know_knows_no_feature(string feature, params string[] known)
    {
        using var server = Read("Signpost");

        var found = EdgesOf(server, FeatureOf).Where(edge => edge.From == feature).Select(edge => edge.To);

        Assert.Empty(found.Except(known));
    }

    [Fact]
    public void Nothing_knows_the_dashboard()
    {
        using var server = Read("Signpost");

        Assert.DoesNotContain("Dashboard", EdgesOf(server, FeatureOf).Select(edge => edge.To));
    }

    [Fact]
    public void The_dashboard_asks_the_database_through_editors_and_catalogs_only()
    {
        using var server = Read("Signpost");

        var offenders =
            from type in server.GetTypes()
            where In(type, "Signpost.Dashboard")
            from used in Uses(type)
            where
                used.FullName is "Signpost.Storage.Database" or "Signpost.Storage.SignpostDb"
                || In(used, "Microsoft.EntityFrameworkCore")
                || In(used, "Microsoft.Data")
            select $"{type.FullName} -> {used.FullName}";

        Assert.Empty(offenders.Distinct());
    }

    [Fact]
    public void An_edge_that_the_architecture_lists_is_really_there()
    {
        using var server = Read("Signpost");

        var real = (
            from type in server.GetTypes()
            from used in Uses(type)
            select (FeatureOf(type), FeatureOf(used))
        ).ToHashSet();

        Assert.All(Edges, edge => Assert.All(edge.Value, to => Assert.Contains((edge.Key, to), real)));
    }

    [Theory]
    [InlineData("Signpost.Clicks")]
    [InlineData("Signpost.ClickStore")]
    [InlineData("Signpost.Journal")]
    [InlineData("Signpost.Storage")]
    [InlineData("Signpost.Changes")]
    public void These_know_no_HTTP(string scope)
    {
        using var server = Read("Signpost");

        Assert.Empty(Offenders(server, scope, name => IsWeb(name)));
    }

    [Fact]
    public void Editors_and_catalogs_know_no_HTTP()
    {
        using var server = Read("Signpost");

        var offenders =
            from type in server.GetTypes()
            let outer = Outermost(type)
            where
                outer.Name.EndsWith("Editor", StringComparison.Ordinal)
                || outer.Name.EndsWith("Catalog", StringComparison.Ordinal)
            from used in Uses(type)
            where IsWeb(used.Namespace)
            select $"{type.FullName} -> {used.FullName}";

        Assert.Empty(offenders.Distinct());
    }

    [Fact]
    public void Redirects_see_the_database_only_in_the_plan_loader()
    {
        using var server = Read("Signpost");

        var offenders =
            from type in server.GetTypes()
            where In(type, "Signpost.Redirects") && Outermost(type).Name != "PlanLoader"
            from used in Uses(type)
            where In(used, "Signpost.Storage") || In(used, "Microsoft.EntityFrameworkCore")
            select $"{type.FullName} -> {used.FullName}";

        Assert.Empty(offenders.Distinct());
    }

    [Fact]
    public void Only_the_storage_and_the_store_of_clicks_know_which_database_it_is()
    {
        using var server = Read("Signpost");

        var knowing =
            from type in server.GetTypes()
            where
                Uses(type)
                    .Any(used =>
                        In(used, "Signpost.Storage.Sqlite")
                        || used.Scope.Name.Contains("sqlite", StringComparison.OrdinalIgnoreCase)
                    )
            select FeatureOf(type) ?? type.FullName;

        Assert.Equal(["ClickStore", "Storage"], knowing.Distinct().Order());
    }

    [Fact]
    public void Links_are_written_by_the_link_editor_only()
    {
        using var server = Read("Signpost");

        var offenders =
            from type in server.GetTypes()
            let writer = Outermost(type).Name
            // The loader and the explainer fill rows that nothing stores, to compile them.
            where
                writer is not ("LinkRow" or "PlanLoader" or "ClickExplainer")
                && !writer.StartsWith("Link", StringComparison.Ordinal)
            from method in type.Methods.Where(method => method.HasBody)
            from called in method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>()
            where called.DeclaringType.FullName == "Signpost.Storage.LinkRow"
            where called.Name.StartsWith("set_", StringComparison.Ordinal)
            select $"{method.FullName} -> {called.Name}";

        Assert.Empty(offenders.Distinct());
    }

    [Fact]
    public void Types_of_the_server_are_internal_and_sealed()
    {
        using var server = Read("Signpost");

        var offenders =
            from type in server.GetTypes()
            where
                type.Namespace.StartsWith("Signpost", StringComparison.Ordinal)
                && !In(type, "Signpost.Storage.Migrations")
                && !In(type, "Signpost.Storage.Postgres.Migrations")
                // It has a derived class: the tables on PostgreSQL.
                && type.FullName != "Signpost.Storage.SignpostDb"
            where !type.IsNested && type.IsClass && !type.Name.Contains('<', StringComparison.Ordinal)
            where type.Name != "_Imports"
            // Razor components are made public by the compiler.
            where !type.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "CompilerGeneratedAttribute")
            where !Inherits(type, "Microsoft.AspNetCore.Components.ComponentBase")
            where type.IsPublic || !(type.IsSealed || type.IsAbstract)
            select type.FullName;

        Assert.Empty(offenders);
    }

    [Fact]
    public void Projects_reference_only_what_the_architecture_allows()
    {
        Assert.Empty(References("src/Signpost.Core/Signpost.Core.csproj", "PackageReference"));
        Assert.Empty(References("src/Signpost.Core/Signpost.Core.csproj", "ProjectReference"));
        Assert.Equal(["Signpost.Core"], References("src/Signpost/Signpost.csproj", "ProjectReference"));
    }

    [Theory]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs")]
    public void Every_path_that_the_documents_name_exists(string where)
    {
        var full = Path.Combine(Root, where);
        var files = Directory.Exists(full) ? Directory.GetFiles(full, "*.md", SearchOption.AllDirectories) : [full];

        var missing =
            from file in files
            from Match match in BacktickedPath().Matches(File.ReadAllText(file))
            let path = match.Groups["path"].Value
            where !Path.Exists(Path.Combine(Root, path))
            select $"{Path.GetRelativePath(Root, file)}: {path}";

        Assert.Empty(missing);
    }

    private static bool IsWeb(string name) =>
        name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        && !name.StartsWith("Microsoft.AspNetCore.Identity", StringComparison.Ordinal);

    private static HashSet<string> FeaturesOf(ModuleDefinition server) =>
        [.. server.GetTypes().Select(type => FeatureOf(type)).OfType<string>()];

    private static string? FeatureOf(TypeReference type)
    {
        for (; type.DeclaringType is { } outer; type = outer) { }
        return type.Namespace.Split('.') is ["Signpost", var feature, ..] && feature is not "Core" and not "Testing"
            ? feature
            : null;
    }

    // Links/Framing; null: the feature's own folder.
    private static string? FolderOf(TypeReference type) =>
        Outermost(type).Namespace.Split('.') is ["Signpost", var feature, var compactor, ..] && feature is not "Core"
            ? $"{feature}.{compactor}"
            : null;

    private static (string From, string To)[] EdgesOf(ModuleDefinition server, Func<TypeReference, string?> placeOf) =>
        [
            .. (
                from type in server.GetTypes()
                let owner = placeOf(type)
                where owner is not null
                from used in Uses(type)
                let to = placeOf(used)
                where to is not null && to != owner
                select (owner, to)
            ).Distinct(),
        ];

    /// <summary>Each place that knows itself over others, with those others.</summary>
    private static IEnumerable<string> Cycles(IEnumerable<(string From, string To)> edges)
    {
        var known = edges.ToLookup(edge => edge.From, edge => edge.To);
        return from place in known
            let others = place.Where(to => to == place.Key || Reachable(to, known).Contains(place.Key))
            where others.Any()
            select $"{place.Key} -> {string.Join(", ", others)} -> {place.Key}";
    }

    private static HashSet<string> Reachable(string start, ILookup<string, string> known)
    {
        HashSet<string> seen = [];
        Stack<string> open = new(known[start]);
        while (open.TryPop(out var next))
            if (seen.Add(next))
                foreach (var further in known[next])
                    open.Push(further);
        return seen;
    }

    // | `Links` | `Clicks`, `Pages` | why |
    private static Dictionary<string, string[]> ReadEdges() =>
        EdgeRow()
            .Matches(File.ReadAllText(Path.Combine(Root, "ARCHITECTURE.md")))
            .ToDictionary(
                row => row.Groups["from"].Value,
                row => row.Groups["to"].Value.Split(',').Select(to => to.Trim(' ', '`')).ToArray()
            );

    private static string[] References(string project, string kind) =>
        [
            .. XDocument
                .Load(Path.Combine(Root, project))
                .Descendants(kind)
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)),
        ];

    private static IEnumerable<string> Offenders(
        ModuleDefinition module,
        string scope,
        Func<string, bool> isForbidden
    ) =>
        (
            from type in module.GetTypes()
            where In(type, scope)
            from used in Uses(type)
            where isForbidden(used.Namespace)
            select $"{type.FullName} -> {used.FullName}"
        ).Distinct();

    private static bool Inherits(TypeDefinition type, string name) =>
        type.BaseType is { } parent
        && (parent.FullName == name || (parent is TypeDefinition known && Inherits(known, name)));

    private static TypeReference Outermost(TypeReference type)
    {
        for (; type.DeclaringType is { } outer; type = outer) { }
        return type;
    }

    private static bool In(TypeReference type, string scope)
    {
        var space = Outermost(type).Namespace;
        return space == scope || space.StartsWith(scope + ".", StringComparison.Ordinal);
    }

    private static IEnumerable<TypeReference> Uses(TypeDefinition type)
    {
        IEnumerable<TypeReference?> direct =
        [
            type.BaseType,
            .. type.Interfaces.Select(one => one.InterfaceType),
            .. type.Fields.Select(field => field.FieldType),
            .. type.Methods.SelectMany(method =>
                method.Parameters.Select(p => p.ParameterType).Append(method.ReturnType)
            ),
            .. type
                .Methods.Where(method => method.HasBody)
                .SelectMany(method =>
                    method
                        .Body.Variables.Select(local => local.VariableType)
                        .Concat(method.Body.ExceptionHandlers.Select(handler => handler.CatchType))
                ),
            .. type
                .Methods.Where(method => method.HasBody)
                .SelectMany(method => method.Body.Instructions)
                .SelectMany(instruction =>
                    instruction.Operand switch
                    {
                        GenericInstanceMethod call => [call.DeclaringType, .. call.GenericArguments],
                        TypeReference used => [used],
                        MemberReference member => [member.DeclaringType],
                        _ => Array.Empty<TypeReference>(),
                    }
                ),
        ];
        return direct.OfType<TypeReference>().SelectMany(Parts);
    }

    private static IEnumerable<TypeReference> Parts(TypeReference type) =>
        type switch
        {
            GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
            TypeSpecification wrapped => Parts(wrapped.ElementType),
            _ => [type],
        };

    private static ModuleDefinition Read(string assembly) =>
        ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Signpost.slnx")))
            directory =
                directory.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        return directory.FullName;
    }

    [GeneratedRegex(@"`(?<path>(?:src|tests|docs|benchmarks)/[\w./-]+|[\w-]+\.(?:md|props|slnx))`")]
    private static partial Regex BacktickedPath();

    [GeneratedRegex(@"^\| `(?<from>\w+)` \| (?<to>`[^|]+`) \|", RegexOptions.Multiline)]
    private static partial Regex EdgeRow();
}
