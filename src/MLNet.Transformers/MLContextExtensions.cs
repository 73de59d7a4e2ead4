using Microsoft.ML;

namespace MLNet.Transformers;

/// <summary>Where this library begins.</summary>
public static class MLContextExtensions
{
    /// <summary>Transformer models as parts of ML.NET pipelines.</summary>
    /// <param name="mlContext">Its seed, log, cancellation and GPU device are respected.</param>
    public static TransformersCatalog Transformers(this MLContext mlContext)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        return new TransformersCatalog(mlContext);
    }
}
