using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.SequenceToSequence;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.BlankFilling;

/// <summary>
/// The network reads a mask at each blank and writes the whole text anew (Lewis et al. 2020, §2.2: text infilling); what fills a blank is what it wrote between
/// the tokens that stand around it. Where it changed those, what fills the blanks cannot be told. Of two blanks side by side the second has all that fills both.
/// </summary>
internal sealed class RewritingFiller : IBlankFiller
{
    private static readonly EncodeOptions _bare = new() { AddSpecialTokens = false };

    private readonly TextEncoder _tokenizer;
    private readonly SourceWriter _writer;
    private readonly BlankStretches _stretches;
    private readonly HashSet<int> _template;

    public RewritingFiller(TextEncoder tokenizer, ModelConfig config, MaskedLanguageModelSettings settings)
    {
        (_tokenizer, Marks, _writer) = (tokenizer, IBlankFiller.MaskOf(tokenizer), new SourceWriter(tokenizer, config, settings.Writing!));
        _stretches = new BlankStretches(tokenizer, config, Marks, settings.MaxTokens);
        int?[] ends = [tokenizer.BeginTokenId, tokenizer.EndTokenId, tokenizer.PadTokenId];
        _template = [.. tokenizer.Encode("").Ids, .. ends.OfType<int>()];
    }

    public BlankMarks Marks { get; }

    public Filling[][] Fill(TaskModel network, IReadOnlyList<TextWithBlanks> texts, BatchLimits limits, Action checkAlive) => _stretches.Fill(texts, stretches =>
    {
        GeneratedText[] written = _writer.Write(network, [.. stretches.Select(stretch => stretch.Tokens)], limits, checkAlive);
        return [.. stretches.Select((stretch, number) => Fillings(stretch, [.. written[number].Ids.Where(id => !_template.Contains(id))]))];
    });

    /// <summary>The parts of a text as they are looked for: white space before a blank belongs to what fills it, in vocabularies that have it in their tokens.</summary>
    public static int[][] Parts(TextEncoder tokenizer, IReadOnlyList<string> around) =>
        [.. around.Select((part, number) => tokenizer.Encode(number == 0 ? part.Trim() : part.TrimEnd(), null, _bare).Ids)];

    /// <summary>What is written between the parts of a text.</summary>
    /// <param name="written">Ids of what the network wrote.</param>
    /// <param name="around">Ids of what stands before the first blank, between two, and behind the last.</param>
    /// <returns>Of each blank its ids; null: the parts are not all there, in their order, the first at the beginning and the last at the end.</returns>
    public static int[][]? Read(ReadOnlySpan<int> written, IReadOnlyList<int[]> around)
    {
        if (!written.StartsWith(around[0]))
        {
            return null;
        }
        var fillings = new int[around.Count - 1][];
        ReadOnlySpan<int> left = written[around[0].Length..];
        for (int blank = 0; blank < fillings.Length; blank++)
        {
            ReadOnlySpan<int> next = around[blank + 1];
            int length = blank < fillings.Length - 1 ? left.IndexOf(next) : left.EndsWith(next) ? left.Length - next.Length : -1;
            if (length < 0)
            {
                return null;
            }
            fillings[blank] = left[..length].ToArray();
            left = left[(length + next.Length)..];
        }
        return fillings;
    }

    private Filling[] Fillings(BlankStretch stretch, int[] written)
    {
        int[][]? fillings = Read(written, Parts(_tokenizer, stretch.Around));
        return [.. Enumerable.Range(0, stretch.Blanks).Select(blank =>
            Filling.OfWritten(fillings is null ? null : _tokenizer.Decode(fillings[blank]).Trim(), stretch.IsCut))];
    }
}
