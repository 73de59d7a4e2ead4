// Trains a network to find persons, places and organisations, judges it, saves it, loads it again and marks what it finds, on the console and on a page.
using EntityRecognition;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Samples;
using MLNet.Transformers.Tokenization;
using Spectre.Console;

const string Page = "entities.html";

return Sample.Run(args, new SampleDefaults
{
    Description = "Trains a network to find named entities, evaluates it, saves it, loads it again and marks the entities of texts in colours.",
    Form = "a CoNLL file, a word and its tag a line (B-PER, I-PER, O), an empty line between sentences",
    Data = "entities-train.conll", Test = "entities-test.conll", Model = "entity-recognition.zip",
    Fresh = new(14, 1e-3), Warm = new(8, 1e-3) { Network = Sample.Weights("bert") }, MaxTokens = 64,
}, options =>
{
    var ml = new MLContext(options.Seed);
    IDataView train = ml.Transformers().LoadConll(options.Data), test = ml.Transformers().LoadConll(options.Test);
    Checkpoint checkpoint = options.Checkpoint ?? FromScratch(train.GetColumn<string[]>("Words"), options.MaxTokens);
    Console.WriteLine(ml.Transformers().CheckTokenData(train, test, checkpoint: checkpoint));

    ITransformer model = TrainingBar.Show(progress => ml.Transformers().TokenClassification(checkpoint, new()
    {
        Epochs = options.Epochs, BatchSize = options.BatchSize, LearningRate = options.LearningRate, MaxTokens = options.MaxTokens, Progress = progress,
    }).Fit(train));

    // Not through Spectre, which would wrap the table at the width of a narrow terminal.
    Console.WriteLine(ml.Transformers().EvaluateTokenClassification(model.Transform(test)));
    ml.Transformers().SaveModel(model, null, options.Model);
    AnsiConsole.MarkupLineInterpolated($"Saved to [blue]{options.Model}[/] ({new FileInfo(options.Model).Length / 1e6:F1} MB).");

    ITransformer loaded = ml.Transformers().LoadModel(options.Model, out _);
    using PredictionEngine<Sentence, EntityPrediction> engine = ml.Model.CreatePredictionEngine<Sentence, EntityPrediction>(loaded);
    List<(string, IReadOnlyList<Entity>)> found = [];
    foreach (string text in Typed.Or(options.Texts, "a sentence",
        "Marta Novak left Solaris Energy in Lisbon and joined the University of Vienna.",
        "When Jonas moved from Cape Town to Bergen, nobody at Nordwind Airlines had expected it.",
        "The ferry to Naples leaves at noon, said Dr Petrov."))
    {
        found.Add((text, engine.Predict(new Sentence { Text = text }).Entities));
        Highlights.Write(text, found[^1].Item2);
    }
    Highlights.Save(Page, "Persons, places, organisations", found);
    AnsiConsole.MarkupLineInterpolated($"The same as a page: [blue]{Path.GetFullPath(Page)}[/]");
});

// A network small enough to learn from some hundred sentences on two cores. Its vocabulary keeps capitals, which tell names from words.
static Checkpoint FromScratch(IEnumerable<string[]> sentences, int maxTokens)
{
    TextEncoder tokenizer = WordPieceTrainer.Train(sentences.Select(words => string.Join(' ', words)), size: 2000, new() { Lowercase = false });
    var config = new BertConfig
    {
        VocabularySize = tokenizer.MaxId + 1, MaxPositions = maxTokens, HiddenSize = 128, Layers = 2, Heads = 4, IntermediateSize = 512, HiddenDropout = 0.2,
    };
    AnsiConsole.MarkupLineInterpolated($"A network of {config.Layers} layers × {config.HiddenSize} from scratch, with a vocabulary of {tokenizer.VocabularySize} pieces.");
    return Checkpoint.FromConfig(config, tokenizer);
}
