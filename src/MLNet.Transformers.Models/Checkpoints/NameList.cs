namespace MLNet.Transformers.Models.Checkpoints;

/// <summary>Long lists of tensors and files in messages: the first ones by name, the rest by number.</summary>
internal static class NameList
{
    private const int Shown = 7;

    public static string Cut(IReadOnlyCollection<string> names, string separator = ", ") => names.Count <= Shown + 1
        ? string.Join(separator, names)
        : $"{string.Join(separator, names.Take(Shown))}{separator}… and {names.Count - Shown:N0} more";
}
