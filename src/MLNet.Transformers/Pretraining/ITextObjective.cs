using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>What is learnt of plain text: how documents become blocks, and what is drawn and learnt of a batch of them.</summary>
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
internal sealed record ObjectiveContext(TextEncoder Tokenizer, ModelConfig Config, HeadSpec Head, int MaxTokens);
