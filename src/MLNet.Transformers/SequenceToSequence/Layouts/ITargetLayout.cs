using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;
using static TorchSharp.torch;

namespace MLNet.Transformers.SequenceToSequence.Layouts;

/// <summary>How a network reads a source, and where the target stands that it is to write.</summary>
internal interface ITargetLayout
{
    /// <summary>Sources, to be answered or gone on with.</summary>
    TokenBatch Prompt(IReadOnlyList<int[]> sources, NetworkInputs inputs);

    /// <summary>Sources with their targets, and a label for each token that the head scores, (batch, tokens).</summary>
    (TokenBatch Batch, Tensor Labels) Learn(IReadOnlyList<SourceTarget> rows, NetworkInputs inputs);

    /// <summary>Where the first token of a target is guessed in what <see cref="Learn"/> makes: the place of its scores; those of the others follow.</summary>
    /// <param name="source">Tokens of the target's source.</param>
    /// <param name="longestSource">Tokens of the longest source of the batch.</param>
    int FirstScore(int source, int longestSource);

    /// <summary>The layout of a head, by its row of the table.</summary>
    /// <exception cref="InvalidOperationException">The tokenizer lacks a token of a blank.</exception>
    static ITargetLayout Of(HeadSpec head, TextEncoder tokenizer) => head switch
    {
        { Blank: { } blank } => new BlankLayout([.. blank.Masks.Select(tokenizer.TokenToId).OfType<int>()], Required(tokenizer, head, blank.Start)),
        { Kind: HeadKind.SequenceToSequence } => new SourceLayout(),
        _ => new ContinuationLayout(),
    };

    private static int Required(TextEncoder tokenizer, HeadSpec head, string token) => tokenizer.TokenToId(token)
        ?? throw new InvalidOperationException($"The tokenizer has no token '{token}', behind which {head.ClassName} writes into a blank.");
}
