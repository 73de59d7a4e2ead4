using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.Pretraining;

/// <summary>Hidden tokens of whole sentences, of one document or several with a separator between them.</summary>
internal sealed class MaskedLanguageModel : ITextObjective
{
    private readonly HiddenTokens _hidden;
    private readonly TextTemplate _template;

    public MaskedLanguageModel(ObjectiveContext context, MaskedLanguageModelObjective options)
    {
        _hidden = new HiddenTokens(context, options);
        _template = TextTemplate.OfText(context.Tokenizer, context.Config);
        Blocks = new BlockShape(context.Room(_template.Length))
        {
            Packed = true, WholeSentences = true, DocumentEnd = context.Tokenizer.SeparatorTokenId is { } separator ? [separator] : [],
        };
    }

    public BlockShape Blocks { get; }

    public string Identity => $"masked language model|{_hidden.Identity}";

    public LabelledBatch Prepare(IReadOnlyList<TextBlock> features, NetworkInputs inputs, Random random) =>
        Batch([.. features.Select(block => _hidden.Hide(_template.Around(Trimmed(block.Ids)), random))], inputs);

    /// <summary>A batch of sequences in which tokens were hidden.</summary>
    /// <param name="hidden">What is read, and of each token what it was where it is to be guessed.</param>
    /// <param name="inputs">Makes the tensors.</param>
    /// <param name="follows">Of pairs, whether the second text follows the first; null: it is not to be guessed.</param>
    public static LabelledBatch Batch(IReadOnlyList<(TokenSequence Read, int[] Labels)> hidden, NetworkInputs inputs, IReadOnlyList<bool>? follows = null)
    {
        // Scores over the vocabulary cost a small network more than its layers: only what is to be guessed is scored (as gather_indexes in run_pretraining.py).
        Tensor all = inputs.Labels([.. hidden.Select(row => row.Labels)]).flatten();
        Tensor scored = all.ne(Number(LossTerm.Ignored)).nonzero().flatten();
        TokenBatch batch = inputs.Pad([.. hidden.Select(row => row.Read)]) with { Scored = scored };
        var labels = new HeadLabels(all.index_select(0, scored))
        {
            NextSentence = follows is null ? null : inputs.Labels(follows.Select(row => row ? 0 : 1)),
        };
        return new LabelledBatch(batch, HeadLoss.Terms(inputs.Network, batch, labels));
    }

    // The template has a separator at the end already.
    private int[] Trimmed(int[] ids) => ids.AsSpan().Trim<int>(Blocks.DocumentEnd).ToArray();
}
