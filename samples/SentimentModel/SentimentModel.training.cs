using Microsoft.ML;
using MLNet.Transformers;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tokenization;

namespace Sentiment;

/// <summary>How the model is trained, and trained again.</summary>
public partial class SentimentModel
{
    public const string RetrainFilePath = "data/sentiment-train.tsv";
    public const char RetrainSeparatorChar = '\t';
    public const bool RetrainHasHeader = true;
    public const bool RetrainAllowQuoting = false;

    /// <summary>Trains on a file and saves the model.</summary>
    /// <param name="outputModelPath">Where to save it.</param>
    /// <param name="inputDataFilePath">The rows; a file that is not there is looked for beside the program.</param>
    /// <param name="separatorChar">What stands between columns.</param>
    /// <param name="hasHeader">Whether the first line names the columns.</param>
    /// <param name="allowQuoting">Whether a text may stand in quotation marks.</param>
    public static void Train(
        string outputModelPath, string inputDataFilePath = RetrainFilePath, char separatorChar = RetrainSeparatorChar, bool hasHeader = RetrainHasHeader,
        bool allowQuoting = RetrainAllowQuoting)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = LoadIDataViewFromFile(mlContext, inputDataFilePath, separatorChar, hasHeader, allowQuoting);
        SaveModel(mlContext, RetrainModel(mlContext, data), data, outputModelPath);
    }

    /// <summary>The rows of a file.</summary>
    public static IDataView LoadIDataViewFromFile(MLContext mlContext, string inputDataFilePath, char separatorChar, bool hasHeader, bool allowQuoting)
    {
        string path = File.Exists(inputDataFilePath) ? inputDataFilePath : Path.Combine(AppContext.BaseDirectory, inputDataFilePath);
        return File.Exists(path)
            ? mlContext.Data.LoadFromTextFile<ModelInput>(path, separatorChar, hasHeader, allowQuoting: allowQuoting)
            : throw new FileNotFoundException($"There is no file '{inputDataFilePath}'.");
    }

    /// <summary>Saves a model; a file of that name is replaced when the new one is whole.</summary>
    public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath) =>
        mlContext.Transformers().SaveModel(model, data.Schema, modelSavePath);

    /// <summary>Trains with the pipeline of <see cref="BuildPipeline"/>.</summary>
    /// <param name="mlContext">Its seed counts.</param>
    /// <param name="trainData">The rows.</param>
    /// <param name="checkpoint">What is fine-tuned; null: a small network from scratch, with a vocabulary made from the rows.</param>
    /// <param name="options">How; null: as suits a network from scratch.</param>
    public static ITransformer RetrainModel(MLContext mlContext, IDataView trainData, Checkpoint? checkpoint = null, SequenceClassificationOptions? options = null) =>
        BuildPipeline(mlContext, checkpoint ?? FromScratch(mlContext, trainData), options ?? new() { Epochs = 10, BatchSize = 16, LearningRate = 1e-3 }).Fit(trainData);

    /// <summary>The pipeline: sentiments to keys, the network, keys to sentiments.</summary>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext, Checkpoint checkpoint, SequenceClassificationOptions options) =>
        mlContext.Transforms.Conversion.MapValueToKey(outputColumnName: "Label", inputColumnName: "Sentiment")
            .Append(mlContext.Transformers().SequenceClassification(checkpoint, options))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue(outputColumnName: "PredictedLabel", inputColumnName: "PredictedLabel"));

    private static Checkpoint FromScratch(MLContext mlContext, IDataView data)
    {
        var rows = mlContext.Data.CreateEnumerable<ModelInput>(data, reuseRowObject: true);
        TextEncoder tokenizer = WordPieceTrainer.Train(rows.Select(row => row.Text), size: 3000);
        return Checkpoint.FromConfig(new BertConfig
        {
            VocabularySize = tokenizer.MaxId + 1, MaxPositions = 128, HiddenSize = 128, Layers = 2, Heads = 4, IntermediateSize = 512,
        }, tokenizer);
    }
}
