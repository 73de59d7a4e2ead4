using MLNet.Transformers.Tokenization.Unicode;
using MLNet.Transformers.Tokenization.Vocabularies;

namespace MLNet.Transformers.Tokenization;

/// <summary>
/// Makes a vocabulary of byte-level byte-pair encoding, as GPT-2, RoBERTa, BART and LLaMA 3 have one: from the 256 bytes, the pair of neighbouring
/// pieces that occurs most often within GPT-2's words is joined again and again, so that no text is unknown (Radford et al. 2019, §2.2; tokenizers:
/// models/bpe/trainer.rs, whose merges it gives: of equally frequent pairs the one of lower ids comes first).
/// </summary>
public static class ByteLevelBpeTrainer
{
    /// <summary>Trains a vocabulary. The same texts in any order, on any number of cores, give the same vocabulary.</summary>
    /// <param name="texts">The texts, read once; null counts as empty. What is kept of them is their distinct words.</param>
    /// <param name="size">Most tokens, special ones included; fewer where no pair is frequent enough. At least 256 and the special tokens.</param>
    /// <param name="options">Null: a vocabulary with BART's special tokens.</param>
    /// <returns>The tokenizer; <see cref="TextEncoder.Save"/> writes its tokenizer.json, which the reference implementation opens.</returns>
    /// <exception cref="ArgumentException">There is no text, the size has no room for the bytes and special tokens, or these contradict each other.</exception>
    public static TextEncoder Train(IEnumerable<string?> texts, int size, ByteLevelBpeVocabularyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        options ??= new ByteLevelBpeVocabularyOptions();
        options.Check();
        string[] bytes = [.. Enumerable.Range(0, 256).Select(value => ByteAlphabet.Character((byte)value).ToString()).Order(StringComparer.Ordinal)];
        options.CheckSize(size, bytes.Length, "bytes");
        var pipeline = new PipelineJson
        {
            PreTokenizer = ByteLevel(options),
            Decoder = ByteLevel(options),
            // Tokens have the places of their words, without the blank before it.
            Trims = ByteLevel(options),
        };
        (string Word, long Count)[] words = WordCounts.Of(texts, pipeline);
        if (words.Length == 0)
        {
            throw VocabularyOptions.NoWord();
        }
        var pieces = new PieceTable(options.SpecialTokens.First.Concat(bytes));
        var merger = new PairMerger(
            words.Select(word => (word.Word.Select(value => pieces.Add(value.ToString())).ToArray(), word.Count)), Comparer<(int, int)>.Default.Compare);
        var merges = new List<string[]>();
        while (pieces.Count < size - options.SpecialTokens.Last.Count
            && merger.MergeMostFrequent(options.MinFrequency, (first, second) => pieces.Add(pieces[first] + pieces[second])) is (var left, var right))
        {
            merges.Add([pieces[left], pieces[right]]);
        }
        return new VocabularyFiles(options.SpecialTokens, pipeline, pieces.Count).Open(new
        {
            type = "BPE", dropout = (double?)null, unk_token = (string?)null, continuing_subword_prefix = (string?)null, end_of_word_suffix = (string?)null,
            fuse_unk = false, byte_fallback = false, ignore_merges = false, vocab = pieces.Ids, merges,
        });
    }

    private static object ByteLevel(ByteLevelBpeVocabularyOptions options) =>
        new { type = "ByteLevel", add_prefix_space = options.AddPrefixSpace, trim_offsets = true, use_regex = true };
}
