namespace MLNet.Transformers.Models;

/// <summary>What a network's head computes.</summary>
public enum HeadKind
{
    /// <summary>No head: hidden states and the pooled vector.</summary>
    None,

    /// <summary>One score per class and sequence.</summary>
    SequenceClassification,

    /// <summary>One score per class and token.</summary>
    TokenClassification,

    /// <summary>Two scores per token: start and end of an answer.</summary>
    QuestionAnswering,

    /// <summary>One score per vocabulary entry and token.</summary>
    MaskedLanguageModel,

    /// <summary>The heads of the architecture's own pretraining objective.</summary>
    Pretraining,

    /// <summary>No head, no pooled vector, and of an encoder-decoder the encoder alone: its hidden states.</summary>
    Encoder,

    /// <summary>One score per vocabulary entry for the token that follows each token.</summary>
    CausalLanguageModel,

    /// <summary>One score per vocabulary entry for each token of a target, given a source.</summary>
    SequenceToSequence,

    /// <summary>A language model that ranks choices by their tokens' probabilities at given places.</summary>
    MultipleChoice,
}
