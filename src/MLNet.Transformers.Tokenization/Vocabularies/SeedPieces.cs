using System.Text;

namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>
/// The pieces that a Unigram vocabulary begins with: stretches of words that occur often enough, each as long as it can be without occurring less
/// often. They are the inner nodes of the words' suffix tree, read from a sorted list of all places in words (sentencepiece:
/// unigram_model_trainer.cc, MakeSeedSentencePieces). A word counts as often as it occurs in the texts, and its end as a place where texts go on
/// differently, so that a frequent word is a piece although no other begins with it.
/// </summary>
internal sealed class SeedPieces
{
    // Lies between words, before all characters in order.
    private const int Boundary = 0;

    private readonly int[] _characters;
    private readonly long[] _counts;
    private readonly int[] _places;
    private readonly int _maxLength;

    private SeedPieces(IReadOnlyList<(string Word, long Count)> words, int maxLength)
    {
        _maxLength = maxLength;
        var characters = new List<int>();
        var counts = new List<long>();
        foreach ((string word, long count) in words)
        {
            characters.AddRange(word.EnumerateRunes().Select(rune => rune.Value));
            characters.Add(Boundary);
            counts.AddRange(Enumerable.Repeat(count, characters.Count - counts.Count));
        }
        (_characters, _counts) = ([.. characters], [.. counts]);
        _places = SortedPlaces();
    }

    /// <summary>Pieces with a measure of how much of the texts they cover, characters first.</summary>
    /// <param name="words">The words, and the characters that each have to have a piece.</param>
    /// <param name="options">Says how long pieces are, how often they have to occur, and how many there are at most.</param>
    public static IReadOnlyList<(string Text, double Weight)> Find(CoveredWords words, UnigramVocabularyOptions options)
    {
        var stretches = new SeedPieces(words.Words, options.MaxPieceLength).Stretches(options.MinFrequency);
        return
        [
            .. words.Characters.Select(item => (item.Character.ToString(), (double)item.Count)),
            .. stretches.OrderByDescending(item => item.Weight).ThenBy(item => item.Text, StringComparer.Ordinal).Take(Math.Max(0, options.SeedSize - words.Characters.Count)),
        ];
    }

    // Each first character by itself, on all cores.
    private int[] SortedPlaces()
    {
        int[][] byFirst =
        [
            .. Enumerable.Range(0, _characters.Length).Where(place => _characters[place] != Boundary).GroupBy(place => _characters[place])
                .OrderBy(group => group.Key).Select(group => group.ToArray()),
        ];
        Parallel.ForEach(byFirst, places => Array.Sort(places, (a, b) => From(a).SequenceCompareTo(From(b))));
        return [.. byFirst.SelectMany(places => places)];
    }

    // One character more than a piece has tells whether all that begin alike go on alike.
    private ReadOnlySpan<int> From(int place) => _characters.AsSpan(place, Math.Min(_maxLength + 1, _characters.Length - place));

    private int SharedLength(int index)
    {
        if (index <= 0 || index >= _places.Length)
        {
            return 0;
        }
        ReadOnlySpan<int> first = From(_places[index - 1]);
        int shared = first.CommonPrefixLength(From(_places[index]));
        return first[..shared].IndexOf(Boundary) is >= 0 and var end ? end : shared;
    }

    private List<(string Text, double Weight)> Stretches(int minFrequency)
    {
        List<(string, double)> found = [];
        // Stretches that begin the places so far, the longest last, and how often each occurred.
        var open = new Stack<(int Length, long Count)>([(0, 0)]);
        for (int i = 1; i <= _places.Length; i++)
        {
            int shared = SharedLength(i);
            int place = _places[i - 1];
            long count = _counts[place];
            int rest = From(place).IndexOf(Boundary);
            if (rest > Math.Max(shared, open.Peek().Length))
            {
                Add(place, rest, count);
            }
            while (open.Peek().Length > shared)
            {
                (int length, long before) = open.Pop();
                count += before;
                Add(place, length, count);
            }
            if (open.Peek().Length == shared)
            {
                (int length, long before) = open.Pop();
                open.Push((length, before + count));
            }
            else
            {
                open.Push((shared, count));
            }
        }
        return found;

        void Add(int place, int length, long count)
        {
            if (length >= 2 && length <= _maxLength && count >= minFrequency)
            {
                found.Add((Text(place, length), (double)count * length));
            }
        }
    }

    private string Text(int place, int length)
    {
        var text = new StringBuilder(length);
        foreach (int character in _characters.AsSpan(place, length))
        {
            text.Append(new Rune(character));
        }
        return text.ToString();
    }
}
