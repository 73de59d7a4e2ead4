using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using MLNet.Transformers.Tokenization.Formats;
using MLNet.Transformers.Tokenization.Normalizers;
using MLNet.Transformers.Tokenization.PreTokenizers;

namespace MLNet.Transformers.Tokenization.Vocabularies;

/// <summary>How often each word occurs in texts of any number: they are read once, and only distinct words are kept.</summary>
internal static class WordCounts
{
    private const int TextsAtOnce = 64;

    /// <summary>Counts on all cores; the result does not depend on how many there are.</summary>
    /// <param name="texts">The texts; null counts as empty.</param>
    /// <param name="pipeline">How the tokenizer will normalize and cut texts.</param>
    /// <param name="cut">Cuts words further; null: not.</param>
    /// <returns>Words in ordinal order.</returns>
    public static (string Word, long Count)[] Of(IEnumerable<string?> texts, PipelineJson pipeline, IPreTokenizer? cut = null)
    {
        INormalizer? normalizer = pipeline.Normalizer is { } json ? Components.Normalizer(Node(json)) : null;
        IPreTokenizer preTokenizer = Components.PreTokenizer(Node(pipeline.PreTokenizer));
        IPreTokenizer all = cut is null ? preTokenizer : new SequencePreTokenizer([preTokenizer, cut]);
        var total = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            Parallel.ForEach(
                Partitioner.Create(texts.Chunk(TextsAtOnce), EnumerablePartitionerOptions.NoBuffering),
                () => new Dictionary<string, long>(StringComparer.Ordinal),
                (chunk, _, counts) => Add(chunk, normalizer, all, counts),
                counts => AddAll(counts, total));
        }
        catch (AggregateException error)
        {
            // What went wrong while the texts were read is the caller's own error.
            ExceptionDispatchInfo.Throw(error.Flatten().InnerExceptions[0]);
        }
        return [.. total.Select(item => (item.Key, item.Value)).OrderBy(item => item.Key, StringComparer.Ordinal)];
    }

    private static Dictionary<string, long> Add(string?[] texts, INormalizer? normalizer, IPreTokenizer preTokenizer, Dictionary<string, long> counts)
    {
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = new List<TextSlice>();
        foreach (string? text in texts)
        {
            var aligned = AlignedText.Of((text ?? "").AsMemory(), 0);
            words.Clear();
            preTokenizer.Split((normalizer?.Normalize(aligned) ?? aligned).Whole, words);
            foreach (TextSlice word in words)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(lookup, word.Span, out _)++;
            }
        }
        return counts;
    }

    private static void AddAll(Dictionary<string, long> counts, Dictionary<string, long> total)
    {
        lock (total)
        {
            foreach ((string word, long count) in counts)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(total, word, out _) += count;
            }
        }
    }

    private static JsonNode Node(object json) => JsonNode.Parse(JsonSerializer.SerializeToUtf8Bytes(json), TokenizerJson.FileName);
}
