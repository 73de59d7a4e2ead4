using Microsoft.ML;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.SequenceClassification.Reviews;

namespace MLNet.Transformers.Tests.SequenceClassification;

/// <summary>Every error names what is wrong.</summary>
public class ErrorTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_missing_text_column() => Contains("'NoSuchColumn'", options => options.TextColumnName = "NoSuchColumn");

    [Fact]
    public void A_missing_label_column() => Contains("'NoSuchColumn'", options => options.LabelColumnName = "NoSuchColumn");

    [Fact]
    public void A_label_that_is_no_key() => Contains("'Sentiment'", options => options.LabelColumnName = "Sentiment");

    [Fact]
    public void A_text_that_is_no_text() => Contains("'Label'", options => options.TextColumnName = "Label");

    [Fact]
    public void Weights_for_a_label_that_is_not_there() => Contains("'neutral'", options => options.ClassWeights = new Dictionary<string, double> { ["neutral"] = 2 });

    [Fact]
    public void More_tokens_than_positions() => Contains("24 positions", options => options.MaxTokens = 25);

    [Fact]
    public void A_learning_rate_of_zero() => Contains("LearningRate", options => options.LearningRate = 0);

    [Fact]
    public void A_GPU_that_is_not_there()
    {
        // Whoever asks libtorch first has to find it loaded.
        NativeBackend.EnsureLoaded();
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "There is a GPU.");
        _ml.GpuDeviceId = 0;
        Contains("GpuDeviceId is 0", _ => { });

        _ml.FallbackToCpu = true;
        using SequenceClassificationTransformer model = Train(_ml, Options(1));
    }

    [Fact]
    public void One_class()
    {
        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), Options(1))
            .Fit(Keyed(_ml, Rows.Where(row => row.Sentiment == "good"))));
        Assert.Contains("'good'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_usable_row()
    {
        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), Options(1))
            .Fit(Keyed(_ml, [new Review { Text = "great", Sentiment = "?" }])));
        Assert.Contains("No training row is usable", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_can_be_refused_is_refused_before_a_row_is_read()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("file", "");
        IDataView unread = Keyed(_ml, Unreadable());
        void Refused(string expected, Action<SequenceClassificationOptions> spoil)
        {
            SequenceClassificationOptions options = Options(1);
            spoil(options);
            Exception error = Assert.ThrowsAny<Exception>(() => _ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options).Fit(unread));
            // ML.NET wraps what a source throws.
            Assert.Contains(expected, error.GetBaseException().Message, StringComparison.Ordinal);
        }

        Refused("FrozenStages must be at most 2", options => options.FrozenStages = 3);
        Refused("Head is Keep", options => options.Head = HeadSource.Keep);
        Refused("is a file", options => options.StateFolder = Path.Combine(file, "state"));
        Refused("The rows were read", _ => { });

        static IEnumerable<Review> Unreadable()
        {
            yield return new Review { Text = "a", Sentiment = "good" };
            throw new InvalidDataException("The rows were read.");
        }
    }

    [Fact]
    public void A_folder_that_is_not_there() =>
        Assert.Contains("'nowhere'", Assert.Throws<DirectoryNotFoundException>(() => Checkpoint.FromFolder("nowhere")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_folder_without_config_or_tokenizer_or_with_an_unknown_model()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("config.json", Assert.Throws<CheckpointException>(() => Checkpoint.FromFolder(folder.Folder)).Message, StringComparison.Ordinal);
        folder.Write("config.json", "{\"model_type\": \"mamba\"}");
        Assert.Contains("Known model types: 'bert'", Assert.Throws<CheckpointException>(() => Checkpoint.FromFolder(folder.Folder)).Message, StringComparison.Ordinal);
        folder.Write("config.json", "{\"model_type\": \"bert\"}");
        Assert.Contains("vocab.txt", Assert.Throws<TokenizerException>(() => Checkpoint.FromFolder(folder.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_larger_than_the_embedding_table()
    {
        TextEncoder tokenizer = SampleNetworks.Tiny().Tokenizer;
        var config = new BertConfig { VocabularySize = tokenizer.MaxId, HiddenSize = 16, Heads = 2 };
        Assert.Contains("embedding table", Assert.Throws<CheckpointException>(() => Checkpoint.FromConfig(config, tokenizer)).Message, StringComparison.Ordinal);
    }

    private void Contains(string expected, Action<SequenceClassificationOptions> spoil)
    {
        SequenceClassificationOptions options = Options(1);
        spoil(options);
        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Transformers().SequenceClassification(SampleNetworks.Tiny(), options).Fit(Keyed(_ml)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
