using Microsoft.ML;
using Microsoft.ML.Data;

namespace Sentiment;

/// <summary>How good the model is.</summary>
public partial class SentimentModel
{
    /// <summary>ML.NET's metrics of a model on rows that it was not trained on.</summary>
    /// <param name="mlContext">Any.</param>
    /// <param name="model">What <see cref="RetrainModel"/> gave, or a loaded model.</param>
    /// <param name="testData">Rows with texts and sentiments.</param>
    public static MulticlassClassificationMetrics Evaluate(MLContext mlContext, ITransformer model, IDataView testData) =>
        mlContext.MulticlassClassification.Evaluate(model.Transform(testData));
}
