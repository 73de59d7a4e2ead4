using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Tests.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>Checkpoints of one head load under another, whatever their tensors are prefixed with.</summary>
public sealed class DecoderCheckpointTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public DecoderCheckpointTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    private string File => _folder.File(CheckpointFolder.WeightsFile);

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(DecoderNetworks.Llama, HeadKind.CausalLanguageModel, HeadKind.QuestionAnswering, "qa_outputs.weight qa_outputs.bias", "lm_head.weight")]
    [InlineData(DecoderNetworks.Llama, HeadKind.QuestionAnswering, HeadKind.None, "", "qa_outputs.bias qa_outputs.weight")]
    [InlineData(DecoderNetworks.Llama, HeadKind.QuestionAnswering, HeadKind.SequenceClassification, "score.weight", "qa_outputs.bias qa_outputs.weight")]
    [InlineData(DecoderNetworks.Llama, HeadKind.None, HeadKind.QuestionAnswering, "qa_outputs.weight qa_outputs.bias", "")]
    [InlineData(DecoderNetworks.Llama, HeadKind.None, HeadKind.CausalLanguageModel, "lm_head.weight", "")]
    [InlineData(DecoderNetworks.Glm4, HeadKind.CausalLanguageModel, HeadKind.TokenClassification, "score.weight score.bias", "lm_head.weight")]
    [InlineData(DecoderNetworks.ChatGlm, HeadKind.CausalLanguageModel, HeadKind.SequenceClassification, "classifier_head.weight classifier_head.bias", "transformer.output_layer.weight")]
    [InlineData(DecoderNetworks.ChatGlm, HeadKind.CausalLanguageModel, HeadKind.None, "", "transformer.output_layer.weight")]
    [InlineData(DecoderNetworks.ChatGlm, HeadKind.SequenceClassification, HeadKind.CausalLanguageModel, "transformer.output_layer.weight", "classifier_head.bias classifier_head.weight")]
    [InlineData(DecoderNetworks.ChatGlm, HeadKind.None, HeadKind.CausalLanguageModel, "transformer.output_layer.weight", "")]
    public void Another_head_takes_the_backbone(string row, HeadKind saved, HeadKind loaded, string added, string leftAside)
    {
        Dictionary<string, Tensor> weights = Weights(row, saved);
        SafetensorsWriter.Write(File, weights.Select(item => (item.Key, item.Value)));

        (TaskModel model, LoadReport report) = Load(row, loaded);

        Assert.Equal(Words(added).Order(), report.Added.Order());
        Assert.Equal(Words(leftAside), report.Ignored.Order());
        Tensor[] backbone = [.. weights.Where(item => item.Key.Contains("layers.1.", StringComparison.Ordinal)).Select(item => item.Value)];
        Tensor[] found = [.. model.NamedParameters.Where(item => item.Name.Contains("layers.1.", StringComparison.Ordinal)).Select(item => item.Parameter)];
        Assert.NotEmpty(backbone);
        Assert.All(backbone.Zip(found), pair => Assert.True(pair.First.equal(pair.Second).all().item<bool>()));
    }

    [Fact]
    public void The_scores_of_a_bare_ChatGLM_are_found()
    {
        // ChatGLMModel alone holds its output layer, too.
        Dictionary<string, Tensor> weights = Weights(DecoderNetworks.ChatGlm, HeadKind.CausalLanguageModel);
        SafetensorsWriter.Write(File, weights.Select(item => (item.Key["transformer.".Length..], item.Value)));

        (_, LoadReport report) = Load(DecoderNetworks.ChatGlm, HeadKind.CausalLanguageModel);

        Assert.Empty(report.Added);
        Assert.Empty(report.Ignored);
        Assert.Equal(["output_layer.weight"], Load(DecoderNetworks.ChatGlm, HeadKind.None).Report.Ignored);
    }

    [Fact]
    public void Frequencies_of_old_releases_are_left_aside()
    {
        Dictionary<string, Tensor> weights = Weights(DecoderNetworks.Llama, HeadKind.CausalLanguageModel);
        weights["model.layers.0.self_attn.rotary_emb.inv_freq"] = ones(4);
        SafetensorsWriter.Write(File, weights.Select(item => (item.Key, item.Value)));

        Assert.Equal(["model.layers.0.self_attn.rotary_emb.inv_freq"], Load(DecoderNetworks.Llama, HeadKind.CausalLanguageModel).Report.Ignored);
    }

    [Fact]
    public void A_tied_matrix_is_read_from_either_name()
    {
        string row = DecoderNetworks.Json(DecoderNetworks.Llama, ("tie_word_embeddings", "true"));
        Dictionary<string, Tensor> weights = Weights(row, HeadKind.CausalLanguageModel);
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"].clone();
        weights.Remove("model.embed_tokens.weight");
        SafetensorsWriter.Write(File, weights.Select(item => (item.Key, item.Value)));

        (TaskModel model, LoadReport report) = Load(row, HeadKind.CausalLanguageModel);

        Assert.Empty(report.Added);
        Assert.DoesNotContain(model.NamedParameters, item => item.Name == "lm_head.weight");
        Assert.True(model.NamedParameters[0].Parameter.equal(weights["lm_head.weight"]).all().item<bool>());
    }

    private static IEnumerable<string> Words(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<string, Tensor> Weights(string row, HeadKind head)
    {
        using TaskModel model = TaskModel.Create(DecoderNetworks.Parse(row), head, Placement.Cpu);
        using var noGradient = no_grad();
        foreach ((string name, var parameter) in model.NamedParameters)
        {
            WeightInitializer.Initialize(name, parameter, new FreshWeights(0.2), seed: 3);
        }
        return model.StoredTensors().ToDictionary(item => item.Name, item => item.Tensor.detach().clone());
    }

    private (TaskModel Model, LoadReport Report) Load(string row, HeadKind head)
    {
        TaskModel model = TaskModel.Create(DecoderNetworks.Parse(row), head, Placement.Cpu);
        using SafetensorsFile source = SafetensorsFile.Open(File);
        return (model, CheckpointLoader.Load(model, source, model.MayAdd, [], seed: 1));
    }
}
