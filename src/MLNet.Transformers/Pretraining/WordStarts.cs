using System.Buffers;
using System.Text;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Pretraining;

/// <summary>
/// Which tokens begin a word, told by how the vocabulary writes them: WordPiece marks what goes on with a word ("##"), byte-level BPE and SentencePiece
/// what begins one (a blank, written "Ġ" or "▁"), and where neither is marked each token is a word. There are no blanks between Chinese characters: each
/// token that begins with one begins a word.
/// </summary>
internal sealed class WordStarts
{
    private const char Blank = '\u2581';
    private const char ByteBlank = '\u0120';
    private const char ByteLineFeed = '\u010A';

    private readonly bool[] _starts;

    private WordStarts(bool[] starts) => _starts = starts;

    public static WordStarts Of(TextEncoder tokenizer)
    {
        string[] tokens = [.. Enumerable.Range(0, tokenizer.MaxId + 1).Select(id => tokenizer.IdToToken(id) ?? "")];
        // Vocabularies have tokens of the text's own that look like another's mark, as GPT-2's has "###".
        (int Count, Func<string, bool> Starts)[] ways =
        [
            (tokens.Length / 100, static _ => true),
            (tokens.Count(GoesOn), static token => !GoesOn(token)),
            (tokens.Count(token => IsMarked(token, Blank)), static token => IsMarked(token, Blank) || IsChinese(token)),
            (tokens.Count(token => IsMarked(token, ByteBlank)), static token => IsMarked(token, ByteBlank) || IsMarked(token, ByteLineFeed) || BeginsChineseBytes(token)),
        ];
        Func<string, bool> starts = ways.MaxBy(way => way.Count).Starts;
        return new WordStarts(Array.ConvertAll(tokens, token => starts(token)));
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

    private static bool GoesOn(string token) => token.Length > 2 && token.StartsWith("##", StringComparison.Ordinal);

    private static bool IsMarked(string token, char mark) => token.Length > 0 && token[0] == mark;

    private static bool IsChinese(string token) =>
        Rune.DecodeFromUtf16(token, out Rune first, out _) == OperationStatus.Done && WordSplitter.IsChinese(first.Value);

    // UTF-8 writes U+3000 to U+9FFF with first bytes E3 to E9, for which the byte alphabet has the characters of these numbers.
    private static bool BeginsChineseBytes(string token) => token.Length > 0 && token[0] is >= '\u00E3' and <= '\u00E9';
}
