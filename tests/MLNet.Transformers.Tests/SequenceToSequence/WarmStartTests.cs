using Microsoft.ML;
using MLNet.Transformers.Models.EncoderDecoder;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.SequenceClassification;
using MLNet.Transformers.Tokenization;
using static MLNet.Transformers.Tests.SequenceToSequence.Translations;

namespace MLNet.Transformers.Tests.SequenceToSequence;

/// <summary>Two BERTs as encoder and decoder, both begun from one.</summary>
public class WarmStartTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_BERT_learns_to_write_and_writes_the_same_when_loaded()
    {
        using var folder = new TemporaryFolder();
        SaveBert(folder.File("bert"));
        List<string> log = Log(_ml);
        SequenceToSequenceOptions options = Options();
        options.Epochs = 80;
        using SequenceToSequenceTransformer model = Train(_ml, Checkpoint.FromFolder(folder.File("bert")).AsEncoderDecoder(), options);
        model.SaveCheckpoint(folder.File("written"));
        _ml.Transformers().SaveModel(model, null, folder.File("model.zip"));

        using var loaded = (SequenceToSequenceTransformer)_ml.Model.Load(folder.File("model.zip"), out _);
        Checkpoint written = folder.File("written");
        using SequenceToSequenceTransformer applied = _ml.Transformers().ApplySequenceToSequence(written).Fit(Data(_ml));

        string[] sources = [.. Rows.Select(row => row.Source!)];
        Assert.Equal(Rows.Select(row => row.Target), Texts(_ml, model, sources));
        Assert.Equal(Rows.Select(row => row.Target), Texts(_ml, loaded, sources));
        Assert.Equal(Rows.Select(row => row.Target), Texts(_ml, applied, sources));
        Assert.Equal(["EncoderDecoderModel"], written.Config.Architectures);
        Assert.Equal(WordTokenizer.Id("[CLS]"), Assert.IsType<EncoderDecoderConfig>(written.Config).StartId);
        Assert.Contains(log, line => line.StartsWith("Initialised freshly: ", StringComparison.Ordinal) && line.Contains("crossattention", StringComparison.Ordinal));
    }

    [Fact]
    public void It_begins_as_the_BERT_it_comes_from()
    {
        using var folder = new TemporaryFolder();
        SaveBert(folder.File("bert"));
        SequenceToSequenceOptions still = Options(1);
        still.LearningRate = 1e-30;
        using SequenceToSequenceTransformer model = Train(_ml, Checkpoint.FromFolder(folder.File("bert")).AsEncoderDecoder(), still);
        model.SaveCheckpoint(folder.File("written"));

        const string Name = "encoder.layer.0.attention.self.query.weight";
        Assert.Equal(Tensor("bert", $"bert.{Name}"), Tensor("written", $"encoder.{Name}"));
        Assert.Equal(Tensor("bert", $"bert.{Name}"), Tensor("written", $"decoder.bert.{Name}"));

        float[] Tensor(string of, string name)
        {
            using var source = MLNet.Transformers.Models.Checkpoints.Safetensors.SafetensorsFile.Open(Path.Combine(folder.File(of), "model.safetensors"));
            using TorchSharp.torch.Tensor values = TorchSharp.torch.empty(source[name].Shape);
            source.CopyTo(name, values);
            return values.data<float>().ToArray();
        }
    }

    [Fact]
    public void It_has_to_be_trained_before_it_writes()
    {
        using var folder = new TemporaryFolder();
        SaveBert(folder.Folder);
        Checkpoint checkpoint = Checkpoint.FromFolder(folder.Folder).AsEncoderDecoder();

        Assert.Contains("train it", Assert.Throws<InvalidOperationException>(() => _ml.Transformers().ApplySequenceToSequence(checkpoint).Fit(Data(_ml))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fresh_BERT_becomes_a_fresh_encoder_decoder()
    {
        using SequenceToSequenceTransformer model = Train(_ml, SampleNetworks.Tiny().AsEncoderDecoder(), Options(1));

        Assert.Single(Texts(_ml, model, "a great film"));
    }

    [Fact]
    public void Other_architectures_are_refused_by_name()
    {
        Assert.Contains("'t5'", Assert.Throws<NotSupportedException>(() => Fresh("t5").AsEncoderDecoder()).Message, StringComparison.Ordinal);
        Assert.Contains("'roberta'", Assert.Throws<NotSupportedException>(() => Fresh("roberta").AsEncoderDecoder()).Message, StringComparison.Ordinal);
        TextEncoder tokenizer = TextEncoder.FromFolder(Shared.Golden("tokenizers", "gpt2-bbpe"));
        var config = new MLNet.Transformers.Models.Bert.BertConfig { VocabularySize = tokenizer.MaxId + 1, HiddenSize = 16, Heads = 2, Layers = 1 };
        Assert.Contains("cls_token", Assert.Throws<InvalidOperationException>(() => Checkpoint.FromConfig(config, tokenizer).AsEncoderDecoder()).Message, StringComparison.Ordinal);
    }

    private void SaveBert(string folder)
    {
        using SequenceClassificationTransformer bert = _ml.Transformers()
            .SequenceClassification(Fresh("bert", null, ("hidden_size", 24), ("intermediate_size", 48)), new() { Epochs = 1, BatchSize = 5, MaxTokens = 16 }).Fit(Reviews.Keyed(_ml));
        bert.SaveCheckpoint(folder);
    }
}
