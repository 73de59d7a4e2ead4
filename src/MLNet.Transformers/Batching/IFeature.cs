using System.Security.Cryptography;

namespace MLNet.Transformers.Batching;

/// <summary>
/// What becomes one sequence of a batch: the tokens of a text, or of a window of a longer one, with what is to be learnt of it and what is needed to
/// read the answer. Made once of a row; a task says of what type its features are.
/// </summary>
internal interface IFeature
{
    /// <summary>What the network reads.</summary>
    TokenSequence Tokens { get; }

    /// <summary>Tokens that it takes up in a batch: features of similar length are computed together.</summary>
    int Length => Tokens.Ids.Length;

    /// <summary>Adds all that is learnt of it: a saved state of training continues only with the same features.</summary>
    void AddTo(IncrementalHash hash);
}
