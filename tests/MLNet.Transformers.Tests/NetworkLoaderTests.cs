using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.T5;
using MLNet.Transformers.Tests.Checkpoints;
using MLNet.Transformers.Tests.Models;
using MLNet.Transformers.Tokenization;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace MLNet.Transformers.Tests;

/// <summary>What becomes of the head of a checkpoint that is applied or trained on.</summary>
public sealed class NetworkLoaderTests : IDisposable
{
    private static readonly string[] _labels = ["a", "b", "c", "d"];

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _log = [];
    private readonly DisposeScope _scope;

    public NetworkLoaderTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public static TheoryData<string, HeadKind> WithHeads =>
        [.. Networks.All.Where(item => item.Head is not (HeadKind.None or HeadKind.Encoder) && Parts(item.Row, item.Head).Count > 0)];

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [MemberData(nameof(WithHeads))]
    public void A_new_head_replaces_the_whole_head_and_nothing_else(string row, HeadKind head)
    {
        using TaskModel written = Save(row, head);

        using TaskModel model = Train(new HeadRequest(head, Labels(head), Source: HeadSource.New));

        Assert.All(model.NamedParameters.Zip(written.NamedParameters), pair => Assert.Equal(
            model.HeadParameters.Any(item => item.Name == pair.First.Name) ? Fresh(model, pair.First.Name) : Networks.Values(pair.Second.Parameter),
            Networks.Values(pair.First.Parameter)));
    }

