using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Safetensors;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Models;

/// <summary>Small networks with figures of THUDM's own code, which lie outside of the repository; their sizes follow from the tensors' shapes.</summary>
public sealed class ChatGlm2FixtureTests
{
    // Eight query heads of width 4, two key heads.
    private const string Json =
        """
        {"model_type": "chatglm", "padded_vocab_size": 5, "hidden_size": 32, "num_layers": 1, "num_attention_heads": 8, "multi_query_attention": true,
         "multi_query_group_num": 2, "kv_channels": 4, "ffn_hidden_size": 48, "seq_length": 8, "add_qkv_bias": true}
        """;

    [Theory]
    [InlineData("glm2_model", "1e-5")]
    [InlineData("glm3_model", "1e-5")]
    [InlineData("glm4_model", "1.5625e-07")]
    public void Gives_the_figures_of_the_published_code(string name, string epsilon)
    {
        Assert.SkipUnless(Shared.Exists, Shared.Missing);
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var source = new WithoutFigures(SafetensorsFile.Open(Shared.Path("weights", "glm-golden-fixtures", $"{name}.safetensors")));
        using TaskModel model = TaskModel.Create(
            DecoderNetworks.Parse(DecoderNetworks.Json(Json, ("layernorm_epsilon", epsilon))), HeadKind.None, Placement.Cpu);
        CheckpointLoader.Load(model, source, [], [], seed: 0);
        model.eval();

        float[] found = Networks.Values(model.forward(new TokenBatch(source.Figure("golden.input_ids").unsqueeze(0))).Logits);

        Networks.AssertClose(Networks.Values(source.Figure("golden.last_hidden_state")), found, 1e-6);
    }

    /// <summary>A file that holds figures beside the weights.</summary>
    private sealed class WithoutFigures(SafetensorsFile file) : ITensorSource
    {
        public string Path => file.Path;

        public IReadOnlyCollection<string> Names { get; } = [.. file.Names.Where(name => !name.StartsWith("golden.", StringComparison.Ordinal))];

        public TensorEntry this[string name] => file[name];

        public void CopyTo(string name, Tensor target) => file.CopyTo(name, target);

        public Tensor Figure(string name)
        {
            Tensor figure = empty(file[name].Shape, file[name].Type);
            file.CopyTo(name, figure);
            return figure;
        }

        public void Dispose() => file.Dispose();
    }
}
