using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Transformers.Models;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.SequenceClassification;

namespace MLNet.Transformers.Tests.TextEmbedding;

/// <summary>Vectors of texts, as features.</summary>
public sealed class TextEmbeddingTests : IDisposable
{
    private sealed class Vector
    {
        public float[] Features { get; set; } = [];
    }

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Architectures => [.. Examples.Architectures, "chatglm-6b"];

    private IDataView Data => _ml.Data.LoadFromEnumerable(Examples.Rows);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Padding_changes_nothing_and_vectors_come_back_from_every_place(string architecture)
    {
        string checkpoint = Trained(architecture);
        TextEmbeddingEstimator estimator = _ml.Transformers().TextEmbedding(checkpoint, new() { MaxTokens = 16 });
        using TextEmbeddingTransformer model = estimator.Fit(Data);
        float[][] vectors = Vectors(model.Transform(Data));

        var type = Assert.IsType<VectorDataViewType>(model.Transform(Data).Schema["Features"].Type);
        Assert.Equal((Checkpoint.FromFolder(checkpoint).Config.HiddenSize, NumberDataViewType.Single), (type.Size, type.ItemType));
        Assert.Equal(Examples.Rows.Count, vectors.Select(vector => string.Join(' ', vector)).Distinct().Count());
        Equal(vectors, Examples.Rows.Select(row => Vectors(model.Transform(_ml.Data.LoadFromEnumerable([row])))[0]), 2e-5f);

        _ml.Transformers().SaveModel(model, Data.Schema, _folder.File("model.zip"));
        using var loaded = (TextEmbeddingTransformer)_ml.Model.Load(_folder.File("model.zip"), out _);
        Assert.Equal(vectors, Vectors(loaded.Transform(Data)));
        using var engine = _ml.Model.CreatePredictionEngine<Examples.Example, Vector>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        Equal(vectors, Examples.Rows.Select(row => engine.Predict(row).Features), 2e-5f);

        model.SaveCheckpoint(_folder.File("again"));
        using TextEmbeddingTransformer again = _ml.Transformers().TextEmbedding(_folder.File("again")).Fit(Data);
        Assert.Equal(vectors, Vectors(again.Transform(Data)));
    }

    [Theory]
    [InlineData(EmbeddingPooling.Mean)]
    [InlineData(EmbeddingPooling.Cls)]
    [InlineData(EmbeddingPooling.Last)]
    public void Vectors_are_pooled_of_the_last_layers(EmbeddingPooling pooling)
    {
        string checkpoint = Trained("llama");
        using TextEmbeddingTransformer model = _ml.Transformers().TextEmbedding(checkpoint, new() { Pooling = pooling }).Fit(Data);
        using HiddenStateNetwork network = _ml.Transformers().LoadNetwork(checkpoint);

        foreach ((Examples.Example row, float[] vector) in Examples.Rows.Zip(Vectors(model.Transform(Data))))
        {
            using HiddenStates states = network.Read(row.Text!);
            float[][] tokens = [.. states.Tokens[0].data<float>().ToArray().Chunk(vector.Length)];
            float[] expected = pooling switch
            {
                EmbeddingPooling.Cls => tokens[0],
                EmbeddingPooling.Last => tokens[^1],
                _ => [.. vector.Select((_, i) => tokens.Average(token => token[i]))],
            };
            Equal([expected], [vector], 2e-5f);
        }
    }

