using MLNet.Transformers.Models;

namespace MLNet.Transformers.Batching;

/// <summary>From a head's scores to answers: first a part of each feature, then of a row's parts its answer.</summary>
/// <typeparam name="TFeature">What the network is given of a row, once or several times.</typeparam>
/// <typeparam name="TPart">What is read of one feature.</typeparam>
/// <typeparam name="TAnswer">What is predicted of a row.</typeparam>
/// <param name="Read">Reads the scores of a batch, one part for each of its features.</param>
/// <param name="Merge">Makes one answer of the parts of a row's features, which come in their order; at least one.</param>
internal sealed record ScoreReading<TFeature, TPart, TAnswer>(
    Func<HeadOutput, IReadOnlyList<TFeature>, TPart[]> Read, Func<ArraySegment<TFeature>, ArraySegment<TPart>, TAnswer> Merge)
    where TFeature : IFeature;
