using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.BlankFilling;

/// <summary>Each blank is a sentinel of its own, and what fills it is written behind the same sentinel (Raffel et al. 2020, §3.1.4).</summary>
internal sealed class SentinelFiller : IBlankFiller
{
    private readonly int[] _sentinels;
    private readonly TextEncoder _tokenizer;
    private readonly SourceWriter _writer;
    private readonly BlankStretches _stretches;

    public SentinelFiller(int[] sentinels, TextEncoder tokenizer, ModelConfig config, MaskedLanguageModelSettings settings)
    {
        (_sentinels, _tokenizer, _writer) = (sentinels, tokenizer, new SourceWriter(tokenizer, config, settings.Writing!));
        Marks = new BlankMarks([.. sentinels.Select((_, number) => Sentinels.Name(number))], Numbered: true);
        _stretches = new BlankStretches(tokenizer, config, Marks, settings.MaxTokens);
    }

    public BlankMarks Marks { get; }

    public Filling[][] Fill(TaskModel network, IReadOnlyList<TextWithBlanks> texts, BatchLimits limits, Action checkAlive) => _stretches.Fill(texts, stretches =>
    {
        GeneratedText[] written = _writer.Write(network, [.. stretches.Select(stretch => stretch.Tokens)], limits, checkAlive);
        return [.. stretches.Select((stretch, number) => Read(written[number].Ids, _sentinels, stretch.Blanks)
            .Select(ids => Filling.OfWritten(ids is null ? null : _tokenizer.Decode(ids).Trim(), stretch.IsCut)).ToArray())];
    });

    /// <summary>What is written behind each sentinel, up to the next one; null for those that are not written.</summary>
    /// <param name="written">What the network wrote.</param>
    /// <param name="sentinels">Ids of all sentinels, in their order.</param>
    /// <param name="blanks">How many of them were read.</param>
    public static int[]?[] Read(IReadOnlyList<int> written, int[] sentinels, int blanks)
    {
        int[] ids = [.. written];
        return [.. sentinels.Take(blanks).Select(sentinel => Array.IndexOf(ids, sentinel) is >= 0 and var at
            ? ids.Skip(at + 1).TakeWhile(id => !sentinels.Contains(id)).ToArray()
            : null)];
    }
}
