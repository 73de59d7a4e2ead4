namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>The contents of a tokenizer's files by name, and what errors call each.</summary>
/// <param name="contents">Contents by the name that the format gives a file.</param>
/// <param name="pathOf">Where a file of that name lies; null: its name is all there is to say.</param>
internal sealed class TokenizerFiles(IReadOnlyDictionary<string, byte[]> contents, Func<string, string>? pathOf = null)
{
    public IReadOnlyDictionary<string, byte[]> Contents => contents;

    /// <summary>The content of a file, without a byte order mark in front of it; null where there is no such file.</summary>
    /// <exception cref="TokenizerException">Something else lies in its place.</exception>
    public byte[]? Get(string name)
    {
        byte[]? content = contents.GetValueOrDefault(name);
        // A list of merges may be empty.
        bool suspect = content is { Length: > 0 } || name.EndsWith(".json", StringComparison.Ordinal);
        return content is not null && suspect && FailedDownload.Describe(content) is { } fault
            ? throw new TokenizerException($"'{Label(name)}' is not what its name says: {fault}.")
            : content is null ? null : WithoutMark(content);
    }

    /// <summary>A content without the byte order mark that editors put in front of texts.</summary>
    public static byte[] WithoutMark(byte[] content)
    {
        ReadOnlySpan<byte> mark = "\uFEFF"u8;
        return content.AsSpan().StartsWith(mark) ? content[mark.Length..] : content;
    }

    public string Label(string name) => pathOf is null ? name : pathOf(name);

    /// <summary>A JSON file; null where there is none.</summary>
    public JsonNode? Json(string name) => Get(name) is { } content ? JsonNode.Parse(content, Label(name)) : null;
}
