using System.Text;
using MLNet.Transformers.Tokenization.Formats;
using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.PreTokenizers;

namespace MLNet.Transformers.Tokenization;

/// <summary>
/// Makes a WordPiece vocabulary for a new language or domain: from single characters, the pair of neighbouring pieces that occurs most often is
/// joined again and again (as the tokenizers library's WordPieceTrainer does, which is byte-pair merging with WordPiece's way of writing pieces).
/// </summary>
public static class WordPieceTrainer
{
    private const string Prefix = "##";

    // Rarer characters are left unknown: beyond 1,000 as in the reference, but a large vocabulary, as Chinese needs one, has half its room for them.
    private const int LeastCharacters = 1000;

    private static readonly string[] _specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    /// <summary>Trains a vocabulary. The same texts in any order give the same vocabulary.</summary>
    /// <param name="texts">The texts; null counts as empty.</param>
    /// <param name="size">Most pieces, special tokens included; fewer where no pair is frequent enough.</param>
    /// <param name="minFrequency">Occurrences that a pair needs to be joined, at least 1.</param>
    /// <param name="lowercase">Whether texts are put in lower case and stripped of accents.</param>
    /// <returns>The tokenizer; <see cref="TextEncoder.Save"/> writes its vocab.txt, which the reference implementation opens.</returns>
    /// <exception cref="ArgumentException">There is not a single word in the texts.</exception>
    public static TextEncoder Train(IEnumerable<string?> texts, int size, int minFrequency = 2, bool lowercase = true)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, _specialTokens.Length + 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(minFrequency, 1);
        Dictionary<string, long> words = CountWords(texts, lowercase);
        if (words.Count == 0)
        {
            throw new ArgumentException("There is not a single word in the texts.", nameof(texts));
        }
        string vocabulary = string.Concat(Pieces(words, size, minFrequency).Select(piece => piece + "\n"));
        return TextEncoder.FromFiles(new Dictionary<string, byte[]>
        {
            [VocabTxt.FileName] = Encoding.UTF8.GetBytes(vocabulary),
            [TokenizerConfig.FileName] = new TokenizerSettings { Lowercase = lowercase }.ToJson(),
        });
    }

    private static Dictionary<string, long> CountWords(IEnumerable<string?> texts, bool lowercase)
    {
        var normalizer = new BertNormalizer(cleanText: true, chineseCharacters: true, stripAccents: null, lowercase);
        var preTokenizer = new BertPreTokenizer();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var words = new List<TextSlice>();
        foreach (string text in texts.Select(text => text ?? ""))
        {
            words.Clear();
            preTokenizer.Split(normalizer.Normalize(AlignedText.Of(text.AsMemory(), 0)).Whole, words);
            foreach (TextSlice word in words)
            {
                string key = word.Span.ToString();
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }
        return counts;
    }

    private static IEnumerable<string> Pieces(Dictionary<string, long> words, int size, int minFrequency)
    {
        var merger = new PairMerger(Split(words, Math.Max(LeastCharacters, size / 2)));
        List<string> pieces = [.. _specialTokens, .. merger.Symbols.Order(StringComparer.Ordinal)];
        var known = new HashSet<string>(pieces, StringComparer.Ordinal);
        while (pieces.Count < size && merger.MergeMostFrequent(minFrequency) is { } piece)
        {
            if (known.Add(piece))
            {
                pieces.Add(piece);
            }
        }
        return pieces.Take(size);
    }

    // Words as lists of single characters, with their counts; words with a character that is too rare are left out.
    private static IEnumerable<(List<string> Symbols, long Count)> Split(Dictionary<string, long> words, int maxCharacters)
    {
        var characters = new Dictionary<Rune, long>();
        foreach ((string word, long count) in words)
        {
            foreach (Rune rune in word.EnumerateRunes())
            {
                characters[rune] = characters.GetValueOrDefault(rune) + count;
            }
        }
        HashSet<Rune> alphabet = [.. characters.OrderByDescending(item => item.Value).ThenBy(item => item.Key).Take(maxCharacters).Select(item => item.Key)];
        return words.OrderBy(item => item.Key, StringComparer.Ordinal)
            .Where(item => item.Key.EnumerateRunes().All(alphabet.Contains))
            .Select(item => (item.Key.EnumerateRunes().Select((rune, index) => index == 0 ? rune.ToString() : Prefix + rune).ToList(), item.Value));
    }

    /// <summary>Words as lists of symbols, and how often each pair of neighbours occurs.</summary>
    private sealed class PairMerger
    {
        private readonly List<(List<string> Symbols, long Count)> _words;
        private readonly Dictionary<(string, string), long> _counts = [];
        private readonly Dictionary<(string, string), HashSet<int>> _places = [];
        private readonly PriorityQueue<(string, string), (long, string, string)> _queue = new(Comparer<(long Count, string First, string Second)>.Create(Order));

        public PairMerger(IEnumerable<(List<string> Symbols, long Count)> words)
        {
            _words = [.. words];
            for (int word = 0; word < _words.Count; word++)
            {
                Count(word, 1);
            }
            foreach ((string, string) pair in _counts.Keys.ToArray())
            {
                Enqueue(pair);
            }
        }

        public IEnumerable<string> Symbols => _words.SelectMany(word => word.Symbols).Distinct();

        /// <summary>Joins the most frequent pair wherever it occurs; null where none is frequent enough.</summary>
        public string? MergeMostFrequent(long minFrequency)
        {
            while (_queue.TryDequeue(out (string First, string Second) pair, out (long Count, string, string) priority))
            {
                // An entry whose count is no longer true has been followed by a newer one.
                if (_counts.GetValueOrDefault(pair) != priority.Count)
                {
                    continue;
                }
                if (priority.Count < minFrequency)
                {
                    return null;
                }
                string joined = pair.First + pair.Second[Prefix.Length..];
                Merge(pair, joined);
                return joined;
            }
            return null;
        }

        // The highest count first; among equal counts the order of the texts of the pieces, so that the result does not depend on chance.
        private static int Order((long Count, string First, string Second) a, (long Count, string First, string Second) b)
        {
            int byCount = b.Count.CompareTo(a.Count);
            int byFirst = byCount != 0 ? byCount : string.CompareOrdinal(a.First, b.First);
            return byFirst != 0 ? byFirst : string.CompareOrdinal(a.Second, b.Second);
        }

        private void Merge((string First, string Second) pair, string joined)
        {
            var changed = new HashSet<(string, string)>();
            foreach (int word in _places[pair].ToArray())
            {
                List<string> symbols = _words[word].Symbols;
                changed.UnionWith(Count(word, -1));
                for (int i = 0; i + 1 < symbols.Count; i++)
                {
                    if (symbols[i] == pair.First && symbols[i + 1] == pair.Second)
                    {
                        symbols[i] = joined;
                        symbols.RemoveAt(i + 1);
                    }
                }
                changed.UnionWith(Count(word, 1));
            }
            foreach ((string, string) other in changed)
            {
                Enqueue(other);
            }
        }

        // Adds the pairs of a word, or takes them away; returns them.
        private List<(string, string)> Count(int word, int sign)
        {
            (List<string> symbols, long count) = _words[word];
            var pairs = new List<(string, string)>(symbols.Count);
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                (string, string) pair = (symbols[i], symbols[i + 1]);
                pairs.Add(pair);
                _counts[pair] = _counts.GetValueOrDefault(pair) + sign * count;
                if (!_places.TryGetValue(pair, out HashSet<int>? places))
                {
                    _places[pair] = places = [];
                }
                if (sign > 0)
                {
                    places.Add(word);
                }
                else
                {
                    places.Remove(word);
                }
            }
            return pairs;
        }

        private void Enqueue((string First, string Second) pair)
        {
            long count = _counts[pair];
            if (count > 0)
            {
                _queue.Enqueue(pair, (count, pair.First, pair.Second));
            }
        }
    }
}
