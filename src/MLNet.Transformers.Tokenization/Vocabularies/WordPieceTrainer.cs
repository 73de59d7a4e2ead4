using System.Text;
using MLNet.Transformers.Tokenization.Formats;
using MLNet.Transformers.Tokenization.Vocabularies;

namespace MLNet.Transformers.Tokenization;

/// <summary>
/// Makes a WordPiece vocabulary for a new language or domain, as BERT has one: from single characters, the pair of neighbouring pieces that occurs most
/// often is joined again and again (as the tokenizers library's WordPieceTrainer does, which is byte-pair merging with WordPiece's way of writing pieces).
/// </summary>
public static class WordPieceTrainer
{
    private const string Prefix = "##";

    // Rarer characters are left unknown: beyond 1,000 as in the reference, but a large vocabulary, as Chinese needs one, has half its room for them.
    private const int LeastCharacters = 1000;

    /// <summary>Trains a vocabulary. The same texts in any order, on any number of cores, give the same vocabulary.</summary>
    /// <param name="texts">The texts, read once; null counts as empty. What is kept of them is their distinct words.</param>
    /// <param name="size">Most tokens, special ones included; fewer where no pair is frequent enough.</param>
    /// <param name="options">Null: a vocabulary in lower case with BERT's special tokens.</param>
    /// <returns>The tokenizer; <see cref="TextEncoder.Save"/> writes its tokenizer.json and vocab.txt, which the reference implementation opens.</returns>
    /// <exception cref="ArgumentException">There is not a single word in the texts, the size has no room for special tokens, or these contradict each other.</exception>
    public static TextEncoder Train(IEnumerable<string?> texts, int size, WordPieceVocabularyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new WordPieceVocabularyOptions();
        options.Check();
        options.CheckSize(size, 1, "piece");
        SpecialTokens special = options.SpecialTokens;
        var pipeline = new PipelineJson
        {
            Normalizer = new { type = "BertNormalizer", clean_text = true, handle_chinese_chars = true, strip_accents = (bool?)null, lowercase = options.Lowercase },
            PreTokenizer = new { type = "BertPreTokenizer" },
            Decoder = new { type = "WordPiece", prefix = Prefix, cleanup = true },
            MaskStripsLeft = false,
        };
        (string Word, long Count)[] words = WordCounts.Of(texts, pipeline);
        if (words.Length == 0)
        {
            throw VocabularyOptions.NoWord();
        }
        var pieces = new PieceTable(Pieces(words, size - special.Last.Count, options));
        var model = new
        {
            type = "WordPiece", unk_token = special.Roles["unk_token"], continuing_subword_prefix = Prefix, max_input_chars_per_word = 100, vocab = pieces.Ids,
        };
        string lines = string.Concat(pieces.Pieces.Concat(special.Last).Select(piece => piece + "\n"));
        return new VocabularyFiles(special, pipeline, pieces.Count).Open(
            model,
            new Dictionary<string, byte[]> { [VocabTxt.FileName] = Encoding.UTF8.GetBytes(lines) },
            new Dictionary<string, object> { ["do_lower_case"] = options.Lowercase });
    }

    private static IEnumerable<string> Pieces((string Word, long Count)[] words, int size, WordPieceVocabularyOptions options)
    {
        List<(string[] Symbols, long Count)> split = [.. Split(words, Math.Max(LeastCharacters, size / 2))];
        var pieces = new PieceTable(options.SpecialTokens.First.Concat(split.SelectMany(word => word.Symbols).Distinct().Order(StringComparer.Ordinal)));
        var merger = new PairMerger(split.Select(word => (Array.ConvertAll(word.Symbols, pieces.Add), word.Count)), Order);
        while (pieces.Count < size && merger.MergeMostFrequent(options.MinFrequency, Join) is not null)
        {
        }
        return pieces.Pieces.Take(size);

        int Join(int first, int second) => pieces.Add(pieces[first] + pieces[second][Prefix.Length..]);

        // The order of the texts of the pieces, so that the result does not depend on chance.
        int Order((int First, int Second) a, (int First, int Second) b) => string.CompareOrdinal(pieces[a.First], pieces[b.First]) is not 0 and var byFirst
            ? byFirst
            : string.CompareOrdinal(pieces[a.Second], pieces[b.Second]);
    }

    // Words as lists of single characters, with their counts; words with a character that is too rare are left out.
    private static IEnumerable<(string[] Symbols, long Count)> Split((string Word, long Count)[] words, int maxCharacters)
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
        return words
            .Where(item => item.Word.EnumerateRunes().All(alphabet.Contains))
            .Select(item => (item.Word.EnumerateRunes().Select((rune, index) => index == 0 ? rune.ToString() : Prefix + rune).ToArray(), item.Count));
    }
}