    [Fact]
    public void A_folder_of_sentence_transformers_says_how_and_options_say_otherwise()
    {
        string checkpoint = Trained("bert");
        using (TextEmbeddingTransformer made = _ml.Transformers().TextEmbedding(checkpoint, new() { Pooling = EmbeddingPooling.Last, Normalize = true, MaxTokens = 5 }).Fit(Data))
        {
            made.SaveCheckpoint(_folder.File("made"));
        }
        Assert.True(File.Exists(_folder.File(Path.Combine("made", "1_Pooling", "config.json"))));
        List<string> log = Reviews.Log(_ml);

        float[][] Made(string folder, TextEmbeddingOptions? options)
        {
            using TextEmbeddingTransformer model = _ml.Transformers().TextEmbedding(folder, options).Fit(Data);
            return Vectors(model.Transform(Data));
        }
        float[][] own = Made(_folder.File("made"), null);
        Assert.Contains(log, line => line.Contains("longer than 5 tokens and were cut", StringComparison.Ordinal));
        Assert.All(own, vector => Assert.Equal(1, Math.Sqrt(vector.Sum(value => value * value)), 1e-5));
        Assert.Equal(own, Made(checkpoint, new() { Pooling = EmbeddingPooling.Last, Normalize = true, MaxTokens = 5 }));
        Assert.Equal(Made(checkpoint, new() { MaxTokens = 16 }), Made(_folder.File("made"), new() { Pooling = EmbeddingPooling.Mean, Normalize = false, MaxTokens = 16 }));
        Assert.NotEqual(own, Made(_folder.File("made"), new() { Pooling = EmbeddingPooling.Cls }));
        Assert.NotEqual(own, Made(_folder.File("made"), new() { Normalize = false }));
    }

