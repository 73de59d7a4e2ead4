namespace MLNet.Transformers.Text;

/// <summary>The texts of a row.</summary>
internal readonly record struct TextRow(string Text, string? Pair);
