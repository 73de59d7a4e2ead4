using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>What is learnt of plain text: how documents become blocks, and what is drawn and learnt of a batch of them.</summary>
/// <remarks>The first term of its loss is the mean over the tokens that are to be guessed: perplexity is that of it.</remarks>
internal interface ITextObjective : IObjective<TextBlock>
{
    /// <summary>How documents become blocks.</summary>
    BlockShape Blocks { get; }
}

/// <summary>What an objective is made for.</summary>
/// <param name="Tokenizer">Makes tokens of the documents, and knows the special ones.</param>
/// <param name="Config">Of the network.</param>
/// <param name="Head">The head that <see cref="PretrainingObjective.Head"/> asks for, as its architecture has it.</param>
/// <param name="MaxTokens">Most tokens that the network is to read at once, special tokens included; of a target, too.</param>
internal sealed record ObjectiveContext(TextEncoder Tokenizer, ModelConfig Config, HeadSpec Head, int MaxTokens)
{
    private const int LeastRoom = 2;

    /// <exception cref="NotSupportedException">The architecture has no head for the objective.</exception>
    public static ObjectiveContext Of(PretrainingSettings settings, TextEncoder tokenizer, ModelConfig config) =>
        new(tokenizer, config, ArchitectureRegistry.Of(config).Head(settings.Objective.Head), settings.MaxTokens);

    /// <summary>How many tokens of text fit in a sequence.</summary>
    /// <param name="special">Special tokens of a sequence.</param>
    /// <exception cref="InvalidOperationException">Hardly any do.</exception>
    public int Room(int special) => MaxTokens - special >= LeastRoom
        ? MaxTokens - special
        : throw new InvalidOperationException(
            $"{nameof(TextOptions.MaxTokens)} is {MaxTokens}, of which {special} are special tokens; a text needs {LeastRoom} more, so give at least {special + LeastRoom}.");
}
