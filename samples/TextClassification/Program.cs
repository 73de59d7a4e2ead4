// Trains a classifier of customer messages in an ML.NET pipeline, evaluates it, saves it, loads it again and classifies what the user types.
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Samples;
using MLNet.Transformers.Tokenization;
using Spectre.Console;
using TextClassification;

return Sample.Run(args, new SampleDefaults
{
    Description = "Trains a text classifier in an ML.NET pipeline, evaluates it, saves it, loads it again and classifies texts.",
    Form = "a tab-separated file with a header and the columns class and text",
    Data = "messages-train.tsv", Test = "messages-test.tsv", Model = "text-classification.zip",
    Fresh = new(12, 7e-4), MaxTokens = 64,
}, options =>
{
    var ml = new MLContext(options.Seed);
    IDataView train = Load(ml, options.Data), test = Load(ml, options.Test);
    Checkpoint checkpoint = options.Checkpoint ?? FromScratch(ml.Data.CreateEnumerable<Message>(train, reuseRowObject: true), options.MaxTokens);

    ITransformer model = TrainingBar.Show(progress => ml.Transforms.Conversion.MapValueToKey("Label", nameof(Message.Intent))
        .Append(ml.Transformers().SequenceClassification(checkpoint, new()
        {
            Epochs = options.Epochs, BatchSize = options.BatchSize, LearningRate = options.LearningRate, MaxTokens = options.MaxTokens,
            LabelSmoothing = 0.1, Progress = progress,
        }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
        .Fit(train));

    MulticlassClassificationMetrics metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
    AnsiConsole.MarkupLineInterpolated($"Accuracy [green]{metrics.MicroAccuracy:P1}[/], mean over the classes {metrics.MacroAccuracy:P1}, log-loss {metrics.LogLoss:F3}");
    // Not through Spectre, which would wrap the table at the width of a narrow terminal.
    Console.WriteLine(metrics.ConfusionMatrix.GetFormattedConfusionTable());

    ml.Transformers().SaveModel(model, train.Schema, options.Model);
    AnsiConsole.MarkupLineInterpolated($"Saved to [blue]{options.Model}[/] ({new FileInfo(options.Model).Length / 1e6:F1} MB).");

    ITransformer loaded = ml.Transformers().LoadModel(options.Model, out DataViewSchema? schema);
    using PredictionEngine<Message, Prediction> engine = ml.Model.CreatePredictionEngine<Message, Prediction>(loaded, schema);
    VBuffer<ReadOnlyMemory<char>> labels = default;
    engine.OutputSchema["Score"].GetSlotNames(ref labels);
    foreach (string text in Typed.Or(options.Texts, "a message",
        "Hi, my parcel was supposed to be here on Monday and the tracking page has not moved since. Any news?",
        "The glass lid was in pieces when I opened the box.",
        "can u send me the invoice for order 48213 again pls, our accountant needs it"))
    {
        Prediction prediction = engine.Predict(new Message { Text = text });
        int second = prediction.Score.Index().OrderByDescending(score => score.Item).ElementAt(1).Index;
        AnsiConsole.MarkupLineInterpolated($"[grey]{text}[/]");
        AnsiConsole.MarkupLineInterpolated($"  [green]{prediction.PredictedLabel}[/] {prediction.Score.Max():P1}; next: {labels.GetItemOrDefault(second)} {prediction.Score[second]:P1}");
    }
});

static IDataView Load(MLContext ml, string path) => File.Exists(path)
    ? ml.Data.LoadFromTextFile<Message>(path, hasHeader: true)
    : throw new FileNotFoundException($"There is no file '{path}'.");

// A network small enough to learn from some hundred messages on two cores, with a vocabulary made from them.
static Checkpoint FromScratch(IEnumerable<Message> messages, int maxTokens)
{
    TextEncoder tokenizer = WordPieceTrainer.Train(messages.Select(message => message.Text), size: 5000);
    var config = new BertConfig
    {
        VocabularySize = tokenizer.MaxId + 1, MaxPositions = maxTokens, HiddenSize = 192, Layers = 3, Heads = 4, IntermediateSize = 768, HiddenDropout = 0.3,
    };
    AnsiConsole.MarkupLineInterpolated($"A network of {config.Layers} layers × {config.HiddenSize} from scratch, with a vocabulary of {tokenizer.VocabularySize} pieces.");
    return Checkpoint.FromConfig(config, tokenizer);
}
