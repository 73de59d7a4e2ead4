using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.SequenceClassification;

namespace MLNet.Transformers.Tests.ZeroShotClassification;

/// <summary>Labels by entailment, beside the numbers that the reference's pipeline makes of the same logits.</summary>
public sealed class ZeroShotTests : IDisposable
{
    private sealed class Row
    {
        public string? Text { get; set; }

        public string Pair { get; set; } = "";
    }

    private sealed class Answer
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private static readonly string[] _topics = ["film", "music", "boring"];
    private static readonly string[] _texts = ["a great film", "dull plot and boring music", "wonderful"];

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Architectures => [.. Examples.Architectures];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Probabilities_are_those_of_the_references_pipeline_and_come_back_from_every_place(string architecture)
    {
        string checkpoint = Entailing(["contradiction", "neutral", "entailment"], architecture);
        double[][] logits = [.. _texts.SelectMany(text => _topics.Select(topic => (text, topic))).Select(pair => Logits(checkpoint, pair.text, $"about {pair.topic} .", architecture))];
        IDataView data = _ml.Data.LoadFromEnumerable(_texts.Select(text => new Row { Text = text }));

        using ZeroShotClassificationTransformer single = Apply(checkpoint, multi: false), multi = Apply(checkpoint, multi: true);
        float[][] exclusive = Scores(single.Transform(data)), separate = Scores(multi.Transform(data));

        for (int text = 0; text < _texts.Length; text++)
        {
            double[][] own = logits[(text * 3)..((text + 1) * 3)];
            double sum = own.Sum(pair => Math.Exp(pair[2]));
            Assert.All(own.Zip(exclusive[text]), pair => Assert.Equal(Math.Exp(pair.First[2]) / sum, pair.Second, 1e-4));
            Assert.All(own.Zip(separate[text]), pair => Assert.Equal(1 / (1 + Math.Exp(pair.First[0] - pair.First[2])), pair.Second, 1e-4));
        }
        Assert.Equal(exclusive.Select(scores => (uint)Array.IndexOf(scores, scores.Max()) + 1), single.Transform(data).GetColumn<uint>("PredictedLabel"));

        _ml.Transformers().SaveModel(single, data.Schema, _folder.File("model.zip"));
        using var loaded = (ZeroShotClassificationTransformer)_ml.Model.Load(_folder.File("model.zip"), out _);
        Assert.Equal(exclusive, Scores(loaded.Transform(data)));
        Assert.Equal(_topics, loaded.Labels);
        using var engine = _ml.Model.CreatePredictionEngine<Row, Answer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        Assert.All(_texts.Zip(exclusive), pair => Assert.All(
            engine.Predict(new Row { Text = pair.First }).Score.Zip(pair.Second), score => Assert.Equal(score.Second, score.First, 1e-4f)));

        single.SaveCheckpoint(_folder.File("again"));
        using ZeroShotClassificationTransformer again = Apply(_folder.File("again"), multi: false);
        Assert.Equal(exclusive, Scores(again.Transform(data)));
    }

