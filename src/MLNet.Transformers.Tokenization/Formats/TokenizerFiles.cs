namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>The contents of a tokenizer's files by name, and what errors call each.</summary>
/// <param name="contents">Contents by the name that the format gives a file.</param>
/// <param name="pathOf">Where a file of that name lies; null: its name is all there is to say.</param>
internal sealed class TokenizerFiles(IReadOnlyDictionary<string, byte[]> contents, Func<string, string>? pathOf = null)
{
    public IReadOnlyDictionary<string, byte[]> Contents => contents;

    public byte[]? Get(string name) => contents.GetValueOrDefault(name);

    public string Label(string name) => pathOf is null ? name : pathOf(name);

    /// <summary>A JSON file; null where there is none.</summary>
    public JsonNode? Json(string name) => Get(name) is { } content ? JsonNode.Parse(content, Label(name)) : null;
}