    [Theory]
    [InlineData("modules.json", """[{"type": "sentence_transformers.models.Transformer", "path": ""}, {"type": "sentence_transformers.models.Dense", "path": "2_Dense"}]""", "'Dense'")]
    [InlineData("modules.json", """[{"type": "sentence_transformers.models.Transformer", "path": "0_Transformer"}]""", "'0_Transformer'")]
    [InlineData("modules.json", """{"0": "Transformer"}""", "no list of modules")]
    [InlineData("modules.json", "[{}]", "no list of modules")]
    [InlineData("modules.json", """[{"type": "sentence_transformers.models.Transformer"}]""", "no 'path'")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_max_tokens": true}""", "pooling_mode_max_tokens")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": true}""", "with")]
    [InlineData("1_Pooling/config.json", "{}", "of nothing")]
    [InlineData("1_Pooling/config.json", """{"pooling_mode": "weightedmean"}""", "weightedmean")]
    [InlineData("1_Pooling/config.json", null, "There is no file")]
    [InlineData("sentence_bert_config.json", """{"max_seq_length": "many"}""", "max_seq_length")]
    public void A_folder_that_asks_for_something_else_is_refused_by_name(string file, string? content, string expected)
    {
        using (TextEmbeddingTransformer made = _ml.Transformers().TextEmbedding(Trained("bert")).Fit(Data))
        {
            made.SaveCheckpoint(_folder.File("made"));
        }
        string path = Path.Combine(_folder.File("made"), file);
        File.Delete(path);
        if (content is not null)
        {
            File.WriteAllText(path, content);
        }

        string message = Assert.Throws<CheckpointException>(() => _ml.Transformers().TextEmbedding(_folder.File("made"))).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(file), message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"pooling_mode": "cls", "word_embedding_dimension": 15}""", EmbeddingPooling.Cls)]
    [InlineData("""{"pooling_mode_lasttoken": true, "pooling_mode_mean_tokens": false, "include_prompt": true}""", EmbeddingPooling.Last)]
    public void Poolings_are_read_in_both_spellings(string content, EmbeddingPooling pooling)
    {
        using (TextEmbeddingTransformer made = _ml.Transformers().TextEmbedding(Trained("bert")).Fit(Data))
        {
            made.SaveCheckpoint(_folder.File("made"));
        }
        File.WriteAllText(_folder.File(Path.Combine("made", "1_Pooling", "config.json")), content);

        using TextEmbeddingTransformer read = _ml.Transformers().TextEmbedding(_folder.File("made")).Fit(Data),
            asked = _ml.Transformers().TextEmbedding(_folder.File("made"), new() { Pooling = pooling }).Fit(Data),
            mean = _ml.Transformers().TextEmbedding(_folder.File("made"), new() { Pooling = EmbeddingPooling.Mean }).Fit(Data);

        Assert.Equal(Vectors(asked.Transform(Data)), Vectors(read.Transform(Data)));
        Assert.NotEqual(Vectors(mean.Transform(Data)), Vectors(read.Transform(Data)));
    }

    [Fact]
    public void Texts_are_put_in_lower_case_where_the_folder_says_so()
    {
        using (TextEmbeddingTransformer made = _ml.Transformers().TextEmbedding(Trained("bert")).Fit(Data))
        {
            made.SaveCheckpoint(_folder.File("made"));
        }
        // A tokenizer that tells upper case from lower.
        File.WriteAllText(_folder.File(Path.Combine("made", "tokenizer_config.json")), """{"do_lower_case": false}""");
        float[][] Vectors(bool lowerCase)
        {
            File.WriteAllText(_folder.File(Path.Combine("made", "sentence_bert_config.json")), $$"""{"do_lower_case": {{(lowerCase ? "true" : "false")}}}""");
            using TextEmbeddingTransformer model = _ml.Transformers().TextEmbedding(_folder.File("made")).Fit(Data);
            return TextEmbeddingTests.Vectors(model.Transform(_ml.Data.LoadFromEnumerable((Examples.Example[])[new() { Text = "A GREAT Film" }, new() { Text = "a great film" }])));
        }
        float[][] lower = Vectors(lowerCase: true), asTheyAre = Vectors(lowerCase: false);

        Assert.Equal(lower[1], lower[0]);
        Assert.NotEqual(asTheyAre[1], asTheyAre[0]);
    }

    [Fact]
    public void ML_NETs_own_trainers_learn_from_the_vectors()
    {
        IDataView data = Examples.Data(_ml, nameof(Examples.Example.Class), Enumerable.Repeat(Examples.Rows, 8).SelectMany(rows => rows));
        IDataView yes = _ml.Transforms.CopyColumns("Label", nameof(Examples.Example.Yes)).Fit(data).Transform(data);
        var vectors = _ml.Transformers().TextEmbedding(Trained("bert")).AppendCacheCheckpoint(_ml);

        using var sdca = vectors.Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(maximumNumberOfIterations: 200)).Fit(data);
        using var trees = vectors.Append(_ml.BinaryClassification.Trainers.LightGbm(minimumExampleCountPerLeaf: 1, numberOfLeaves: 8)).Fit(yes);
        using var clusters = vectors.Append(_ml.Clustering.Trainers.KMeans(numberOfClusters: 3)).Fit(data);

        Assert.True(_ml.MulticlassClassification.Evaluate(sdca.Transform(data)).MicroAccuracy > 0.9);
        Assert.Equal(1, _ml.BinaryClassification.Evaluate(trees.Transform(yes)).Accuracy);
        Assert.Equal(8, clusters.Transform(data).GetColumn<uint>("PredictedLabel").Take(8).Count(cluster => cluster is >= 1 and <= 3));
        _ml.Transformers().SaveModel(trees, yes.Schema, _folder.File("trees.zip"));
        using var loaded = (IDisposable)_ml.Transformers().LoadModel(_folder.File("trees.zip"), out _);
        Assert.Equal(1, _ml.BinaryClassification.Evaluate(((ITransformer)loaded).Transform(yes)).Accuracy);
    }

    [Fact]
    public void What_does_not_go_is_named_and_a_missing_text_is_an_empty_one()
    {
        string checkpoint = Trained("bert");
        using TextEmbeddingTransformer model = _ml.Transformers().TextEmbedding(checkpoint).Fit(Data);
        float[][] empty = Vectors(model.Transform(_ml.Data.LoadFromEnumerable((Examples.Example[])[new() { Text = null }, new() { Text = "" }])));

        Assert.Equal(empty[0], empty[1]);
        Assert.All(empty[0], value => Assert.True(float.IsFinite(value)));
        Refused<ArgumentException>("FeaturesColumnName", () => _ml.Transformers().TextEmbedding(checkpoint, new() { FeaturesColumnName = " " }));
        Refused<ArgumentOutOfRangeException>("Pooling", () => _ml.Transformers().TextEmbedding(checkpoint, new() { Pooling = (EmbeddingPooling)7 }));
        Refused<ArgumentOutOfRangeException>("19 positions", () => _ml.Transformers().TextEmbedding(checkpoint, new() { MaxTokens = 20 }));
        Refused<ArgumentOutOfRangeException>("'Elsewhere'", () => _ml.Transformers().TextEmbedding(checkpoint, new() { TextColumnName = "Elsewhere" }).Fit(Data));
        Refused<ArgumentOutOfRangeException>("'Text'", () => model.Transform(_ml.Transforms.CopyColumns("Text", "Number").Fit(Data).Transform(Data)));
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Transform(Data));
    }

    [Fact]
    public void MiniLMs_vectors_are_the_references()
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        using JsonDocument reference = JsonDocument.Parse(File.ReadAllBytes(Shared.Path("weights", "all-MiniLM-L6-v2", "reference.json")));
        JsonElement[] sentences = [.. reference.RootElement.GetProperty("sentences").EnumerateArray()];
        IDataView data = _ml.Data.LoadFromEnumerable(sentences.Select(sentence => new { Text = sentence.GetProperty("text").GetString() }));
        using TextEmbeddingTransformer model = _ml.Transformers().TextEmbedding(Shared.Path("weights", "all-MiniLM-L6-v2")).Fit(data);

        float[][] vectors = Vectors(model.Transform(data));

        JsonElement[] rows = [.. reference.RootElement.GetProperty("cosine").EnumerateArray()];
        for (int i = 0; i < vectors.Length; i++)
        {
            Assert.Equal(384, vectors[i].Length);
            Assert.All(sentences[i].GetProperty("embedding_first").EnumerateArray().Zip(vectors[i]), pair => Assert.Equal(pair.First.GetSingle(), pair.Second, 2e-6f));
            Assert.All(rows[i].EnumerateArray().Zip(vectors), pair => Assert.Equal(
                pair.First.GetDouble(), vectors[i].Zip(pair.Second, (one, other) => (double)one * other).Sum(), 2e-6));
        }
    }

    private static void Refused<T>(string expected, Action action)
        where T : Exception => Assert.Contains(expected, Assert.ThrowsAny<T>(action).Message, StringComparison.Ordinal);

    private static float[][] Vectors(IDataView data) => [.. data.GetColumn<float[]>("Features")];

    private static void Equal(IEnumerable<float[]> expected, IEnumerable<float[]> actual, float tolerance) => Assert.All(
        expected.Zip(actual), pair => Assert.All(pair.First.Zip(pair.Second), value => Assert.Equal(value.First, value.Second, tolerance * Math.Max(1, Math.Abs(value.First)))));

    // Fresh weights that were moved a little, saved without a head.
    private string Trained(string architecture)
    {
        using SentenceSimilarityTransformer model = _ml.Transformers().SentenceSimilarity(
            Examples.Network(architecture), new() { Epochs = 1, BatchSize = 4, TextPairColumnName = "Other", MaxTokens = 16 })
            .Fit(_ml.Data.LoadFromEnumerable(Examples.Rows.Select(row => new { row.Text, Other = "a film", Label = row.Number })));
        model.SaveCheckpoint(_folder.File("trained"));
        foreach (string file in (string[])["modules.json", "sentence_bert_config.json"])
        {
            File.Delete(_folder.File(Path.Combine("trained", file)));
        }
        return _folder.File("trained");
    }
}
