namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>Escapes for HTML, as markupsafe writes them.</summary>
internal static class Html
{
    public static string Escape(object? value) => value is SafeText safe ? safe.Text : PythonText.Str(value)
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);
}
