using MLNet.Transformers.Batching;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Losses;

namespace MLNet.Transformers.Training;

/// <summary>What is to be learnt. The training loop asks it for batches and knows nothing else of it.</summary>
internal interface IObjective<in TFeature>
    where TFeature : IFeature
{
    /// <summary>All of it that changes what is learnt.</summary>
    string Identity { get; }

    /// <summary>A batch with its labels, made anew each time: what is drawn at random is drawn from <paramref name="random"/> alone.</summary>
    /// <param name="features">At least one.</param>
    /// <param name="inputs">Makes the tensors.</param>
    /// <param name="random">In training one for each step, made from the seed and the step's number; in validation the same in every epoch.</param>
    LabelledBatch Prepare(IReadOnlyList<TFeature> features, NetworkInputs inputs, Random random);
}

/// <summary>A batch with what is to be learnt of it.</summary>
/// <param name="Tokens">What the network reads.</param>
/// <param name="Terms">The terms of the loss, in every batch of an objective as many and in the same order.</param>
internal sealed record LabelledBatch(TokenBatch Tokens, IReadOnlyList<LossTerm> Terms);
