// Trains a network to translate short sentences into German, judges it by BLEU, saves it, loads it again and translates what the user types.
using Microsoft.ML;
using MLNet.Transformers;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Samples;
using MLNet.Transformers.Tokenization;
using Spectre.Console;
using Translation;

return Sample.Run(args, new SampleDefaults
{
    Description = "Trains a network to translate, evaluates it, saves it, loads it again and translates sentences.",
    Form = "a tab-separated file with a header and the columns source and target",
    Data = "translations-train.tsv", Test = "translations-test.tsv", Model = "translation.zip",
    Fresh = new(14, 1e-3), MaxTokens = 48,
}, options =>
{
    var ml = new MLContext(options.Seed);
    IDataView train = Load(ml, options.Data), test = Load(ml, options.Test);
    Checkpoint checkpoint = options.Checkpoint ?? FromScratch(ml.Data.CreateEnumerable<Pair>(train, reuseRowObject: true), options.MaxTokens);

    ITransformer model = TrainingBar.Show(progress => ml.Transformers().SequenceToSequence(checkpoint, new()
    {
        Epochs = options.Epochs, BatchSize = options.BatchSize, LearningRate = options.LearningRate,
        MaxSourceTokens = options.MaxTokens, MaxTargetTokens = options.MaxTokens, LabelSmoothing = 0.1, Progress = progress,
    }).Fit(train));

    // Not through Spectre, which would wrap the table at the width of a narrow terminal.
    Console.WriteLine(ml.Transformers().EvaluateSequenceToSequence(model.Transform(test)));
    ml.Transformers().SaveModel(model, train.Schema, options.Model);
    AnsiConsole.MarkupLineInterpolated($"Saved to [blue]{options.Model}[/] ({new FileInfo(options.Model).Length / 1e6:F1} MB).");

    ITransformer loaded = ml.Transformers().LoadModel(options.Model, out DataViewSchema? schema);
    using PredictionEngine<Pair, Written> engine = ml.Model.CreatePredictionEngine<Pair, Written>(loaded, schema);
    foreach (string text in Typed.Or(options.Texts, "a sentence",
        "The gardener has found the old key in the garden.",
        "Tomorrow the painter sells a beautiful picture at the market.",
        "Does the boy need a new bicycle?"))
    {
        AnsiConsole.MarkupLineInterpolated($"[grey]{text}[/]");
        AnsiConsole.MarkupLineInterpolated($"  [green]{engine.Predict(new Pair { Source = text }).PredictedText}[/]");
    }
});

static IDataView Load(MLContext ml, string path) => File.Exists(path)
    ? ml.Data.LoadFromTextFile<Pair>(path, hasHeader: true)
    : throw new FileNotFoundException($"There is no file '{path}'.");

// A BERT small enough to learn from some hundred sentences on two cores, with a vocabulary of both languages, and a second one that writes.
static Checkpoint FromScratch(IEnumerable<Pair> pairs, int maxTokens)
{
    TextEncoder tokenizer = WordPieceTrainer.Train(pairs.SelectMany(pair => new[] { pair.Source, pair.Target }), size: 3000, new() { Lowercase = false });
    var config = new BertConfig
    {
        VocabularySize = tokenizer.MaxId + 1, MaxPositions = maxTokens, HiddenSize = 128, Layers = 2, Heads = 4, IntermediateSize = 512,
    };
    AnsiConsole.MarkupLineInterpolated($"Two networks of {config.Layers} layers × {config.HiddenSize} from scratch, with a vocabulary of {tokenizer.VocabularySize} pieces.");
    return Checkpoint.FromConfig(config, tokenizer).AsEncoderDecoder();
}
