using System.Security.Cryptography;

namespace MLNet.Transformers.Training;

/// <summary>
/// SHA-256 of each file of a folder, in a file as <c>sha256sum</c> writes it: a weight with a changed bit would be trained on with nothing to show for it.
/// </summary>
internal static class FileDigests
{
    private const string FileName = "SHA256SUMS";

    /// <summary>Writes the digests of the files that are there.</summary>
    public static void Write(string folder) => File.WriteAllLines(
        Path.Combine(folder, FileName), [.. Names(folder).Select(name => $"{Of(folder, name)}  {name}")]);

    /// <exception cref="InvalidDataException">A file is not the one whose digest was written.</exception>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    public static void Check(string folder)
    {
        string[] lines = File.ReadAllLines(Path.Combine(folder, FileName));
        string[] names = [.. lines.Select(line => line.Split("  ", 2)[^1])];
        if (Names(folder).Except(names).FirstOrDefault() is { } unlisted)
        {
            throw new InvalidDataException($"'{FileName}' says nothing of '{unlisted}'.");
        }
        foreach ((string name, string line) in names.Zip(lines))
        {
            string found = Of(folder, name);
            if (line != $"{found}  {name}")
            {
                throw new InvalidDataException($"'{name}' is not as it was written: its SHA-256 is {found}, and '{FileName}' has the line '{line}'.");
            }
        }
    }

    private static string Of(string folder, string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(folder, name));
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static IEnumerable<string> Names(string folder) =>
        Directory.GetFiles(folder).Select(path => Path.GetFileName(path)).Where(name => name != FileName).Order(StringComparer.Ordinal);
}
