namespace Signpost.Testing.Actions;

/// <summary>Somebody at a browser, who fills in forms and presses their buttons.</summary>
internal interface IHand
{
    /// <summary>The path of the open page.</summary>
    string Path { get; }

    Task OpenAsync(string path);

    /// <summary>Follows a link of the open page.</summary>
    Task PressAsync(string place);

    /// <summary>The text of the first element at a place of the open page.</summary>
    Task<string> ReadAsync(string place);

    /// <summary>Sends a form, and asserts that the action succeeded and leads to a page without an error.</summary>
    /// <param name="path">The page; null: the one that is open.</param>
    /// <param name="button">The place of the button.</param>
    /// <param name="fields">Places of fields, and their values; a box is checked.</param>
    Task SendAsync(string? path, string button, params (string Field, string Value)[] fields);
}
