using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Contracts;
using MLNet.Transformers.Tests.Generation;
using MLNet.Transformers.Tests.Runtime;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Tests;

/// <summary>The code of the README is compiled here, compared with what the README says, and run.</summary>
[Collection(Alone.Name)]
public class ReadmeTests
{
    [Fact]
    public void The_code_of_the_README_is_the_code_that_is_run_here()
    {
        string source = File.ReadAllText(Path.Combine(Shared.RepositoryRoot, "tests", "MLNet.Transformers.Tests", "ReadmeTests.cs"));
        string readme = File.ReadAllText(Path.Combine(Shared.RepositoryRoot, "README.md"));

        Dictionary<string, string> run = Blocks(source, "#region " + "readme ", "#endregion").ToDictionary(block => block[0], block => Unindented(block[1..]));
        Assert.Equal(
            [run["tasks"], run["pipeline"], run["rows"], run["stream"], run["features"], run["vectors"], run["pretraining"], run["translation"]],
            Blocks(readme, "```csharp", "```").Select(block => Unindented(block.Where(line => !line.StartsWith("using M", StringComparison.Ordinal)))));
    }

    [Fact]
    public async Task The_code_of_the_README_runs()
    {
        using var folder = new TemporaryFolder();
        string before = Directory.GetCurrentDirectory();
        TextWriter console = Console.Out;
        using var output = new StringWriter();
        WriteData(folder);
        try
        {
            Directory.SetCurrentDirectory(folder.Folder);
            Console.SetOut(output);
            Run();
            await Stream(new MLContext(seed: 1));
            Learn(new MLContext(seed: 1));
            Assert.NotEmpty(Vector(new MLContext(seed: 1)));
            UseTasks();
            Translate(new MLContext(seed: 1));
            Pretrain(new MLContext(seed: 1));
        }
        finally
        {
            Console.SetOut(console);
            Directory.SetCurrentDirectory(before);
        }

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(double.Parse(lines.Single(line => double.TryParse(line, out _)), System.Globalization.CultureInfo.CurrentCulture), 0, 1);
        Assert.Contains(lines, line => line.Trim() is "good" or "bad");
        Assert.DoesNotContain(lines[^1].Trim(), new[] { "good", "bad" });
        Assert.Contains(lines, line => line.StartsWith("Training on", StringComparison.Ordinal));
        Assert.Contains("sentiment.zip", folder.Names);
    }

