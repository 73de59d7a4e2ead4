using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Transformers.Tests.Interop;

internal sealed class NamedPrediction
{
    public string PredictedLabel { get; set; } = "";
}

internal static class Chains
{
    /// <summary>A model followed by the mapping of its predictions to their names.</summary>
    public static TransformerChain<ITransformer> WithNames(MLContext context, ITransformer model, IDataView data) => new(
        model, context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(data)));

    public static T SaveAndLoad<T>(T model, DataViewSchema schema) where T : ITransformer
    {
        using var file = new MemoryStream();
        new MLContext().Model.Save(model, schema, file);
        file.Position = 0;
        return (T)new MLContext().Model.Load(file, out _);
    }
}
