using MLNet.Transformers.Tokenization.PieceModels;

namespace MLNet.Transformers.Tokenization.Formats;

/// <summary>Merges as files list them, the first to be merged first.</summary>
/// <param name="vocabulary">Pieces and ids.</param>
/// <param name="count">How many merges there will be, at most.</param>
/// <param name="prefixLength">Length of the prefix that the second piece of a merge loses.</param>
internal sealed class BpeMerges(Dictionary<string, int> vocabulary, int count, int prefixLength = 0)
{
    private int _rank;

    /// <summary>How many were added.</summary>
    public int Count => _rank;

    public BpeMergeTable Table { get; } = new(count);

    /// <summary>Adds the next merge.</summary>
    /// <param name="left">The first piece.</param>
    /// <param name="right">The second.</param>
    /// <param name="missing">Is told a piece that the vocabulary lacks, and throws.</param>
    public void Add(string left, string right, Action<string> missing)
    {
        Table.Set(Id(left), Id(right), new Merge(_rank, Id(string.Concat(left, right.AsSpan(Math.Min(prefixLength, right.Length))))));
        _rank++;

        int Id(string piece)
        {
            if (!vocabulary.TryGetValue(piece, out int id))
            {
                missing(piece);
            }
            return id;
        }
    }

    /// <summary>The two pieces of a line; null where it is not two words with a blank between them.</summary>
    public static (string Left, string Right)? Pair(string line)
    {
        int blank = line.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 || IsVersion(line) || line.IndexOf(' ', blank + 1) >= 0 ? null : (line[..blank], line[(blank + 1)..]);
    }

    /// <summary>Whether a line is the heading of a list of merges.</summary>
    public static bool IsVersion(string? line) => line is not null && line.StartsWith("#version", StringComparison.Ordinal);
}
