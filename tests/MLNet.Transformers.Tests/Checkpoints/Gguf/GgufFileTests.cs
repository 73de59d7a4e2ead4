using System.Text.Json.Nodes;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Checkpoints;
using MLNet.Transformers.Models.Checkpoints.Gguf;
using MLNet.Transformers.Models.Runtime;
using MLNet.Transformers.Parity.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Transformers.Tests.Checkpoints.Gguf;

public sealed class GgufFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope;

    public GgufFileTests()
    {
        NativeBackend.EnsureLoaded();
        _scope = NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Gives_the_references_names_and_order_of_rows()
    {
        // Two query heads of four rows, one of keys; each row holds its number in the file.
        float[] rows = [0, 1, 2, 3, 4, 5, 6, 7];
        _folder.Write("a.gguf", Llama(heads: 2, keyHeads: 1).WithTensor("token_embd.weight", [3, 1], 1, 2, 3).WithTensor("output_norm.weight", [1], 4)
            .WithTensor("rope_freqs.weight", [2], 1, 1).WithTensor("blk.10.attn_q.weight", [8, 1], rows).WithTensor("blk.10.attn_q.bias", [8], rows)
            .WithTensor("blk.10.attn_k.weight", [4, 1], rows[..4]).WithTensor("blk.10.attn_k.bias", [4], rows[..4]).WithTensor("blk.10.attn_v.weight", [4, 1], rows[..4])
            .WithTensor("blk.10.attn_output.weight", [1, 8], rows).WithTensor("blk.10.attn_norm.weight", [1], 1).WithTensor("blk.10.ffn_norm.weight", [1], 1)
            .WithTensor("blk.10.ffn_gate.weight", [1, 1], 1).WithTensor("blk.10.ffn_up.weight", [1, 1], 1).WithTensor("blk.10.ffn_down.weight", [1, 1], 1).ToArray());
        using ITensorSource source = CheckpointFolder.OpenWeights(_folder.Folder);

        Assert.Equal(
        [
            "model.embed_tokens.weight", "model.norm.weight", "model.layers.10.self_attn.q_proj.weight", "model.layers.10.self_attn.q_proj.bias",
            "model.layers.10.self_attn.k_proj.weight", "model.layers.10.self_attn.k_proj.bias", "model.layers.10.self_attn.v_proj.weight",
            "model.layers.10.self_attn.o_proj.weight", "model.layers.10.input_layernorm.weight", "model.layers.10.post_attention_layernorm.weight",
            "model.layers.10.mlp.gate_proj.weight", "model.layers.10.mlp.up_proj.weight", "model.layers.10.mlp.down_proj.weight",
        ], source.Names);
        Assert.Equal([0, 2, 1, 3, 4, 6, 5, 7], Read(source, "model.layers.10.self_attn.q_proj.weight"));
        Assert.Equal([0, 2, 1, 3, 4, 6, 5, 7], Read(source, "model.layers.10.self_attn.q_proj.bias"));
        Assert.Equal([0, 2, 1, 3], Read(source, "model.layers.10.self_attn.k_proj.weight"));
        Assert.Equal([0, 2, 1, 3], Read(source, "model.layers.10.self_attn.k_proj.bias"));
        Assert.Equal([0, 1, 2, 3], Read(source, "model.layers.10.self_attn.v_proj.weight"));
        Assert.Equal([1, 8], source["model.layers.10.self_attn.o_proj.weight"].Shape);
        Assert.Equal([3, 1], source["model.embed_tokens.weight"].Shape);
    }

    // One network, stored by the reference's programs in both formats.
    [Fact]
    public void Gives_the_tensors_and_config_of_a_safetensors_checkpoint()
    {
        using ITensorSource gguf = CheckpointFolder.OpenWeights(Shared.Golden("llama-gguf"));
        using ITensorSource safetensors = CheckpointFolder.OpenWeights(Shared.Golden("llama-mha-causal"));

        Assert.Equal(safetensors.Names.Order(), gguf.Names.Order());
        foreach (string name in safetensors.Names)
        {
            Assert.Equal(Read(safetensors, name), Read(gguf, name));
        }
        using GgufContents file = GgufContents.Open(Shared.Golden("llama-gguf", "model.gguf"));
        JsonObject expected = JsonNode.Parse(System.IO.File.ReadAllBytes(Shared.Golden("llama-mha-causal", "config.json")))!.AsObject();
        foreach ((string key, JsonNode? value) in JsonNode.Parse(GgufConfig.ToJson(file))!.AsObject())
        {
            Assert.True(JsonNode.DeepEquals(expected[key], value), key);
        }
    }

    [Theory]
    [InlineData("blk.0.ffn_gate_inp.weight")]
    [InlineData("blk.x.attn_q.weight")]
    [InlineData("blk.0.attn_q.scale")]
    [InlineData("rope_factors_long.weight")]
    [InlineData("nothing")]
    public void Refuses_other_tensors(string name)
    {
        string path = _folder.Write("a.gguf", Llama().WithTensor(name, [1], 1).ToArray());

        Assert.Contains($"'{path}' has the tensor '{name}'", Assert.Throws<CheckpointException>(() => GgufFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Refuses_other_architectures_and_rows_that_are_no_pairs()
    {
        string path = _folder.Write("a.gguf", new GgufBytes().With("general.architecture", "falcon").ToArray());
        Assert.Contains("'general.architecture' is 'falcon'", Assert.Throws<CheckpointException>(() => GgufFile.Open(path)).Message, StringComparison.Ordinal);
        path = _folder.Write("b.gguf", Llama(heads: 2, keyHeads: 2).WithTensor("blk.0.attn_k.weight", [6, 1], 1, 2, 3, 4, 5, 6).ToArray());
        Assert.Contains("expected an even number of rows for each of 2 heads", Assert.Throws<CheckpointException>(() => GgufFile.Open(path)).Message, StringComparison.Ordinal);
        Assert.Contains("several GGUF files (a.gguf, b.gguf)", Assert.Throws<CheckpointException>(() => CheckpointFolder.OpenWeights(_folder.Folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_the_config()
    {
        JsonObject config = Config(Llama(heads: 2, keyHeads: 1).With("llama.rope.freq_base", 500000f).With("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .With("tokenizer.ggml.bos_token_id", 1u).With("tokenizer.ggml.eos_token_id", 2u).With("llama.attention.key_length", 6u)
            .WithTensor("token_embd.weight", [3, 8], new float[24]).WithTensor("output.weight", [3, 8], new float[24]).WithTensor("blk.0.attn_q.bias", [12], new float[12]));

        var expected = JsonNode.Parse("""
            {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 3, "hidden_size": 8, "intermediate_size": 20, "num_hidden_layers": 1,
             "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 6, "hidden_act": "silu", "max_position_embeddings": 128, "initializer_range": 0.02,
             "rms_norm_eps": 1e-05, "rope_theta": 500000, "rope_scaling": null, "tie_word_embeddings": false, "attention_bias": true, "mlp_bias": false,
             "torch_dtype": "float32", "bos_token_id": 1, "eos_token_id": 2}
            """);
        Assert.True(JsonNode.DeepEquals(expected, config), config.ToJsonString());
    }

    [Fact]
    public void Writing_ends_with_texts_turns_and_messages()
    {
        Assert.Equal("2", Ends());
        Assert.Equal("2 1", Ends(("tokenizer.ggml.eot_token_id", 1u)));
        Assert.Equal("2 1 0", Ends(("tokenizer.ggml.eot_token_id", 1u), ("tokenizer.ggml.eom_token_id", 0u)));
        Assert.Equal("2 0", Ends(("tokenizer.ggml.tokens", new[] { "<|im_end|>", "a", "b" })));
        Assert.Equal("2 1", Ends(("tokenizer.ggml.tokens", new[] { "a", "<|eot_id|>", "</s>" }), ("tokenizer.ggml.eot_token_id", 1u)));

        // A number that is no token's means none.
        Assert.Equal("2", Ends(("tokenizer.ggml.eot_token_id", 4294967295u), ("tokenizer.ggml.eom_token_id", 3u)));

        string Ends(params (string Key, object Value)[] metadata)
        {
            GgufBytes bytes = metadata.Aggregate(new GgufBytes().With("tokenizer.ggml.eos_token_id", 2u), (all, item) => all.With(item.Key, item.Value));
            using GgufContents file = GgufContents.Open(_folder.Write("a.gguf", bytes.ToArray()));
            return string.Join(' ', GgufEndTokens.Ids(file.Metadata, vocabulary: 3));
        }
    }

    public static TheoryData<string, object, string> RefusedSettings => new()
    {
        { "llama.attention.sliding_window", 4096u, "no such key" },
        { "llama.expert_count", 8u, "the value of an ordinary LLaMA" },
        { "llama.attention.causal", false, "the value of an ordinary LLaMA" },
        { "llama.attention.value_length", 3u, "'llama.attention.value_length' is 3; expected 4" },
        { "llama.rope.dimension_count", 2u, "'llama.rope.dimension_count' is 2; expected 4" },
        { "llama.rope.scaling.type", "longrope", "'longrope'; expected 'none', 'linear' or 'yarn'" },
        { "llama.rope.scaling.type", "yarn", "'llama.rope.scaling.factor' is missing" },
        { "llama.rope.scaling.attn_factor", 2f, "'llama.rope.scaling.attn_factor' is 2; expected 1" },
        { "llama.feed_forward_length", new[] { 1u, 2u }, "is a list of 2 items; expected one whole number" },
    };

    [Theory]
    [MemberData(nameof(RefusedSettings))]
    public void Refuses_settings_without_counterpart(string key, object value, string expected)
    {
        GgufBytes bytes = Llama(feedForward: key != "llama.feed_forward_length").With("llama.attention.layer_norm_rms_epsilon", 1e-5f).With(key, value)
            .WithTensor("token_embd.weight", [3, 8], new float[24]);

        string message = Assert.Throws<CheckpointException>(() => Config(bytes)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("a.gguf"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_linear_and_YaRN_scaling()
    {
        GgufBytes Bytes() => Llama().With("llama.attention.layer_norm_rms_epsilon", 1e-5f).WithTensor("token_embd.weight", [3, 8], new float[24]);

        Assert.Equal("""{"rope_type":"linear","factor":2}""", Scaling(Bytes().With("llama.rope.scaling.type", "linear").With("llama.rope.scaling.factor", 2f)));
        Assert.Equal("""{"rope_type":"linear","factor":2.5}""", Scaling(Bytes().With("llama.rope.scale_linear", 2.5f)));
        Assert.Equal(
            """{"rope_type":"yarn","factor":4,"original_max_position_embeddings":32,"attention_factor":1.25,"beta_fast":16}""",
            Scaling(Bytes().With("llama.rope.scaling.type", "yarn").With("llama.rope.scaling.factor", 4f).With("llama.rope.scaling.original_context_length", 32u)
                .With("llama.rope.scaling.yarn_attn_factor", 1.25f).With("llama.rope.scaling.yarn_beta_fast", 16f)));
        Assert.Null(Scaling(Bytes().With("llama.rope.scaling.type", "none").WithTensor("rope_freqs.weight", [2], 1, 1)));
        Assert.Throws<CheckpointException>(() => Scaling(Bytes().WithTensor("rope_freqs.weight", [3], 1, 1, 2)));
        Assert.Throws<CheckpointException>(() => Scaling(Bytes().With("llama.rope.scaling.type", "linear").With("llama.rope.scaling.factor", 2f).WithTensor("rope_freqs.weight", [2], 1, 2)));
    }

    [Theory]
    [InlineData(128, 500000, 8, 1, 4, 8192)]
    [InlineData(64, 500000, 32, 1, 4, 8192)]
    [InlineData(8, 500000, 8, 1, 4, 512)]
    [InlineData(8, 10000, 4, 1, 4, 32)]
    [InlineData(128, 500000, 16, 1, 8, 4096)]
    [InlineData(64, 500000, 8, 2, 8, 16384)]
    [InlineData(4, 10000, 8, 1, 4, 64)]
    public void Finds_what_LLaMA3s_factors_are_made_of(int headWidth, double ropeBase, double factor, double low, double high, double original)
    {
        float[] factors = [.. Enumerable.Range(0, headWidth / 2).Select(i => (float)Factor(2 * Math.PI * Math.Pow(ropeBase, 2.0 * i / headWidth), factor, low, high, original))];

        JsonObject settings = RopeFactors.Settings(factors, ropeBase)!;

        double Number(string name) => settings[name]!.AsValue().TryGetValue(out long whole) ? whole : settings[name]!.GetValue<double>();
        for (int i = 0; i < factors.Length; i++)
        {
            double wave = 2 * Math.PI * Math.Pow(ropeBase, 2.0 * i / headWidth);
            double again = Factor(wave, Number("factor"), Number("low_freq_factor"), Number("high_freq_factor"), Number("original_max_position_embeddings"));
            Assert.Equal(factors[i], again, 1e-5 * factors[i]);
        }
        Assert.Equal("llama3", settings["rope_type"]!.GetValue<string>());
        if (low == 1 && high == 4 && headWidth >= 64)
        {
            Assert.Equal(original, Number("original_max_position_embeddings"));
        }
    }

    [Fact]
    public void Refuses_factors_of_another_rule() => Assert.Null(RopeFactors.Settings([1, 2, 1.5f, 8], 10000));

    // The reference's rule, with wave lengths.
    private static double Factor(double wave, double factor, double low, double high, double original)
    {
        if (wave < original / high)
        {
            return 1;
        }
        if (wave > original / low)
        {
            return factor;
        }
        double smooth = (original / wave - low) / (high - low);
        return 1 / ((1 - smooth) / factor + smooth);
    }

    private static GgufBytes Llama(int heads = 2, int keyHeads = 2, bool feedForward = true)
    {
        GgufBytes bytes = new GgufBytes().With("general.architecture", "llama").With("general.name", "tiny").With("llama.block_count", 1u).With("llama.context_length", 128u)
            .With("llama.embedding_length", 8u).With("llama.attention.head_count", (uint)heads).With("llama.attention.head_count_kv", (uint)keyHeads);
        return feedForward ? bytes.With("llama.feed_forward_length", 20u) : bytes;
    }

    private JsonObject Config(GgufBytes bytes)
    {
        using GgufContents file = GgufContents.Open(_folder.Write("a.gguf", bytes.ToArray()));
        return JsonNode.Parse(GgufConfig.ToJson(file))!.AsObject();
    }

    private string? Scaling(GgufBytes bytes) => Config(bytes)["rope_scaling"]?.ToJsonString();

    private static float[] Read(ITensorSource source, string name)
    {
        Tensor values = full(source[name].Shape, float.NaN);
        source.CopyTo(name, values);
        return values.data<float>().ToArray();
    }
}