    [Theory]
    [MemberData(nameof(WithHeads))]
    public void A_head_that_serves_is_kept(string row, HeadKind head)
    {
        using TaskModel written = Save(row, head);
        var request = new HeadRequest(head, Labels(head), Source: HeadSource.Keep);

        NetworkLoader.CheckHead(Checkpoint.FromFolder(_folder.Folder), request);
        using TaskModel model = Train(request);

        Assert.All(model.NamedParameters.Zip(written.NamedParameters), pair => Assert.Equal(Networks.Values(pair.Second.Parameter), Networks.Values(pair.First.Parameter)));
        Assert.Contains(_log, line => line.Contains("is kept", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(HeadKind.QuestionAnswering, "question answering")]
    [InlineData(HeadKind.MaskedLanguageModel, "masked language modelling")]
    [InlineData(HeadKind.TokenClassification, "token classification")]
    public void A_head_that_is_not_there_cannot_be_kept(HeadKind head, string name)
    {
        Save("bert", HeadKind.None).Dispose();
        Checkpoint checkpoint = Checkpoint.FromFolder(_folder.Folder);

        string message = Assert.Throws<InvalidOperationException>(
            () => NetworkLoader.CheckHead(checkpoint, new HeadRequest(head, Labels(head), Source: HeadSource.Keep))).Message;

        Assert.Contains(name, message, StringComparison.Ordinal);
        Assert.Contains("has none", message, StringComparison.Ordinal);
        NetworkLoader.CheckHead(checkpoint, new HeadRequest(head, Labels(head)));
    }

    [Fact]
    public void A_token_classifier_is_no_classifier_of_sequences_though_its_tensors_have_the_same_names()
    {
        Save("bert", HeadKind.TokenClassification).Dispose();

        Train(new HeadRequest(HeadKind.SequenceClassification, _labels)).Dispose();

        Assert.Contains(_log, line => line.Contains("a fresh head for sequence classification with 4 labels: the checkpoint has none", StringComparison.Ordinal));
    }

    [Fact]
    public void A_kept_head_keeps_its_problem_type_and_a_fresh_one_has_that_which_was_asked_for()
    {
        Save("bert", HeadKind.SequenceClassification, config => config with { ProblemType = "multi_label_classification" }).Dispose();

        using TaskModel kept = Train(new HeadRequest(HeadKind.SequenceClassification, _labels)),
            fresh = Train(new HeadRequest(HeadKind.SequenceClassification, _labels, "single_label_classification"));

        Assert.Equal("multi_label_classification", kept.Config.ProblemType);
        Assert.Equal("single_label_classification", fresh.Config.ProblemType);
        Assert.Contains(_log, line => line.Contains("is for multi_label_classification", StringComparison.Ordinal));
    }

    [Fact]
    public void A_head_that_is_the_token_embedding_stays()
    {
        using TaskModel written = Save("llama tied", HeadKind.CausalLanguageModel);

        using TaskModel model = Train(new HeadRequest(HeadKind.CausalLanguageModel, Source: HeadSource.New));

        Assert.All(model.NamedParameters.Zip(written.NamedParameters), pair => Assert.Equal(Networks.Values(pair.Second.Parameter), Networks.Values(pair.First.Parameter)));
        Assert.Contains(_log, line => line.Contains("token embedding, which stays", StringComparison.Ordinal));
    }

    [Fact]
    public void Applying_a_head_that_is_not_there_says_how_to_come_to_one()
    {
        Save("bert", HeadKind.None).Dispose();

        string message = Assert.Throws<CheckpointException>(
            () => NetworkLoader.Apply(Checkpoint.FromFolder(_folder.Folder), HeadKind.SequenceClassification, _log.Add)).Message;

        Assert.Contains("has no head for sequence classification", message, StringComparison.Ordinal);
        Assert.Contains("classifier.weight, classifier.bias", message, StringComparison.Ordinal);
        Assert.Contains("mlContext.Transformers().SequenceClassification", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_BERTs_are_not_used_without_their_head()
    {
        Save("encoder-decoder", HeadKind.SequenceToSequence).Dispose();

        string message = Assert.Throws<NotSupportedException>(() => NetworkLoader.Apply(Checkpoint.FromFolder(_folder.Folder), HeadKind.None, _log.Add)).Message;

        Assert.Contains("'encoder-decoder' is not used without a head", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t5", true)]
    [InlineData("t5 v1.1", false)]
    public void The_config_of_a_checkpoint_is_that_of_its_network(string row, bool tied)
    {
        // Newer releases of the reference write that the head is tied whatever the network is.
        Save(row, HeadKind.SequenceToSequence).Dispose();
        string config = _folder.File("config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true", StringComparison.Ordinal));

        Checkpoint checkpoint = Checkpoint.FromFolder(_folder.Folder);

        Assert.Equal(tied, ((T5Config)checkpoint.Config).TiedEmbeddings);
    }

    [Fact]
    public void Classes_of_one_name_are_told_when_a_head_is_applied()
    {
        using TaskModel written = Save("bert", HeadKind.SequenceClassification, config => config with { Labels = ["a", "b", "a", "d"] });

        using TaskModel model = NetworkLoader.Apply(Checkpoint.FromFolder(_folder.Folder), HeadKind.SequenceClassification, _log.Add);

        Assert.Single(_log, line => line.StartsWith("The classes 0, 2 of '", StringComparison.Ordinal) && line.Contains("have one name, 'a'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_head_with_classes_of_one_name_is_kept_for_the_same_labels_alone()
    {
        using TaskModel written = Save("bert", HeadKind.SequenceClassification, config => config with { Labels = ["a", "b", "a", "d"] });

        using TaskModel kept = Train(new HeadRequest(HeadKind.SequenceClassification, ["a", "b", "a", "d"]));
        Assert.Contains(_log, line => line.Contains("is kept", StringComparison.Ordinal));
        _log.Clear();
        using TaskModel fresh = Train(new HeadRequest(HeadKind.SequenceClassification, ["a", "a", "b", "d"]));

        Assert.Contains(_log, line => line.Contains("the checkpoint's head has the labels 'a', 'b', 'a', 'd', the data has 'a', 'a', 'b', 'd'", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> Parts(string row, HeadKind head) =>
        [.. TaskModel.Create(Networks.Config(row), head, Placement.Meta).HeadParameters.Select(item => item.Name)];

    private static IReadOnlyList<string>? Labels(HeadKind head) =>
        head is HeadKind.SequenceClassification or HeadKind.TokenClassification ? _labels : null;

    private static float[] Fresh(TaskModel model, string name)
    {
        Tensor tensor = model.NamedParameters.Single(item => item.Name == name).Parameter.detach().clone();
        using var parameter = new Parameter(tensor);
        WeightInitializer.Initialize(name, parameter, model.Architecture.Fresh(name, model.Config), seed: 5);
        return Networks.Values(parameter);
    }

    private TaskModel Train(HeadRequest request) => NetworkLoader.ForTraining(Checkpoint.FromFolder(_folder.Folder), request, seed: 5, _log.Add);

    private TaskModel Save(string row, HeadKind head, Func<ModelConfig, ModelConfig>? change = null)
    {
        ModelConfig config = Networks.Config(row);
        TaskModel model = Networks.Create(change?.Invoke(config) ?? config, head);
        CheckpointWriter.Write(_folder.Folder, model, SmallTokenizer(), sourceTokenizer: model.Config.HasSourceVocabulary ? SmallTokenizer() : null);
        return model;
    }

    private static TextEncoder SmallTokenizer() => WordPieceTrainer.Train(["a a a b b b"], size: 12);
}
