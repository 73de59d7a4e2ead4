namespace MLNet.Transformers;

/// <summary>What a chat template is given beside the messages.</summary>
public sealed record ChatTemplateOptions
{
    /// <summary>
    /// The name of the template to use, where a tokenizer has several; null: <c>tool_use</c> where there is one and <see cref="Tools"/> are given, else
    /// <c>default</c>.
    /// </summary>
    /// <value>null.</value>
    public string? Template { get; init; }

    /// <summary>
    /// Tools that the assistant may call, each a JSON schema of the form <c>{"type": "function", "function": {"name", "description", "parameters"}}</c> as a
    /// dictionary or JSON; null: none, which to a template is not the same as an empty list.
    /// </summary>
    /// <value>null.</value>
    public IReadOnlyList<object>? Tools { get; init; }

    /// <summary>Documents to answer from, mostly dictionaries with <c>title</c> and <c>text</c>; null: none.</summary>
    /// <value>null.</value>
    public IReadOnlyList<object>? Documents { get; init; }

    /// <summary>
    /// Further variables by name, such as <c>date_string</c> or <c>enable_thinking</c>. They stand before the special tokens' (<c>bos_token</c> and so on).
    /// Values are null, texts, numbers, true or false, lists, dictionaries by text, or JSON.
    /// </summary>
    /// <value>null.</value>
    public IReadOnlyDictionary<string, object?>? Variables { get; init; }

    /// <summary>What time it is for templates that write the date; in local time.</summary>
    /// <value><see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal static ChatTemplateOptions Default { get; } = new();
}