    [Fact]
    public void Labels_are_the_names_of_keys_and_slots_and_go_back_to_text()
    {
        string checkpoint = Entailing(["CONTRADICTION", "NEUTRAL", "ENTAILMENT"]);
        IDataView data = _ml.Data.LoadFromEnumerable(_texts.Select(text => new Row { Text = text }));
        var pipeline = _ml.Transformers().ApplyZeroShotClassification(checkpoint, _topics).Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        using var model = pipeline.Fit(data);
        IDataView scored = model.Transform(data);

        Assert.All(scored.GetColumn<string>("PredictedLabel"), label => Assert.Contains(label, _topics));
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(_topics, names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void A_single_label_stands_for_itself()
    {
        string checkpoint = Entailing(["contradiction", "neutral", "entailment"]);
        IDataView data = _ml.Data.LoadFromEnumerable(_texts.Select(text => new Row { Text = text }));
        using ZeroShotClassificationTransformer one = _ml.Transformers().ApplyZeroShotClassification(checkpoint, ["film"]).Fit(data);

        Assert.All(Scores(one.Transform(data)), scores => Assert.InRange(Assert.Single(scores), 0.001, 0.999));
    }

    [Theory]
    [InlineData(0, 1, "entailment", "not_entailment")]
    [InlineData(0, 2, "ENTAILMENT", "NEUTRAL", "CONTRADICTION")]
    [InlineData(1, 2, "neutral", "Entails", "Contradicts")]
    [InlineData(2, 0, "no", "maybe", "entail")]
    public void Classes_are_found_by_name_else_by_the_references_rule(int entails, int contradicts, params string[] labels) =>
        Assert.Equal(
            new MLNet.Transformers.ZeroShotClassification.Entailment(entails, contradicts),
            MLNet.Transformers.ZeroShotClassification.Entailment.Of(SampleNetworks.Tiny().Config with { Labels = labels }, "it"));

    [Fact]
    public void Of_a_long_text_the_sentence_about_the_label_is_kept()
    {
        string checkpoint = Entailing(["contradiction", "neutral", "entailment"]);
        string text = string.Join(' ', Enumerable.Repeat("the plot", 40));
        IDataView data = _ml.Data.LoadFromEnumerable([new Row { Text = text }]);
        List<string> log = Reviews.Log(_ml);
        float[] scores;
        using (ZeroShotClassificationTransformer model = Apply(checkpoint, multi: true))
        {
            scores = Scores(model.Transform(data))[0];
        }

        Assert.Equal(3, scores.Distinct().Count());
        Assert.Contains(log, line => line.Contains("were cut", StringComparison.Ordinal));
    }

    [Fact]
    public void What_does_not_go_is_named()
    {
        string checkpoint = Entailing(["contradiction", "neutral", "entailment"]);
        Refused<ArgumentException>("There is no label", () => _ml.Transformers().ApplyZeroShotClassification(checkpoint, []));
        Refused<ArgumentException>("Label 2 is empty", () => _ml.Transformers().ApplyZeroShotClassification(checkpoint, ["film", " "]));
        Refused<ArgumentException>("'film' is given 2 times", () => _ml.Transformers().ApplyZeroShotClassification(checkpoint, ["film", "film"]));
        Refused<ArgumentException>("must hold {}", () => _ml.Transformers().ApplyZeroShotClassification(checkpoint, ["film"], "This is it."));
        Refused<ArgumentException>("leaves no room for a text", () => _ml.Transformers().ApplyZeroShotClassification(checkpoint, [string.Join(' ', Enumerable.Repeat("film", 30))]));
        Refused<ArgumentException>("TextColumnName", () => _ml.Transformers().ApplyZeroShotClassification(checkpoint, ["film"], options: new() { TextColumnName = "" }));
        Refused<NotSupportedException>("begins with 'entail'", () => _ml.Transformers().ApplyZeroShotClassification(Entailing(["bad", "good"]), ["film"]));
        Refused<ArgumentOutOfRangeException>(
            "'Text'", () => _ml.Transformers().ApplyZeroShotClassification(checkpoint, ["film"]).Fit(_ml.Data.LoadFromEnumerable([new { Other = "a" }])));
    }

    private static void Refused<T>(string expected, Action action)
        where T : Exception => Assert.Contains(expected, Assert.ThrowsAny<T>(action).Message, StringComparison.Ordinal);

    private ZeroShotClassificationTransformer Apply(string checkpoint, bool multi) => _ml.Transformers()
        .ApplyZeroShotClassification(checkpoint, _topics, "about {} .", new() { MultiLabel = multi, BatchSize = 4 }).Fit(_ml.Data.LoadFromEnumerable([new Row()]));

    // A network that has learnt three classes a little, under other names.
    private string Entailing(string[] labels, string architecture = "bert")
    {
        string folder = _folder.File(string.Join('-', labels));
        IDataView data = _ml.Data.LoadFromEnumerable(Examples.Rows.Select((row, i) => new { row.Text, Pair = "about film .", Name = $"class {i % labels.Length}" }));
        SequenceClassificationOptions options = Examples.Options(2);
        (options.TextPairColumnName, options.MaxTokens) = ("Pair", null);
        using (var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Name").Append(_ml.Transformers().SequenceClassification(Examples.Network(architecture), options)).Fit(data))
        {
            model.LastTransformer.SaveCheckpoint(folder);
        }
        Change(folder, config => config["id2label"] = new JsonObject(labels.Select((label, id) => KeyValuePair.Create<string, JsonNode?>($"{id}", label))));
        return folder;
    }

    // As scores of a head for several labels they are the logits, but for the sigmoid.
    private double[] Logits(string checkpoint, string text, string hypothesis, string architecture)
    {
        string folder = _folder.File($"{architecture} as logits");
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            foreach (string file in Directory.GetFiles(checkpoint))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
            Change(folder, config => config["problem_type"] = ProblemTypes.MultiLabel);
        }
        IDataView data = _ml.Data.LoadFromEnumerable([new Row { Text = text, Pair = hypothesis }]);
        using SequenceClassificationTransformer model = _ml.Transformers().ApplySequenceClassification(folder, new() { TextPairColumnName = "Pair" }).Fit(data);
        return [.. Scores(model.Transform(data))[0].Select(score => Math.Log(score / (1 - (double)score)))];
    }

    private static void Change(string folder, Action<JsonNode> change)
    {
        string file = Path.Combine(folder, "config.json");
        JsonNode json = JsonNode.Parse(File.ReadAllText(file))!;
        change(json);
        File.WriteAllText(file, json.ToJsonString());
    }

    private static float[][] Scores(IDataView scored) => [.. scored.GetColumn<float[]>("Score")];
}
