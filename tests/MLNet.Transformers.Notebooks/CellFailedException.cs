namespace MLNet.Transformers.Notebooks;

/// <summary>A cell did not compile, or threw.</summary>
internal sealed class CellFailedException(int number, string code, string message)
    : Exception($"cell {number} ({FirstLine(code)}): {message}")
{
    private static string FirstLine(string code) => code.Split('\n').Select(line => line.Trim()).FirstOrDefault(line => line.Length > 0) ?? "empty";
}
