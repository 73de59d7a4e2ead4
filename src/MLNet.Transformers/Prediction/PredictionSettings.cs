using System.Text.Json.Serialization;
using MLNet.Transformers.Batching;

namespace MLNet.Transformers.Prediction;

/// <summary>What a fitted transformer of any task keeps of the options; saved with it as JSON.</summary>
internal abstract record PredictionSettings(int MaxTokens, int BatchSize, Precision Precision)
{
    private const int WindowBatches = 16;

    /// <summary>The transformer, as messages name it.</summary>
    [JsonIgnore]
    public abstract string Owner { get; }

    [JsonIgnore]
    public BatchLimits BatchLimits => new(BatchSize);

    /// <summary>Rows that a cursor reads ahead, so that rows of similar length can be computed together.</summary>
    [JsonIgnore]
    public int WindowRows => BatchSize * WindowBatches;
}
