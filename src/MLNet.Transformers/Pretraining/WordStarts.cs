using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Pretraining;

/// <summary>
/// Which tokens begin a word, told by how the vocabulary writes them: WordPiece marks what goes on with a word ("##"), byte-level BPE and SentencePiece
/// what begins one (a blank, written "Ġ" or "▁"), and where neither is marked each token is a word.
/// </summary>
internal sealed class WordStarts
{
    private readonly bool[] _starts;

    private WordStarts(bool[] starts) => _starts = starts;

    public static WordStarts Of(TextEncoder tokenizer)
    {
        string[] tokens = [.. Enumerable.Range(0, tokenizer.MaxId + 1).Select(id => tokenizer.IdToToken(id) ?? "")];
        Func<string, bool> starts =
            tokens.Any(token => token.Length > 2 && token.StartsWith("##", StringComparison.Ordinal)) ? token => !token.StartsWith("##", StringComparison.Ordinal)
            : tokens.Count(IsMarked) > 1 ? IsMarked
            : _ => true;
        return new WordStarts(Array.ConvertAll(tokens, token => starts(token)));

        static bool IsMarked(string token) => token.Length > 0 && token[0] is '\u0120' or '\u010A' or '\u2581';
    }

    public bool this[int id] => _starts[id];

    /// <summary>The words of some tokens, each as its place and the place behind it; the first token begins one whatever it is.</summary>
    public List<(int Start, int End)> In(ReadOnlySpan<int> ids)
    {
        var words = new List<(int Start, int End)>();
        int start = 0;
        for (int i = 1; i <= ids.Length; i++)
        {
            if (i == ids.Length || this[ids[i]])
            {
                words.Add((start, i));
                start = i;
            }
        }
        return ids.Length == 0 ? [] : words;
    }
}
