using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Signpost.Api.Documentation;

/// <summary>The types in which a body can be sent.</summary>
[Flags]
internal enum BodyTypes
{
    Json = 1 << 0,
    Form = 1 << 1,
    Multipart = 1 << 2,
    Forms = Form | Multipart,
    All = Json | Forms,
}

/// <summary>A parameter of a query, a header or a body that a handler reads itself, so that no type describes it.</summary>
internal sealed record Parameter(string Name, OpenApiSchema Schema, string Description)
{
    /// <summary>It is required in create.</summary>
    public bool IsRequired { get; init; }

    /// <summary>It is part of the example of a body.</summary>
    public JsonNode? Example { get; init; }

    /// <summary>Update ignores it.</summary>
    public bool IsOnlyForNew { get; init; }

    /// <summary>The types of bodies that may hold it.</summary>
    public BodyTypes Bodies { get; init; } = BodyTypes.All;

    /// <summary>Its place if it is not in a body.</summary>
    public ParameterLocation In { get; init; } = ParameterLocation.Query;

    public OpenApiParameter OutsideOfBody() =>
        new()
        {
            Name = Name,
            In = In,
            Description = Description,
            Schema = Schema,
        };

    /// <summary>A form sends a list as <c>name[]</c>.</summary>
    public string NameIn(BodyTypes type) => IsList && type is not BodyTypes.Json ? $"{Name}[]" : Name;

    /// <summary>The schema in a body; in JSON, null can clear a field that is not required.</summary>
    public OpenApiSchema SchemaIn(BodyTypes type)
    {
        Schema.Description = Description;
        if (
            type is BodyTypes.Json
            && !IsRequired
            && Schema is { Enum: null, Type: JsonSchemaType.String or JsonSchemaType.Integer }
        )
            Schema.Type |= JsonSchemaType.Null;
        return Schema;
    }

    private bool IsList => Schema.Type is { } type && type.HasFlag(JsonSchemaType.Array);
}