    private static void UseTasks()
    {
        #region readme tasks
        var ml = new MLContext(seed: 1);

        // Train from any folder of BERT, BART, T5, LLaMA or GLM, inside any ML.NET pipeline ...
        var trained = ml.Transforms.Conversion.MapValueToKey("Label", "Sentiment")
            .Append(ml.Transformers().SequenceClassification("models/bert-base-uncased", new() { Epochs = 3 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        // ... or use what a checkpoint has learnt already. Each of these is an estimator that adds columns.
        var entities = ml.Transformers().ApplyTokenClassification("models/bert-base-ner");         // Text: who, what and where, to the character
        var answers = ml.Transformers().ApplyQuestionAnswering("models/bert-base-squad2");         // Question, Context: PredictedAnswer
        var written = ml.Transformers().ApplySequenceToSequence("models/t5-small", new() { Prefix = "summarize: " }); // Source: PredictedText
        var vectors = ml.Transformers().TextEmbedding("models/all-MiniLM-L6-v2");                   // Text: Features for ML.NET's own trainers
        #endregion
        IDataView reviews = ml.Data.LoadFromTextFile<Review>("reviews.tsv", hasHeader: true);
        Assert.NotNull(trained.Fit(reviews).Transform(reviews).Schema.GetColumnOrNull("PredictedLabel"));
        Assert.NotEmpty(vectors.Fit(reviews).Transform(reviews).GetColumn<float[]>("Features").First());
        Answers(new TokenClassificationContract(), entities);
        Answers(new QuestionAnsweringContract(), answers);
        Answers(new SequenceToSequenceContract(), written);

        void Answers(TaskContract task, IEstimator<ITransformer> estimator)
        {
            IDataView rows = task.Rows(ml);
            Assert.NotEmpty(FreshProcess.RowText.Lines(estimator.Fit(rows).Transform(rows), [.. task.Outputs]));
        }
    }

    private static void Run()
    {
        #region readme pipeline
        var ml = new MLContext(seed: 1);
        ml.Log += (_, entry) => { if (entry.Source.Contains("MLNet.Transformers")) Console.WriteLine(entry.RawMessage); };
        var data = ml.Data.TrainTestSplit(ml.Data.LoadFromTextFile<Review>("reviews.tsv", hasHeader: true));

        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Sentiment")
            .Append(ml.Transformers().SequenceClassification("models/bert-base-uncased", new() { Epochs = 3 }))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var model = pipeline.Fit(data.TrainSet);
        Console.WriteLine(ml.MulticlassClassification.Evaluate(model.Transform(data.TestSet)).MicroAccuracy);
        ml.Transformers().SaveModel(model, data.TrainSet.Schema, "sentiment.zip");

        var loaded = ml.Transformers().LoadModel("sentiment.zip", out var schema);
        using var engine = ml.Model.CreatePredictionEngine<Review, Prediction>(loaded, schema);
        Console.WriteLine(engine.Predict(new Review { Text = "What a film!" }).PredictedLabel);
        #endregion
    }

    private static async Task Stream(MLContext ml)
    {
        #region readme stream
        using var generator = ml.Transformers().TextGenerator("models/smollm2-360m-instruct");
        await foreach (string piece in generator.StreamChatAsync([new ChatMessage("user", "Why is the sky blue?")], new() { MaxNewTokens = 200 }))
        {
            Console.Write(piece);
        }
        #endregion
    }

    private static void Learn(MLContext ml)
    {
        #region readme features
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Sentiment")
            .Append(ml.Transformers().TextEmbedding("models/all-MiniLM-L6-v2")).AppendCacheCheckpoint(ml)
            .Append(ml.MulticlassClassification.Trainers.SdcaMaximumEntropy());
        #endregion
        using var model = pipeline.Fit(ml.Data.LoadFromTextFile<Review>("reviews.tsv", hasHeader: true));
    }

    private static float[] Vector(MLContext ml)
    {
        #region readme vectors
        using var network = ml.Transformers().LoadNetwork("models/bert-base-uncased");
        using var states = network.Read("What a film!", "Never again.");
        float[] first = states.Pooled![0].data<float>().ToArray();
        #endregion
        return first;
    }

    private static void Pretrain(MLContext ml)
    {
        #region readme pretraining
        var books = ml.Transformers().LoadDocuments("books", DocumentFormat.BlankLine, "*.txt");
        var tokenizer = WordPieceTrainer.Train(books.GetColumn<string>("Text"), size: 8000);
        var config = new BertConfig { VocabularySize = tokenizer.MaxId + 1, HiddenSize = 256, Layers = 4, Heads = 4, IntermediateSize = 1024 };

        using var pretrained = ml.Transformers().Pretraining(
            Checkpoint.FromConfig(config, tokenizer), new MaskedLanguageModelObjective(), new() { Epochs = 1, ValidationShare = 0.1, StateFolder = "state" }).Fit(books);
        Console.WriteLine(ml.Transformers().EvaluateLanguageModel(pretrained.Transform(books)));
        var classifier = ml.Transformers().SequenceClassification(pretrained.Checkpoint);
        #endregion
        Assert.NotNull(classifier);
    }

    private static void Translate(MLContext ml)
    {
        IDataView pairs = new SequenceToSequenceContract().Rows(ml);

        #region readme translation
        var german = WordPieceTrainer.Train(pairs.GetColumn<string>("Source"), size: 8000, new() { Lowercase = false });
        var translator = ml.Transformers().Translation("models/bart-base", german, new() { TuningSteps = 500, StateFolder = "state" }).Fit(pairs);
        Console.WriteLine(translator.Generate("Ein Hund läuft durch den Schnee."));
        #endregion
        translator.Dispose();
    }

    // Reviews, a checkpoint folder that a first training has written, and one of a model that writes.
    private static void WriteData(TemporaryFolder folder)
    {
        string[] good = [.. Enumerable.Repeat(SampleNetworks.Positive, 4).SelectMany(texts => texts).Select(text => $"good\t{text}")];
        string[] bad = [.. Enumerable.Repeat(SampleNetworks.Negative, 4).SelectMany(texts => texts).Select(text => $"bad\t{text}")];
        folder.Write("reviews.tsv", "Sentiment\tText\n" + string.Concat(good.Concat(bad).Select(line => line + "\n")));
        Directory.CreateDirectory(folder.File("books"));
        File.WriteAllText(Path.Combine(folder.File("books"), "reviews.txt"), string.Join("\n\n", SampleNetworks.Positive.Concat(SampleNetworks.Negative)));
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromTextFile<Review>(folder.File("reviews.tsv"), hasHeader: true);
        IDataView keyed = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Review.Sentiment)).Fit(data).Transform(data);
        using SequenceClassificationTransformer first =
            ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), new() { Epochs = 1 }).Fit(keyed);
        first.SaveCheckpoint(Path.Combine(folder.Folder, "models", "bert-base-uncased"));
        first.SaveCheckpoint(Path.Combine(folder.Folder, "models", "all-MiniLM-L6-v2"));
        Write(new TokenClassificationContract(), "bert", "bert-base-ner");
        Write(new QuestionAnsweringContract(), "bert", "bert-base-squad2");
        Write(new SequenceToSequenceContract(), "t5", "t5-small");
        Write(new SequenceToSequenceContract(), "bart", "bart-base");
        Generators.Write(Path.Combine(folder.Folder, "models", "smollm2-360m-instruct"), "llama3-bbpe");

        void Write(TaskContract task, string network, string name)
        {
            ITransformer model = task.Trainer(ml, task.Fresh(network), options => options.Epochs = 1).Fit(task.Rows(ml));
            task.SaveCheckpoint(model, Path.Combine(folder.Folder, "models", name));
            (model as IDisposable)?.Dispose();
        }
    }

    // The lines between each start and its end, what follows the start on its line first where there is something.
    private static IEnumerable<string[]> Blocks(string text, string start, string end) => text.Split(start)[1..]
        .Select(block => block[..block.IndexOf(end, StringComparison.Ordinal)].Split('\n').Select(line => line.TrimEnd()).ToArray());

    private static string Unindented(IEnumerable<string> lines)
    {
        string[] shown = [.. lines.SkipWhile(line => line.Length == 0)];
        int indent = shown[0].Length - shown[0].TrimStart().Length;
        return string.Join('\n', shown.Select(line => line.Length > indent ? line[indent..] : line.Trim())).TrimEnd();
    }

    #region readme rows
    internal sealed class Review
    {
        [LoadColumn(0)] public string Sentiment { get; set; } = "";
        [LoadColumn(1)] public string Text { get; set; } = "";
    }

    internal sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";
        public float[] Score { get; set; } = [];     // the probabilities of the classes
    }
    #endregion
}
