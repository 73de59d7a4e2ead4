using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Text;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.BlankFilling;

/// <summary>A way in which networks fill blanks.</summary>
internal interface IBlankFiller
{
    /// <summary>What stands for a blank.</summary>
    BlankMarks Marks { get; }

    /// <summary>Fills the blanks of texts.</summary>
    /// <param name="network">The network, in eval mode.</param>
    /// <param name="texts">The texts; some may have no blank.</param>
    /// <param name="limits">How much a batch may hold.</param>
    /// <param name="checkAlive">Called between batches; throws where nobody wants the texts any more.</param>
    /// <returns>Of each text a filling for each blank.</returns>
    Filling[][] Fill(TaskModel network, IReadOnlyList<TextWithBlanks> texts, BatchLimits limits, Action checkAlive);

    /// <summary>The way of a head, by its row of the table and the tokens that there are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for a blank.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer has no token that stands for a blank.</exception>
    static IBlankFiller Of(HeadSpec head, TextEncoder tokenizer, ModelConfig config, MaskedLanguageModelSettings settings)
    {
        int[] sentinels = Sentinels.Of(tokenizer, config);
        return head switch
        {
            { Blank: { } blank } => new BlankByBlankFiller(head, blank, tokenizer, config, settings),
            { Kind: HeadKind.SequenceToSequence } when sentinels.Length > 0 => new SentinelFiller(sentinels, tokenizer, config, settings),
            { Kind: HeadKind.SequenceToSequence } => new RewritingFiller(tokenizer, config, settings),
            _ => new MaskFiller(tokenizer, config, settings),
        };
    }

    /// <summary>The mask token as the mark of all blanks.</summary>
    /// <exception cref="InvalidOperationException">The tokenizer has none.</exception>
    static BlankMarks MaskOf(TextEncoder tokenizer) => tokenizer.MaskTokenId is { } id
        ? new([tokenizer.IdToToken(id)!], Numbered: false)
        : throw new InvalidOperationException(
            $"The tokenizer has neither a mask token ('mask_token') nor sentinels ({Sentinels.Name(0)}, {Sentinels.Name(1)}, …): a network reads one of them where a text has a blank.");
}
