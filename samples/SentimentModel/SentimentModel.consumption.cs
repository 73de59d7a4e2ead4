using Microsoft.ML;
using Microsoft.ML.Data;

namespace Sentiment;

/// <summary>The model as a program uses it.</summary>
public partial class SentimentModel
{
    /// <summary>A row of the data, and what is asked of the model; a question needs no sentiment.</summary>
    public class ModelInput
    {
        [LoadColumn(0)]
        [ColumnName("Sentiment")]
        public string Sentiment { get; set; } = "";

        [LoadColumn(1)]
        [ColumnName("Text")]
        public string Text { get; set; } = "";
    }

    /// <summary>What the model answers.</summary>
    public class ModelOutput
    {
        [ColumnName("PredictedLabel")]
        public string PredictedLabel { get; set; } = "";

        /// <summary>The probability of each sentiment; <see cref="GetSortedScoresWithLabels"/> says which is which.</summary>
        [ColumnName("Score")]
        public float[] Score { get; set; } = [];
    }

    /// <summary>Where the trained model is: in the folder that the program is started in.</summary>
    public static readonly string MLNetModelPath = Path.GetFullPath("SentimentModel.mlnet");

    /// <summary>Loads the model when it is first asked. For one thread at a time: a server takes a pool of engines.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, isThreadSafe: true);

    /// <summary>The sentiment of a text.</summary>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    /// <summary>All sentiments with their probabilities, the most probable first.</summary>
    public static IOrderedEnumerable<KeyValuePair<string, float>> PredictAllLabels(ModelInput input) => GetSortedScoresWithLabels(Predict(input));

    /// <summary>The scores of a prediction with the names of the sentiments, the most probable first.</summary>
    public static IOrderedEnumerable<KeyValuePair<string, float>> GetSortedScoresWithLabels(ModelOutput result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return GetLabels().Zip(result.Score, KeyValuePair.Create).OrderByDescending(score => score.Value);
    }

    // The scores stand in the order of the label's keys.
    private static IEnumerable<string> GetLabels()
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        PredictEngine.Value.OutputSchema["Label"].GetKeyValues(ref names);
        return names.DenseValues().Select(name => name.ToString());
    }

    private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        ITransformer mlModel = mlContext.Model.Load(MLNetModelPath, out DataViewSchema _);
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(mlModel);
    }
}
