namespace MLNet.Transformers.Samples.Chat;

/// <summary>What the user asked for.</summary>
/// <param name="Checkpoint">A folder or a file.</param>
/// <param name="Lines">What to say instead of typing.</param>
/// <param name="System">What the model is told before, or null.</param>
/// <param name="MaxNewTokens">Longest answer.</param>
/// <param name="Sample">Whether tokens are drawn at random.</param>
/// <param name="Seed">Seed of the drawing.</param>
/// <param name="Precision">Number format.</param>
internal sealed record Settings(
    FileSystemInfo Checkpoint, IReadOnlyList<string> Lines, string? System, int MaxNewTokens, bool Sample, int Seed, Precision Precision);
