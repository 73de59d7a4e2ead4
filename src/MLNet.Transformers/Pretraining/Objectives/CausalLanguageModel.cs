using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;
using MLNet.Transformers.Training;
using static TorchSharp.torch;

namespace MLNet.Transformers.Pretraining;

/// <summary>Learns what <see cref="CausalLanguageModelObjective"/> says. Nothing is drawn at random.</summary>
internal sealed class CausalLanguageModel : ITextObjective
{
    private readonly bool _acrossDocuments;

    public CausalLanguageModel(ObjectiveContext context, bool acrossDocuments)
    {
        if (context.Head.LabelShift == 0)
        {
            throw new NotSupportedException(
                $"{context.Head.ClassName} guesses the token at each place, not the one that follows it: it is pretrained by an objective that fills blanks.");
        }
        _acrossDocuments = acrossDocuments;
        TextTemplate template = TextTemplate.OfText(context.Tokenizer, context.Config);
        Blocks = new BlockShape(context.MaxTokens)
        {
            Shortest = 2, Packed = true, DocumentStart = template.Front,
            DocumentEnd = template.Behind is [] && context.Tokenizer.EndTokenId is { } end ? [end] : template.Behind,
        };
    }

    public BlockShape Blocks { get; }

    public string Identity => $"causal language model|{_acrossDocuments}";

    public LabelledBatch Prepare(IReadOnlyList<TextBlock> features, NetworkInputs inputs, Random random)
    {
        TokenBatch batch = inputs.Pad([.. features.Select(block => block.Tokens)]);
        // What follows the end of a document is another one, which cannot be guessed.
        Tensor labels = inputs.Labels([.. features.Select(block => _acrossDocuments ? block.Ids : WithoutFirsts(block))]);
        if (!_acrossDocuments && features.Any(block => block.DocumentEnds.Length > 1))
        {
            batch = batch with { Mask = OwnDocument(features, batch.Length, inputs) };
        }
        return new LabelledBatch(batch, HeadLoss.Terms(inputs.Network, batch, new HeadLabels(labels)));
    }

    private static int[] WithoutFirsts(TextBlock block)
    {
        int[] labels = [.. block.Ids];
        foreach (int start in block.DocumentEnds.SkipLast(1))
        {
            labels[start] = (int)LossTerm.Ignored;
        }
        return labels;
    }

    // (batch, queries, keys): of its own document each token sees those before it and itself. Positions need not begin anew: the networks of this head turn
    // queries and keys, and only the distance between two tokens counts. Padding sees itself.
    private static Tensor OwnDocument(IReadOnlyList<TextBlock> features, long length, NetworkInputs inputs)
    {
        var documents = new long[features.Count * length];
        for (int row = 0; row < features.Count; row++)
        {
            for (int i = 0, document = 0; i < length; i++)
            {
                document += document < features[row].DocumentEnds.Length && i == features[row].DocumentEnds[document] ? 1 : 0;
                documents[row * length + i] = document;
            }
        }
        Tensor of = tensor(documents, [features.Count, length], device: inputs.Network.Device);
        return of.unsqueeze(2).eq(of.unsqueeze(1)).tril();
    }
}
