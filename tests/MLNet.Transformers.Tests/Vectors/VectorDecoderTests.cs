using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Nn;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Models.Vectors;
using MLNet.Transformers.Tests.Models;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Vectors;

/// <summary>One token at a time, in vectors: the scores are the network's own.</summary>
public class VectorDecoderTests
{
    private const int Prompt = 5;

    public static TheoryData<string> Networks => new(_networks.Keys);

    private static readonly Dictionary<string, string> _networks = new()
    {
        ["keys shared, biases"] = DecoderNetworks.Llama,
        ["keys of their own"] = Llama(("num_key_value_heads", "3")),
        ["no biases, tied"] = Llama(("attention_bias", "false"), ("mlp_bias", "false"), ("tie_word_embeddings", "true")),
        ["heads of odd pairs"] = Llama(("head_dim", "22")),
        ["relu"] = Llama(("hidden_act", "\"relu\"")),
        ["gelu_new"] = Llama(("hidden_act", "\"gelu_new\"")),
        ["turns that grow with the text"] = Llama(("rope_scaling", """{"rope_type":"dynamic","factor":8.0}"""), ("max_position_embeddings", "7")),
        ["turns scaled"] = Llama(("rope_scaling", """{"rope_type":"yarn","factor":4.0}""")),
        ["GLM-4"] = DecoderNetworks.Json(DecoderNetworks.Glm, ("hidden_act", "\"silu\"")),
        ["GLM-4-0414"] = DecoderNetworks.Glm4,
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Scores_are_those_of_the_whole_network(string network) => Compare(_networks[network], ScalarType.Float32, tolerance: 2e-5);

    [Fact]
    public void With_bfloat16_weights_they_are_as_near_as_bfloat16_is() => Compare(DecoderNetworks.Llama, ScalarType.BFloat16, tolerance: 0.05);

    [Theory]
    [InlineData("t5")]
    [InlineData("t5", "feed_forward_proj", "gated-gelu")]
    [InlineData("t5", "feed_forward_proj", "gated-silu")]
    [InlineData("t5", "tie_word_embeddings", "false")]
    [InlineData("bart")]
    [InlineData("bart", "activation_function", "gelu")]
    [InlineData("bart", "activation_function", "relu")]
    [InlineData("bart untied")]
    [InlineData("bart-translation")]
    public void Scores_of_a_target_are_those_of_the_whole_network(string row, string? key = null, string? value = null)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        (string, JsonNode?)[] changes = key is null ? [] : [(key, value is "false" ? false : value)];
        using TaskModel model = Tests.Models.Networks.Create(Tests.Models.Networks.Config(row, changes), HeadKind.SequenceToSequence);
        var network = (IEncoderDecoder)model.Backbone;
        Tensor target = tensor([3L, 7, 11, 2, 9, 5, 8, 30, 1], [1, 9]);
        // Padding on both sides of the source, which the decoder does not see.
        var source = new TokenBatch(tensor([1L, 6, 14, 22, 3, 1], [1, 6]), Mask: tensor([0L, 1, 1, 1, 1, 0], [1, 6]));
        Tensor states = network.Encode(source);
        using var cache = new KeyValueCache(model.Backbone.CachedLayers, 2);
        network.Decode(new TokenBatch(target.narrow(1, 0, 2), Positions: arange(2, ScalarType.Int64).unsqueeze(0)) { Cache = cache }, states, source.Mask);

        using VectorDecoder decoder = VectorDecoder.Begin(model, cache, tensor([1L, 2, 3, 4]))!;
        for (int i = 2; i < 9; i++)
        {
            Tensor whole = network.Decode(new TokenBatch(target.narrow(1, 0, i + 1)), states, source.Mask);
            float[] expected = Tests.Models.Networks.Values(model.Score(new BackboneOutput(whole.narrow(1, i, 1))).Logits);
            float[] found = decoder.Read([target[0, i].item<long>()], [i]).ToArray();

            Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, 2e-5);
        }
    }

    [Fact]
    public void Long_texts_find_room()
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using TaskModel model = Tests.Models.Networks.Create(DecoderNetworks.Parse(Llama(("max_position_embeddings", "700"))), HeadKind.CausalLanguageModel);
        Tensor ids = (arange(0, 600) * 7 % 37).unsqueeze(0);
        float[] expected = Tests.Models.Networks.Values(model.forward(new TokenBatch(ids)).Logits[0, -1]);

        float[] found = [];
        using (VectorDecoder decoder = Begin(model, ids, 3))
        {
            for (int i = 3; i < 600; i++)
            {
                found = decoder.Read([ids[0, i].item<long>()], [i]).ToArray();
            }
        }

        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, 2e-5);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Tokens_that_are_read_at_once_are_read_as_one_by_one(string network)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using TaskModel model = Tests.Models.Networks.Create(DecoderNetworks.Parse(_networks[network]), HeadKind.CausalLanguageModel);
        long[] ids = [.. Enumerable.Range(0, 70).Select(i => (i * 11L) % 37)], places = [.. Enumerable.Range(0, 70).Select(i => (long)i)];
        using VectorDecoder one = VectorDecoder.Begin(model, read: null)!, many = VectorDecoder.Begin(model, read: null)!;
        for (int i = 0; i < 69; i++)
        {
            one.Read([ids[i]], [i]);
        }
        many.Read(ids.AsSpan(0, 3), places.AsSpan(0, 3));

        float[] found = many.Read(ids.AsSpan(3), places.AsSpan(3)).ToArray(), expected = one.Read([ids[69]], [69]).ToArray();

        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b)).Max(), 0, 2e-5);
        Assert.Equal(70, many.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_that_may_have_changed_are_read_anew(bool trains)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using TaskModel model = Tests.Models.Networks.Create(DecoderNetworks.Parse(DecoderNetworks.Llama), HeadKind.CausalLanguageModel);
        model.ComputeType = ScalarType.BFloat16;
        float[] before = Next(model);
        if (trains)
        {
            model.train();
        }
        using (no_grad())
        {
            foreach ((_, var parameter) in model.NamedParameters)
            {
                parameter.mul_(1.5);
            }
        }
        model.eval();

        Assert.NotEqual(before, Next(model));
    }

    [Fact]
    public void An_activation_without_a_form_for_vectors_leaves_the_network_as_it_is()
    {
        NativeBackend.EnsureLoaded();
        using TaskModel model = Tests.Models.Networks.Create(DecoderNetworks.Parse(Llama(("hidden_act", "\"mish\""))), HeadKind.CausalLanguageModel);

        Assert.Null(model.Backbone.Vectors(model.VectorWeights!));
    }

    private static void Compare(string json, ScalarType type, double tolerance)
    {
        NativeBackend.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        using TaskModel model = Tests.Models.Networks.Create(DecoderNetworks.Parse(json), HeadKind.CausalLanguageModel);
        long[] ids = [3, 7, 11, 2, 9, 5, 8, 30, 1, 36, 4];
        Tensor text = tensor(ids, [1, ids.Length]);
        float[][] expected =
            [.. Enumerable.Range(Prompt, ids.Length - Prompt).Select(i => Tests.Models.Networks.Values(model.forward(new TokenBatch(text.narrow(1, 0, i + 1))).Logits[0, -1]))];
        model.ComputeType = type;

        using VectorDecoder decoder = Begin(model, text, Prompt);
        for (int i = Prompt; i < ids.Length; i++)
        {
            float[] found = decoder.Read([ids[i]], [i]).ToArray();

            // A dynamic turn is another one once the text has grown: what was read before keeps its own, here and in the network's cache.
            double difference = expected[i - Prompt].Zip(found, (a, b) => Math.Abs(a - b)).Max();
            Assert.True(difference <= tolerance || (i >= 7 && json.Contains("dynamic")), $"token {i}: {difference}");
            Assert.Equal(i + 1, decoder.Length);
        }
    }

    private static float[] Next(TaskModel model)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        using VectorDecoder decoder = Begin(model, tensor([3L, 7, 11], [1, 3]), 3);
        return decoder.Read([9], [3]).ToArray();
    }

    private static VectorDecoder Begin(TaskModel model, Tensor ids, int prompt)
    {
        using var cache = new KeyValueCache(model.Backbone.CachedLayers, prompt);
        var batch = new TokenBatch(ids.narrow(1, 0, prompt), Positions: arange(prompt, ScalarType.Int64).unsqueeze(0)) { Cache = cache };
        model.Backbone.forward(batch);
        return VectorDecoder.Begin(model, cache)!;
    }

    private static string Llama(params (string Key, string? Value)[] changes) => DecoderNetworks.Json(DecoderNetworks.Llama, changes);
}
