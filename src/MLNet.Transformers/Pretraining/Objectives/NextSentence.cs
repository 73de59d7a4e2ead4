using System.Globalization;
using MLNet.Transformers.Batching;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>Hidden tokens of pairs of texts, and whether the second follows the first (Devlin et al. 2019, §3.1).</summary>
internal sealed class NextSentence : ITextObjective
{
    private readonly HiddenTokens _hidden;
    private readonly TextTemplate _template;
    private readonly double _shortShare;

    public NextSentence(ObjectiveContext context, MaskedLanguageModelObjective options)
    {
        _hidden = new HiddenTokens(context, options);
        _template = TextTemplate.OfPair(context.Tokenizer, context.Config);
        _shortShare = options.ShortShare;
        Blocks = new BlockShape(context.Room(_template.Length)) { Shortest = 2, NeedsOthers = true };
    }

    public BlockShape Blocks { get; }

    public string Identity => string.Create(CultureInfo.InvariantCulture, $"next sentence|{_hidden.Identity}|{_shortShare:R}");

    public LabelledBatch Prepare(IReadOnlyList<TextBlock> features, NetworkInputs inputs, Random random)
    {
        SentencePair[] pairs = [.. features.Select(block => SentencePair.Draw(block, Blocks.Length, _shortShare, random))];
        return MaskedLanguageModel.Batch(
            [.. pairs.Select(pair => _hidden.Hide(_template.Around(pair.First, pair.Second), random))], inputs, [.. pairs.Select(pair => pair.Follows)]);
    }
}
