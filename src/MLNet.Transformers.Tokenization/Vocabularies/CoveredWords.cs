using System.Runtime.InteropServices;
using System.Text;
using MLNet.Transformers.Tokenization.SentencePiece;

namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>Words of the characters that a vocabulary is to have pieces for.</summary>
/// <param name="Words">Words in ordinal order, and how often each occurs.</param>
/// <param name="Characters">Characters, and how often each occurs, the most frequent first.</param>
internal sealed record CoveredWords(IReadOnlyList<(string Word, long Count)> Words, IReadOnlyList<(Rune Character, long Count)> Characters)
{
    // SentencePiece's advice for languages of many characters, and for others.
    private const int ManyCharacters = 1000;
    private const double CoverageOfMany = 0.9995;

    /// <summary>Leaves out rare characters, at which words are cut.</summary>
    /// <param name="words">All words.</param>
    /// <param name="coverage">Share of the texts' characters that those which stay have at least, the mark of a blank among them; null: by how many there are.</param>
    public static CoveredWords Of((string Word, long Count)[] words, double? coverage)
    {
        var counts = new Dictionary<Rune, long>();
        foreach ((string word, long count) in words)
        {
            foreach (Rune rune in word.EnumerateRunes())
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, rune, out _) += count;
            }
        }
        double enough = counts.Values.Sum() * (coverage ?? (counts.Count > ManyCharacters ? CoverageOfMany : 1));
        double seen = 0;
        (Rune, long)[] kept =
        [
            .. counts.OrderByDescending(item => item.Key.Value == SentencePieceModel.Blank).ThenByDescending(item => item.Value).ThenBy(item => item.Key)
                .TakeWhile(item => (seen += item.Value) - item.Value < enough).Select(item => (item.Key, item.Value)),
        ];
        return new CoveredWords(kept.Length == counts.Count ? words : Cut(words, [.. kept.Select(item => item.Item1)]), kept);
    }

    private static (string, long)[] Cut((string Word, long Count)[] words, HashSet<Rune> kept)
    {
        var parts = new Dictionary<string, long>(StringComparer.Ordinal);
        var part = new StringBuilder();
        foreach ((string word, long count) in words)
        {
            foreach (Rune rune in word.EnumerateRunes())
            {
                if (kept.Contains(rune))
                {
                    part.Append(rune);
                }
                else
                {
                    Close(count);
                }
            }
            Close(count);
        }
        return [.. parts.Select(item => (item.Key, item.Value)).OrderBy(item => item.Key, StringComparer.Ordinal)];

        void Close(long count)
        {
            if (part.Length > 0)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(parts, part.ToString(), out _) += count;
                part.Clear();
            }
        }
    }
}
